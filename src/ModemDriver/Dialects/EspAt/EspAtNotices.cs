using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.EspAt;

/// <summary>The URCs of AT firmware. Text in, meaning out; nothing is kept.</summary>
/// <remarks>ESP-AT user guide, AT Messages; docs/dialects/esp-at.md has all of them.</remarks>
internal static class EspAtNotices
{
    private const int LinkCount = 5;

    /// <summary>What a line means; <see cref="NoticeKind.None"/> if it is not one of these.</summary>
    public static ModuleNotice Read(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return default;
        }

        return line[0] switch
        {
            (byte)'+' => ReadPlus(line),
            (byte)'W' => ReadWiFi(line),
            (byte)'C' => ReadLink(line, 0),
            >= (byte)'0' and <= (byte)'9' => ReadNumbered(line),
            (byte)'r' when line.SequenceEqual("ready"u8) => new(NoticeKind.ModuleReady),

            // Text of the boot ROM, where AT shares its UART: rst cause 1 power, 2 reset, 4 watchdog.
            (byte)' ' when line.StartsWith(" ets Jan"u8) => new(NoticeKind.ModuleBooting),
            (byte)'D' when line.SequenceEqual("DHCP TIMEOUT"u8) => new(NoticeKind.Known),
            (byte)'E' when line.StartsWith("ERR CODE:"u8) => new(NoticeKind.Known),
            _ => default,
        };
    }

    private static ModuleNotice ReadWiFi(ReadOnlySpan<byte> line) =>
        line.SequenceEqual("WIFI CONNECTED"u8) ? new(NoticeKind.NetworkJoined)
        : line.SequenceEqual("WIFI GOT IP"u8) ? new(NoticeKind.AddressObtained)
        : line.SequenceEqual("WIFI DISCONNECT"u8) ? new(NoticeKind.NetworkLeft)
        : line.StartsWith("WIFI GOT IPv6"u8) ? new(NoticeKind.Known)
        : line.SequenceEqual("Will force to restart!!!"u8) ? new(NoticeKind.Known)
        : default;

    // <id>,CONNECT    <id>,CLOSED    <id>,CONNECT FAIL       multiple mode; one digit, 0 to 4
    private static ModuleNotice ReadNumbered(ReadOnlySpan<byte> line)
    {
        var comma = line.IndexOf((byte)',');
        return comma > 0 && FieldReader.TryParse(line[..comma], out var id) && id < LinkCount
            ? ReadLink(line[(comma + 1)..], id)
            : default;
    }

    // CONNECT    CLOSED    CONNECT FAIL       single mode
    private static ModuleNotice ReadLink(ReadOnlySpan<byte> text, int id) =>
        text.SequenceEqual("CONNECT"u8) ? new(NoticeKind.LinkConnected, id)
        : text.SequenceEqual("CLOSED"u8) ? new(NoticeKind.LinkClosed, id)
        : text.SequenceEqual("CONNECT FAIL"u8) ? new(NoticeKind.LinkConnectFailed, id)
        : default;

    private static ModuleNotice ReadPlus(ReadOnlySpan<byte> line) =>
        line.StartsWith("+IPD,"u8) ? ReadWaiting(line[5..])
        : line.StartsWith("+LINK_CONN:"u8) ? ReadLinkConn(line[11..])
        : line.StartsWith("+STA_"u8) || line.StartsWith("+DIST_STA_IP:"u8) ? new(NoticeKind.Known)
        : line.SequenceEqual("+QUITT"u8) ? new(NoticeKind.Known)
        : line.StartsWith("+MQTTCONNECTED:"u8) || line.StartsWith("+MQTTDISCONNECTED:"u8) || line.StartsWith("+MQTTPUB:"u8)
            ? new(NoticeKind.Known)
        : line.StartsWith("+TIME_UPDATED"u8) || line.StartsWith("+ERRNO:"u8) ? new(NoticeKind.Known)
        : default;

    // +IPD,<id>,<len>    multiple mode        +IPD,<len>    single mode
    // The notice of passive receive; with a colon behind it would be a payload header, and not reach here.
    private static ModuleNotice ReadWaiting(ReadOnlySpan<byte> fields)
    {
        var reader = new FieldReader(fields);
        if (!reader.TryReadInt(out var first) || first < 0)
        {
            return default;
        }

        if (!reader.TryRead(out var second))
        {
            return new(NoticeKind.DataWaiting, 0, first);
        }

        return first < LinkCount && FieldReader.TryParse(second, out var count) && count >= 0 && !reader.TryRead(out _)
            ? new(NoticeKind.DataWaiting, first, count)
            : default;
    }

    // +LINK_CONN:<status>,<id>,"TCP",<0 client, 1 server>,"<ip>",<remote port>,<local port>       with AT+SYSMSG bit 1
    private static ModuleNotice ReadLinkConn(ReadOnlySpan<byte> fields)
    {
        var reader = new FieldReader(fields);
        if (!reader.TryReadInt(out var status) || !reader.TryReadInt(out var id) || id is < 0 or >= LinkCount)
        {
            return default;
        }

        // What stands behind the number is a bonus: a field that cannot be read leaves the side or the peer unknown.
        var origin = !reader.TryRead(out _) || !reader.TryReadInt(out var side) ? LinkOrigin.Unknown
            : side == 1 ? LinkOrigin.Accepted
            : side == 0 ? LinkOrigin.Ours : LinkOrigin.Unknown;
        var remote = reader.TryRead(out var address) && reader.TryReadInt(out var port)
            ? FieldReader.ToEndPoint(address, port)
            : null;
        return new(status == 0 ? NoticeKind.LinkConnected : NoticeKind.LinkConnectFailed, id, 0, origin, remote);
    }
}
