using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary>Reads the answer to <c>AT+CPINR</c>.</summary>
internal static class SimTriesLine
{
    private const int MostTries = 15;

    // +CPINR: <code>,<retries>[,<default_retries>]       one line for each code, which may be quoted
    // TS 27.007 section 8.65.
    /// <summary>Takes a line of the answer.</summary>
    public static bool Take(ReadOnlySpan<byte> line, ref SimTries? answer)
    {
        if (!StandardFields.TryStrip(line, "+CPINR"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        if (!reader.TryRead(out var code) || !reader.TryReadInt(out var left) || left is < 0 or > MostTries)
        {
            return true;
        }

        var full = reader.TryReadInt(out var announced) && announced is > 0 and <= MostTries ? announced : 3;
        if (code.SequenceEqual("SIM PIN"u8))
        {
            answer = new SimTries(left, answer?.Puk, Math.Max(full, left));
        }
        else if (code.SequenceEqual("SIM PUK"u8))
        {
            answer = answer is null ? new SimTries(null, left) : answer with { Puk = left };
        }

        return true;
    }
}
