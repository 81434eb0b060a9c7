using System.Net;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary>Reads the lines that list contexts.</summary>
/// <remarks>TS 27.007 sections 10.1.1, 10.1.10 and 10.1.14.</remarks>
internal static class ContextLine
{
    private const int MaxContexts = 32;

    // +CGDCONT: <cid>,<type>,<apn>[,<address>[,...]]       the type is unquoted on a few
    /// <summary>Takes a line of the answer to <c>AT+CGDCONT?</c>.</summary>
    public static bool TakeDefinition(ReadOnlySpan<byte> line, ref List<PdpContext> answer)
    {
        if (!StandardFields.TryStrip(line, "+CGDCONT"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        if (reader.TryReadInt(out var id) && answer.Count < MaxContexts)
        {
            var type = reader.TryRead(out var kind) ? AtText.Latin1(kind) : null;
            var apn = reader.TryRead(out var name) ? AtText.Latin1(name) : null;
            answer.Add(new PdpContext(id)
            {
                Type = type,
                Apn = apn,
                Address = reader.TryRead(out var address) ? AddressOf(address) : null,
            });
        }

        return true;
    }

    // +CGACT: <cid>,<state>
    /// <summary>Takes a line of the answer to <c>AT+CGACT?</c>.</summary>
    public static bool TakeState(ReadOnlySpan<byte> line, ref List<PdpContext> answer)
    {
        if (!StandardFields.TryStrip(line, "+CGACT"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        if (reader.TryReadInt(out var id) && reader.TryReadInt(out var state) && answer.Count < MaxContexts)
        {
            answer.Add(new PdpContext(id) { IsActive = state == 1 });
        }

        return true;
    }

    // +CGPADDR: <cid>[,<address>[,<address>]]
    /// <summary>Takes a line of the answer to <c>AT+CGPADDR</c>.</summary>
    public static bool TakeAddress(ReadOnlySpan<byte> line, ref List<PdpContext> answer)
    {
        if (!StandardFields.TryStrip(line, "+CGPADDR"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        if (reader.TryReadInt(out var id) && answer.Count < MaxContexts)
        {
            answer.Add(new PdpContext(id) { Address = reader.TryRead(out var address) ? AddressOf(address) : null });
        }

        return true;
    }

    /// <summary>An address; null for what is none, and for 0.0.0.0, which stands for none.</summary>
    public static IPAddress? AddressOf(ReadOnlySpan<byte> text) =>
        FieldReader.ToAddress(text) is { } read && !read.Equals(IPAddress.Any) ? read : null;
}
