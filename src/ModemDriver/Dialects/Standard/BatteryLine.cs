using System.Globalization;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary>Reads the answer to <c>AT+CBC</c>.</summary>
internal static class BatteryLine
{
    // What a module can be fed with; anything else is another figure.
    private const double LeastVolts = 1;
    private const double MostVolts = 60;

    // +CBC: <charger>,<percent>      TS 27.007 section 8.4        +CBC: <charger>,<percent>,<millivolts>
    // +CBC: 3968      +CBC: 3.968V      +CBC: 3968mV               some modules tell the voltage alone
    /// <summary>Takes the line of the answer.</summary>
    public static bool Take(ReadOnlySpan<byte> line, ref BatteryStatus? answer)
    {
        if (!StandardFields.TryStrip(line, "+CBC"u8, out var fields))
        {
            return false;
        }

        var parts = AtText.Latin1(fields).Split(',', StringSplitOptions.TrimEntries);
        answer = parts.Length == 1
            ? ReadVolts(parts[0]) is { } alone ? new BatteryStatus(null, alone, null) : answer
            : new BatteryStatus(
                ReadNumber(parts[1]) is >= 0 and <= 100 and var percent ? percent : null,
                parts.Length > 2 ? ReadVolts(parts[2]) : null,
                ReadNumber(parts[0]) is { } charger and >= 0 and <= 2 ? charger == 1 : null);
        return true;
    }

    private static double? ReadVolts(string text)
    {
        var isVolts = text.EndsWith('V') && !text.EndsWith("mV", StringComparison.Ordinal);
        return double.TryParse(
                text.TrimEnd('m', 'V'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && (isVolts ? value : value / 1000) is >= LeastVolts and <= MostVolts and var volts
            ? volts
            : null;
    }

    private static int? ReadNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
