using System.Globalization;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary>What the answers of many commands have in common.</summary>
internal static class StandardFields
{
    /// <summary>Takes off the prefix of a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="name">The prefix without its colon, such as <c>+CREG</c>.</param>
    /// <param name="fields">What stands behind the colon, without the blanks around it.</param>
    /// <returns>Whether the line has this prefix.</returns>
    /// <remarks>The standard has one blank behind the colon; none, several, and one before it occur.</remarks>
    public static bool TryStrip(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> fields)
    {
        fields = default;
        if (!line.StartsWith(name))
        {
            return false;
        }

        var rest = line[name.Length..].TrimStart((byte)' ');
        if (rest.IsEmpty || rest[0] != ':')
        {
            return false;
        }

        fields = rest[1..].Trim((byte)' ');
        return true;
    }

    /// <summary>Takes off the prefix if there is one; a line without is taken whole.</summary>
    /// <remarks>Identity is asked for by commands whose answer by the standard has no prefix, and on many modules has.</remarks>
    public static ReadOnlySpan<byte> StripIfThere(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        TryStrip(line, name, out var fields) ? Unquote(fields) : Unquote(line.Trim((byte)' '));

    /// <summary>The text without quotes around it.</summary>
    public static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> text) =>
        text.Length >= 2 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text;

    /// <summary>A hexadecimal number; blanks inside it are skipped. Null for what is none.</summary>
    public static long? Hex(ReadOnlySpan<byte> text)
    {
        Span<char> digits = stackalloc char[16];
        var count = 0;
        foreach (var b in text)
        {
            if (b == ' ')
            {
                continue;
            }

            if (!char.IsAsciiHexDigit((char)b) || count == digits.Length)
            {
                return null;
            }

            digits[count++] = (char)b;
        }

        return count > 0 && long.TryParse(
            digits[..count], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
    }

    /// <summary>The first field as a number.</summary>
    public static int? FirstNumber(ReadOnlySpan<byte> fields) =>
        new FieldReader(fields).TryReadInt(out var value) ? value : null;
}
