using System.Buffers;

namespace ModemDriver.Dialects.EspAt;

/// <summary>
/// Lines that may stand right behind a pushed payload. All others begin with a line end of their own: notices of data, result
/// codes, <c>Recv</c>, <c>ready</c>; so does <c>+QUITT</c> of ESP-AT.
/// </summary>
/// <remarks>Format strings of the published firmware libraries; the log's lines are theirs too.</remarks>
internal static class EspAtFollowers
{
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    // Results and answers of NonOS, and lines of the log, which some builds have on the AT port (esp-at issues 280, 450, 451).
    private static readonly byte[][] Beginnings =
    [
        .. ((string[])
        [
            "SEND FAIL", "busy ", "no ip", "link is not valid", "ALREADY CONNECT", "ALREAY CONNECT", "MUX=", "IPMODE",
            "CIPMUX", "CIPSERVER", "IP ERROR", "ip error", "no port", "port error", "No AP", "NO DATA", "no data",
            "ALREADY SUBSCRIBE", "NO UNSUBSCRIBE", "no change", "not change", "link is builded", "Connection exists",
            "local port:", "change type:", "to read ", "unknown host", "wifi reconnect", "errno:", "send fail", "Server has started",
            "invalid link", "connect reach max", "Have ", "NO CERT FOUND", "NO PRVT_KEY FOUND", "NO CA FOUND",
            "DNS Fail", "ID ERROR", "Link type ERROR", "Miss param", "ssl ", "must close ssl link", "UNLINK", "STATUS:", "too long",
            "smartconfig ", "Smart get wifi info", "ssid:", "password:", "wps ", "we must restart", "not TCP", "wdt reset",
        ]).Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    /// <summary>Whether a line may stand there.</summary>
    public static bool Has(ReadOnlySpan<byte> line) =>
        IsNamed(line)
        || (!line.StartsWith("+IPD"u8) && !line.SequenceEqual("ready"u8) && EspAtNotices.Read(line).Kind != Protocol.NoticeKind.None)
        || Begins(line);

    // +NAME:...    an answer, or a URC of firmware that is newer than this
    private static bool IsNamed(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOf((byte)':');
        return end > 1 && line[0] == '+' && line[1..end].IndexOfAnyExcept(NameBytes) < 0;
    }

    private static bool Begins(ReadOnlySpan<byte> line)
    {
        foreach (var beginning in Beginnings)
        {
            if (line.StartsWith(beginning))
            {
                return true;
            }
        }

        return false;
    }
}
