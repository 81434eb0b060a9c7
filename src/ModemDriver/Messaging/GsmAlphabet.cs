using System.Diagnostics.CodeAnalysis;

namespace ModemDriver.Messaging;

/// <summary>The GSM 7-bit default alphabet and its extension table.</summary>
/// <remarks>TS 23.038 sections 6.2.1 and 6.2.1.1. A septet is kept in a byte.</remarks>
internal static class GsmAlphabet
{
    /// <summary>What announces a character of the extension table.</summary>
    public const byte Escape = 0x1B;

    // Rows of sixteen, from 0x00. 0x1B is the escape, and no character: a blank stands in its place.
    private const string Table =
        "@£$¥èéùìòÇ\nØø\rÅå" +
        "Δ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ" +
        " !\"#¤%&'()*+,-./" +
        "0123456789:;<=>?" +
        "¡ABCDEFGHIJKLMNO" +
        "PQRSTUVWXYZÄÖÑÜ§" +
        "¿abcdefghijklmno" +
        "pqrstuvwxyzäöñüà";

    private static readonly (byte Code, char Character)[] Extension =
    [
        (0x0A, '\f'), (0x14, '^'), (0x28, '{'), (0x29, '}'), (0x2F, '\\'),
        (0x3C, '['), (0x3D, '~'), (0x3E, ']'), (0x40, '|'), (0x65, '€'),
    ];

    private static readonly Dictionary<char, byte> Codes = NewCodes();

    /// <summary>How many septets a character costs: one, two, or none if it is not in the alphabet.</summary>
    public static int Cost(char character) =>
        Codes.ContainsKey(character) ? 1 : FindExtension(character) != 0 ? 2 : 0;

    /// <summary>The septets of a text.</summary>
    /// <returns>False if the alphabet has not all of its characters.</returns>
    public static bool TryEncode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? septets)
    {
        septets = null;
        var length = 0;
        foreach (var character in text)
        {
            var cost = Cost(character);
            if (cost == 0)
            {
                return false;
            }

            length += cost;
        }

        septets = new byte[length];
        var at = 0;
        foreach (var character in text)
        {
            if (Codes.TryGetValue(character, out var code))
            {
                septets[at++] = code;
            }
            else
            {
                septets[at++] = Escape;
                septets[at++] = FindExtension(character);
            }
        }

        return true;
    }

    /// <summary>The text of septets. A code that the extension table lacks is read as one of the basic table.</summary>
    public static string Decode(ReadOnlySpan<byte> septets)
    {
        var text = new char[septets.Length];
        var length = 0;
        for (var i = 0; i < septets.Length; i++)
        {
            var code = septets[i] & 0x7F;
            if (code == Escape && i + 1 < septets.Length)
            {
                code = septets[++i] & 0x7F;
                text[length++] = ExtensionOf((byte)code) ?? Table[code];
            }
            else
            {
                text[length++] = Table[code];
            }
        }

        return new string(text, 0, length);
    }

    private static byte FindExtension(char character)
    {
        foreach (var (code, known) in Extension)
        {
            if (known == character)
            {
                return code;
            }
        }

        return 0;
    }

    private static char? ExtensionOf(byte wanted)
    {
        foreach (var (code, character) in Extension)
        {
            if (code == wanted)
            {
                return character;
            }
        }

        return null;
    }

    private static Dictionary<char, byte> NewCodes()
    {
        var codes = new Dictionary<char, byte>();
        for (var i = 0; i < Table.Length; i++)
        {
            if (i != Escape)
            {
                codes[Table[i]] = (byte)i;
            }
        }

        return codes;
    }
}
