using System.Net;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.Luat;

/// <summary>What the answers of many commands have in common.</summary>
internal static class LuatFields
{
    /// <summary>
    /// An address of four numbers, with or without quotes, of which each may be padded with zeros (that would be octal to
    /// the framework); null for what is none, and for 0.0.0.0, which stands for none.
    /// </summary>
    public static IPAddress? ToAddress(ReadOnlySpan<byte> text)
    {
        text = text.Trim((byte)' ').Trim((byte)'"');
        Span<byte> numbers = stackalloc byte[4];
        var count = 0;
        foreach (var part in text.Split((byte)'.'))
        {
            var digits = text[part];
            if (count == 4 || digits.Length is 0 or > 3 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                || !FieldReader.TryParse(digits, out var number) || number > byte.MaxValue)
            {
                return null;
            }

            numbers[count++] = (byte)number;
        }

        return count == 4 && numbers.ContainsAnyExcept((byte)0) ? new IPAddress(numbers) : null;
    }

    /// <summary>
    /// What stands behind the colon of an answer, without blanks on either side of the colon; null in
    /// <paramref name="fields"/> if the line has another prefix.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="name">The prefix without its colon, such as <c>+CDNSGIP</c>.</param>
    /// <param name="fields">What stands behind it.</param>
    /// <returns>Whether the line has this prefix.</returns>
    /// <remarks><c>+CSQ: 26,0</c>, <c>+CDNSGIP:0,8</c>, <c>+CMEE :1</c>: all three are in use.</remarks>
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
}
