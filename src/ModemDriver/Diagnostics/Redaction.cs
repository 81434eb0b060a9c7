using System.Text;
using ModemDriver.Framing;

namespace ModemDriver.Diagnostics;

/// <summary>What is never shown: the rest of every line that starts in a way that announces a secret.</summary>
/// <remarks>
/// <para>All of the rest, not a single field: modules answer with names and passwords whose quotes they do not escape,
/// so the border between two fields of such a line cannot be told.</para>
/// <para>Command lines that the driver builds know their secret parts exactly and keep the others readable
/// (<see cref="CommandLine.Display"/>).</para>
/// </remarks>
internal sealed class Redaction
{
    /// <summary>The mask; its length tells nothing.</summary>
    public const string Mask = "***";

    // TS 27.007: PIN and PUK (8.3), facility lock (7.4), change of password (7.5), authentication of a context
    // (10.1.31).
    private static readonly string[] Standard = ["AT+CPIN=", "AT+CLCK=", "AT+CPWD=", "AT+CGAUTH=", "+CGAUTH:"];

    private readonly byte[][] _prefixes;

    /// <summary>The standard's secrets, and those of a dialect.</summary>
    public Redaction(IReadOnlyList<string> secretPrefixes) =>
        _prefixes = [.. Standard.Concat(secretPrefixes).Select(WithoutAttention).Select(Encoding.ASCII.GetBytes)];

    /// <summary>How many bytes of the line may be shown: all, or up to the secret.</summary>
    public int VisibleLength(ReadOnlySpan<byte> line)
    {
        // Anywhere in the line: noise, blanks or the end of another line may stand before an echo.
        for (var at = 0; at < line.Length; at++)
        {
            foreach (var prefix in _prefixes)
            {
                if (line[at] is not (byte)' ' && EndOf(prefix, line[at..]) is var length and > 0)
                {
                    return at + length;
                }
            }
        }

        return line.Length;
    }

    // An address, a scheme and a stamp have more digits than any serial number.
    private const int MinMessageDigits = 30;

    /// <summary>
    /// Whether the line may be a short message: a row of hexadecimal digits, or a head, which has a number in text mode. Numbers
    /// and texts of people stand in the trace of the wire, and in no message of an error.
    /// </summary>
    public static bool MayBeMessage(ReadOnlySpan<byte> line) =>
        line.StartsWith("+CMT:"u8) || line.StartsWith("+CMG"u8) || line.StartsWith("+CDS:"u8) || (line.Length >= MinMessageDigits && line.IndexOfAnyExcept(HexDigits) < 0);

    private static readonly System.Buffers.SearchValues<byte> HexDigits =
        System.Buffers.SearchValues.Create("0123456789ABCDEFabcdef"u8);

    /// <summary>The line for people: escapes for what does not print, the mask for secrets.</summary>
    public string Display(ReadOnlySpan<byte> line)
    {
        var visible = VisibleLength(line);
        var text = AtText.Escape(line[..visible]);
        return visible < line.Length ? text + Mask : text;
    }

    // Behind a semicolon a command stands without its AT (V.250 section 5.4.6).
    private static string WithoutAttention(string prefix) =>
        prefix.StartsWith("AT", StringComparison.Ordinal) && !char.IsAsciiLetterOrDigit(prefix[2]) ? prefix[2..] : prefix;

    // Modules take letters in either case, and skip blanks outside quotes, so a caller may have typed them so.
    private static int EndOf(byte[] prefix, ReadOnlySpan<byte> text)
    {
        var matched = 0;
        var i = 0;
        for (; i < text.Length && matched < prefix.Length; i++)
        {
            if (text[i] == ' ' && prefix[matched] != ' ')
            {
                continue;
            }

            if (!Ascii.EqualsIgnoreCase(text.Slice(i, 1), prefix.AsSpan(matched, 1)))
            {
                return 0;
            }

            matched++;
        }

        // With nothing behind it there is nothing to mask.
        return matched == prefix.Length && i < text.Length ? i : 0;
    }
}
