using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.Luat;

/// <summary>The URCs of the vendor's AT firmware. Text in, meaning out; nothing is kept.</summary>
/// <remarks>The vendor's AT manuals, and logs of modules; docs/dialects/luat.md has all of them.</remarks>
internal static class LuatNotices
{
    // Lines that say nothing to the driver, by what they begin with.
    private static readonly byte[][] KnownBeginnings =
    [
        .. new[]
        {
            "^MODE:", "+E_UTRAN Service", "+GSM Service", "+NO Service", "+NITZ:", "+CGEV: ME ", "+SAPBR ", "SMS READY",
            "UART Boot Completed", "+UPGRADEIND:", "+UPGRADEDL:", "+UPGRADEVER:", "+QIND:", "STATE: ", "RECV FROM:",
            "+MSUB:", "CONNACK OK", "SUBACK", "UNSUBACK", "PUBACK", "PUBREC", "PUBCOMP", "C: ", "CLOSE OK",
            "+UGNSINF:", "*CESQ:", "+HTTPACTION:", "+FTPGET:", "+FTPPUT:", "+FTPLIST:", "+FTPSIZE:",
            "+FTPDELE:", "+FTPMKD:", "+FTPRMD:", "+CNTP:",
        }.Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    /// <summary>What a line means; <see cref="NoticeKind.None"/> if it is not one of these.</summary>
    public static ModuleNotice Read(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return default;
        }

        // The banner of the mask ROM. It has no line end, varies in length, and may stand behind half a line of before.
        if (line.IndexOf("^boot.rom"u8) >= 0)
        {
            return new(NoticeKind.ModuleBooting);
        }

        var notice = line[0] switch
        {
            (byte)'R' when line.SequenceEqual("RDY"u8) => new(NoticeKind.ModuleReady),
            (byte)'N' when line.SequenceEqual("NORMAL POWER DOWN"u8) => new(NoticeKind.ModuleBooting),
            (byte)'+' => ReadPlus(line),
            >= (byte)'0' and <= (byte)'9' => ReadNumbered(line),
            (byte)'A' or (byte)'C' => ReadLink(line, 0),

            // TCP ERROR:<n>      UDP ERROR:<n>        which link it was is not said
            (byte)'T' when line.StartsWith("TCP ERROR:"u8) => new(NoticeKind.LinkInDoubt),
            (byte)'U' when line.StartsWith("UDP ERROR:"u8) => new(NoticeKind.LinkInDoubt),
            _ => default(ModuleNotice),
        };
        return notice.Kind != NoticeKind.None || !IsKnown(line) ? notice : new(NoticeKind.Known);
    }

    private static bool IsKnown(ReadOnlySpan<byte> line)
    {
        foreach (var beginning in KnownBeginnings)
        {
            if (line.StartsWith(beginning))
            {
                return true;
            }
        }

        return false;
    }

    // <n>, CONNECT OK    <n>, ALREADY CONNECT    <n>, CONNECT FAIL    <n>, CLOSED       multiple mode
    // One digit; some pages of the manual leave the blank out.
    private static ModuleNotice ReadNumbered(ReadOnlySpan<byte> line)
    {
        if (line.Length < 2 || line[1] != ',')
        {
            return default;
        }

        var text = line[2..];
        return ReadLink(text.StartsWith(" "u8) ? text[1..] : text, line[0] - '0');
    }

    private static ModuleNotice ReadLink(ReadOnlySpan<byte> text, int id) =>
        text.SequenceEqual("CONNECT OK"u8) ? new(NoticeKind.LinkConnected, id)
        : text.SequenceEqual("CLOSED"u8) ? new(NoticeKind.LinkClosed, id)
        : text.SequenceEqual("CONNECT FAIL"u8) ? new(NoticeKind.LinkConnectFailed, id)
        : text.SequenceEqual("ALREADY CONNECT"u8) ? new(NoticeKind.LinkNumberInUse, id)
        : text.SequenceEqual("CLOSE OK"u8) || text.SequenceEqual("SEND OK"u8) ? new(NoticeKind.Known)
        : default;

    private static ModuleNotice ReadPlus(ReadOnlySpan<byte> line) =>
        line.StartsWith(LuatSignalLine.Prefix) ? new(NoticeKind.SignalReported)
        : line.StartsWith("+CIPRXGET:"u8) ? ReadWaiting(line["+CIPRXGET:".Length..])
        : line.StartsWith("+PDP"u8) && IsDeactivation(line["+PDP".Length..]) ? new(NoticeKind.PacketDataLost)
        : default;

    // +CIPRXGET: 1      single mode        +CIPRXGET: 1,<n>      multiple mode; some pages have no blank
    private static ModuleNotice ReadWaiting(ReadOnlySpan<byte> fields)
    {
        var reader = new FieldReader(fields);
        if (!reader.TryReadInt(out var kind) || kind != 1)
        {
            return default;
        }

        if (!reader.TryRead(out var number))
        {
            return new(NoticeKind.DataWaiting, 0, -1);
        }

        return FieldReader.TryParse(number, out var id) && id >= 0 ? new(NoticeKind.DataWaiting, id, -1) : default;
    }

    // +PDP DEACT      +PDP: DEACT      +PDP:DEACT
    private static bool IsDeactivation(ReadOnlySpan<byte> rest) =>
        rest.SequenceEqual(" DEACT"u8) || rest.SequenceEqual(": DEACT"u8) || rest.SequenceEqual(":DEACT"u8);
}
