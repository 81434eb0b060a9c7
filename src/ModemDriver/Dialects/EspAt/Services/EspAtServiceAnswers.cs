using System.Globalization;
using System.Net;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.EspAt.Services;

/// <summary>Reads what AT firmware says of names and time. Line in, value out; nothing is kept.</summary>
/// <remarks>ESP-AT user guide, TCP/IP AT Commands.</remarks>
internal static class EspAtServiceAnswers
{
    private const int MaxServers = 8;

    // A clock that has not been set starts in January 1970.
    private const int FirstYear = 2000;

    // +CIPDOMAIN:1.2.3.4      to 2.1; quoted from 2.2.      DNS Fail      NonOS, before ERROR
    public static bool ReadResolved(ReadOnlySpan<byte> line, ref IPAddress? answer)
    {
        if (line.SequenceEqual("DNS Fail"u8))
        {
            return true;
        }

        if (!EspAtFields.TryStrip(line, "+CIPDOMAIN"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        answer = reader.TryRead(out var field) ? FieldReader.ToAddress(field) : null;
        return true;
    }

    // +CIPDNS:<0|1>,"<a>","<b>"      ESP-AT
    // +CIPDNS_CUR:<a>                NonOS, a line for each
    public static bool ReadNameServers(ReadOnlySpan<byte> line, ref List<IPAddress> answer)
    {
        if (!EspAtFields.TryStrip(line, "+CIPDNS"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        while (reader.TryRead(out var field) && answer.Count < MaxServers)
        {
            if (EspAtFields.AddressOf(field) is { } server)
            {
                answer.Add(server);
            }
        }

        return true;
    }

    // +CIPSNTPCFG:1,<timezone>,"<a>"[,"<b>"[,"<c>"]]      +CIPSNTPCFG:0[,<timezone>]
    public static bool ReadTimeSource(ReadOnlySpan<byte> line, ref NetworkTimeOptions? answer)
    {
        if (!EspAtFields.TryStrip(line, "+CIPSNTPCFG"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        if (!reader.TryReadInt(out var isOn) || isOn != 1
            || !reader.TryReadInt(out var zone) || OffsetOf(zone) is not { } offset)
        {
            answer = null;
            return true;
        }

        var servers = new List<string>();
        while (reader.TryRead(out var server) && servers.Count < MaxServers)
        {
            if (!server.IsEmpty)
            {
                servers.Add(AtText.Latin1(server));
            }
        }

        answer = new NetworkTimeOptions { UtcOffset = offset, Servers = servers };
        return true;
    }

    // +CIPSNTPTIME:Mon Dec 12 02:33:32 2016       C's asctime: the day padded with a blank or a zero
    public static bool ReadTime(ReadOnlySpan<byte> line, ref DateTime? answer)
    {
        if (!EspAtFields.TryStrip(line, "+CIPSNTPTIME"u8, out var fields))
        {
            return false;
        }

        // The day of the week says nothing that the date does not.
        var text = AtText.Latin1(fields).Trim();
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        answer = blank > 0
            && DateTime.TryParseExact(
                text[(blank + 1)..],
                "MMM d HH:mm:ss yyyy",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AllowWhiteSpaces,
                out var time)
            && time.Year >= FirstYear
                ? time
                : null;
        return true;
    }

    // -12 to 14 are hours; beyond, from 2.2, hours and minutes as [+|-][hh]mm.
    private static TimeSpan? OffsetOf(int zone)
    {
        if (zone is >= -12 and <= 14)
        {
            return TimeSpan.FromHours(zone);
        }

        var hours = zone / 100;
        var minutes = zone % 100;
        return hours is >= -12 and <= 14 && Math.Abs(minutes) < 60
            ? new TimeSpan(hours, minutes, 0)
            : null;
    }
}
