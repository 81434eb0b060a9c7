using System.Globalization;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary>Reads the answer to <c>AT+CCLK?</c>.</summary>
internal static class ClockLine
{
    // A clock that was never set stands in 1970, 1980 or 2004.
    private const int FirstYear = 2020;
    private const int MinutesOfQuarter = 15;
    private const int MostQuarters = 56;

    // +CCLK: "yy/MM/dd,hh:mm:ss+zz"       zz in quarters of an hour, signed
    // The quotes, the zone or two digits of the year may be missing, and blanks stand in the zone.
    // TS 27.007 section 8.15.
    /// <summary>Takes the line of the answer; a clock that was never set is none.</summary>
    public static bool Take(ReadOnlySpan<byte> line, ref ModuleTime? answer)
    {
        if (!StandardFields.TryStrip(line, "+CCLK"u8, out var fields))
        {
            return false;
        }

        answer ??= Read(AtText.Latin1(StandardFields.Unquote(fields)).Replace(" ", string.Empty, StringComparison.Ordinal));
        return true;
    }

    private static ModuleTime? Read(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        var zoneAt = comma < 0 ? -1 : text.AsSpan(comma).IndexOfAny('+', '-');
        var (stamp, zone) = zoneAt < 0 ? (text, string.Empty) : (text[..(comma + zoneAt)], text[(comma + zoneAt)..]);
        return DateTime.TryParseExact(
                stamp,
                ["yy/MM/dd,HH:mm:ss", "yyyy/MM/dd,HH:mm:ss"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var time) && time.Year >= FirstYear
            ? new ModuleTime(time, OffsetOf(zone))
            : null;
    }

    private static TimeSpan? OffsetOf(string zone) =>
        int.TryParse(zone, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var quarters)
            && quarters is >= -MostQuarters and <= MostQuarters
            ? TimeSpan.FromMinutes(quarters * MinutesOfQuarter)
            : null;
}
