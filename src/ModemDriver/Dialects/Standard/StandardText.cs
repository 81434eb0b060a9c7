using System.Buffers;
using System.Text;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Messaging;

namespace ModemDriver.Dialects.Standard;

/// <summary>Texts in the character set of the module (<c>AT+CSCS</c>).</summary>
/// <remarks>TS 27.007 section 5.5.</remarks>
internal static class StandardText
{
    /// <summary>The set in which all texts are hexadecimal UTF-16.</summary>
    public const string Ucs2Set = "UCS2";

    private const string DiffersInGsm = "@$[\\]^_`{|}~\"";

    // No number has so many digits each of which stands behind two zeros and a 3.
    private const int LeastUnits = 3;

    // 27.007 section 6.1, and the letters that a card stores for them.
    private static readonly SearchValues<char> Diallable = SearchValues.Create("+0123456789*#ABCDabcdPpWw?,");

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef"u8);

    /// <summary>Asks for the set.</summary>
    public static QueryCommand<string?> NewReadSet(TimeSpan timeLimit) =>
        new(CommandLineBuilder.Raw("AT+CSCS?"), timeLimit, null, TakeSet);

    /// <summary>Whether a text is written the same in every set but UCS2.</summary>
    public static bool IsPlain(string text) => text.All(IsSameInEverySet);

    /// <summary>The text in hexadecimal.</summary>
    /// <exception cref="ArgumentException">It holds half a surrogate pair, which would arrive as another character.</exception>
    public static string ToHex(string text) => CommandLineBuilder.IsUnicode(text)
        ? Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))
        : throw new ArgumentException("Half of a surrogate pair is no character; it cannot be sent.", nameof(text));

    /// <summary>Reads a text; one that is not of its set is shown as it came.</summary>
    public static string Decode(ReadOnlySpan<byte> text, string? characterSet) =>
        characterSet == Ucs2Set && FromHex(text) is { } read
            ? read
            : characterSet switch
            {
                "GSM" => GsmAlphabet.Decode(text),
                "UTF-8" => Encoding.UTF8.GetString(text),
                _ => AtText.Latin1(text),
            };

    /// <summary>
    /// Reads a number. In UCS2 it is hexadecimal too, on modules that keep to the standard; others give its digits.
    /// </summary>
    /// <param name="text">The field.</param>
    /// <param name="characterSet">The set; null where it is not known: then digits are taken for hexadecimal only if no
    /// number looks so.</param>
    public static string DecodeNumber(ReadOnlySpan<byte> text, string? characterSet) =>
        characterSet is null or Ucs2Set && FromHex(text) is { Length: > 0 } read
            && read.AsSpan().IndexOfAnyExcept(Diallable) < 0
            && (characterSet is not null || read[0] == '+' || read.Length >= LeastUnits)
            ? read
            : AtText.Latin1(text);

    /// <summary>Reads the sender or the recipient of a message: a number, or a name.</summary>
    /// <param name="text">The field.</param>
    /// <param name="isName">Whether it is known to be a name.</param>
    /// <param name="characterSet">The set; null where it is not known.</param>
    public static string DecodeAddress(ReadOnlySpan<byte> text, bool isName, string? characterSet) =>
        !isName && (DecodeNumber(text, characterSet) is var number) && number.AsSpan().IndexOfAnyExcept(Diallable) < 0
            ? number
            : Decode(text, characterSet);

    /// <summary>The text that stands in hexadecimal; null if it does not.</summary>
    public static string? FromHex(ReadOnlySpan<byte> text) =>
        text.Length % 4 == 0 && text.IndexOfAnyExcept(HexDigits) < 0
            ? Encoding.BigEndianUnicode.GetString(Convert.FromHexString(text))
            : null;

    // In the GSM alphabet these letters have the numbers that they have in ASCII.
    private static bool IsSameInEverySet(char character) =>
        character is >= ' ' and <= '~' && !DiffersInGsm.Contains(character, StringComparison.Ordinal);

    // +CSCS: "<name>"
    private static bool TakeSet(ReadOnlySpan<byte> line, ref string? name)
    {
        if (!StandardFields.TryStrip(line, "+CSCS"u8, out var fields))
        {
            return false;
        }

        name = AtText.Latin1(StandardFields.Unquote(fields));
        return true;
    }
}
