using ModemDriver.Cellular;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.Standard;

/// <summary>The URCs of the standard. Text in, meaning out; nothing is kept.</summary>
/// <remarks>TS 27.007 and TS 27.005; docs/cellular.md has the list.</remarks>
internal static class StandardNotices
{
    // What is known, and changes nothing for the driver.
    private static readonly byte[][] Known =
    [
        "+CGEV"u8.ToArray(), "+CTZV"u8.ToArray(), "+CTZE"u8.ToArray(), "+CMTI"u8.ToArray(), "+CDSI"u8.ToArray(),
        "+CMT"u8.ToArray(), "+CDS"u8.ToArray(), "+CBM"u8.ToArray(),
        "+CRING"u8.ToArray(), "+CLIP"u8.ToArray(), "+CUSD"u8.ToArray(), "+CIEV"u8.ToArray(), "+NITZ"u8.ToArray(),
    ];

    /// <summary>What a line means; <see cref="NoticeKind.None"/> if it is not one of these.</summary>
    /// <param name="line">The line.</param>
    /// <param name="contextId">The context that the IP stack uses; null: any counts.</param>
    public static ModuleNotice Read(ReadOnlySpan<byte> line, int? contextId)
    {
        if (line.IsEmpty || line[0] != '+')
        {
            return line.SequenceEqual("RING"u8) || line.SequenceEqual("NO CARRIER"u8)
                ? new(NoticeKind.Known)
                : default;
        }

        if (RegistrationLine.Read(line, out _) != RegistrationShape.None)
        {
            return new(NoticeKind.RegistrationChanged);
        }

        if (StandardFields.TryStrip(line, "+CPIN"u8, out var code))
        {
            return new(SimLine.StateOf(code) == SimState.NotInserted ? NoticeKind.SimRemoved : NoticeKind.SimChanged);
        }

        if (StandardFields.TryStrip(line, "+CGEV"u8, out var happened))
        {
            return new(EndsContext(happened, contextId) ? NoticeKind.PacketDataLost : NoticeKind.Known);
        }

        foreach (var name in Known)
        {
            if (StandardFields.TryStrip(line, name, out _))
            {
                return new(NoticeKind.Known);
            }
        }

        return default;
    }

    /// <summary>What a line says of card and registration.</summary>
    public static CellularReport ReadReport(ReadOnlySpan<byte> line) =>
        RegistrationLine.Read(line, out var registration) != RegistrationShape.None ? new(Registration: registration)
        : StandardFields.TryStrip(line, "+CPIN"u8, out var code) ? new(Sim: SimLine.StateOf(code))
        : default;

    // NW DETACH      ME DETACH      NW PDN DEACT <cid>      ME PDN DEACT <cid>
    // NW DEACT <p_cid>,<cid>,<type>       NW DEACT "IP","10.1.2.3",<cid>       the same with ME
    // TS 27.007 section 10.1.19. A context that is not ours, such as the one for messages, is left alone.
    private static bool EndsContext(ReadOnlySpan<byte> text, int? contextId)
    {
        if (!text.StartsWith("NW "u8) && !text.StartsWith("ME "u8))
        {
            return false;
        }

        var what = text[3..];
        if (what.StartsWith("DETACH"u8))
        {
            return true;
        }

        if (what.StartsWith("PDN DEACT "u8))
        {
            return IsOurs(what["PDN DEACT ".Length..], 0, contextId);
        }

        if (!what.StartsWith("DEACT "u8))
        {
            return false;
        }

        var fields = what["DEACT ".Length..];
        return IsOurs(fields, fields.StartsWith("\""u8) ? 2 : 1, contextId);
    }

    // A number that cannot be read may be ours: to ask once too often costs less than a dead link.
    private static bool IsOurs(ReadOnlySpan<byte> fields, int position, int? contextId)
    {
        var reader = new FieldReader(fields);
        for (var i = 0; i < position; i++)
        {
            reader.TryRead(out _);
        }

        return contextId is null || !reader.TryReadInt(out var id) || id == contextId;
    }
}
