using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary>Reads the number of a card.</summary>
internal static class IccidLine
{
    private const int MinLength = 18;
    private const int MaxLength = 22;

    private static readonly byte[][] Names =
        ["+CCID"u8.ToArray(), "+ICCID"u8.ToArray(), "+QCCID"u8.ToArray(), "+CICCID"u8.ToArray(), "^ICCID"u8.ToArray()];

    // <iccid>      +CCID: <iccid>      +ICCID: "<iccid>"
    // 19 or 20 characters; an F at the end is filler, hexadecimal letters occur inside; "98..." has its nibbles swapped
    // (every card begins with 89, ITU-T E.118).
    /// <summary>Takes the line of the answer.</summary>
    public static bool Take(ReadOnlySpan<byte> line, ref string? answer)
    {
        var text = line.Trim((byte)' ');
        var hasName = false;
        foreach (var name in Names)
        {
            if (StandardFields.TryStrip(text, name, out var fields))
            {
                text = fields;
                hasName = true;
                break;
            }
        }

        if (Read(StandardFields.Unquote(text)) is not { } iccid)
        {
            return hasName;
        }

        answer ??= iccid;
        return true;
    }

    private static string? Read(ReadOnlySpan<byte> text)
    {
        if (text.Length is < MinLength or > MaxLength)
        {
            return null;
        }

        var number = AtText.Latin1(text).ToUpperInvariant();
        if (!number.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        if (number.StartsWith("98", StringComparison.Ordinal) && number.Length % 2 == 0)
        {
            number = string.Concat(number.Chunk(2).Select(pair => $"{pair[1]}{pair[0]}"));
        }

        return number.TrimEnd('F');
    }
}
