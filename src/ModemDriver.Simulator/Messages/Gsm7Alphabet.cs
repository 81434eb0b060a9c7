using System.Text;

namespace ModemDriver.Simulator.Messages;

/// <summary>The GSM 7-bit default alphabet with its extension table (3GPP TS 23.038 clause 6.2.1), and how septets are packed
/// into octets (clause 6.1.2.1).</summary>
internal static class Gsm7Alphabet
{
    private const byte Escape = 0x1b;

    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
        + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    // Code, character, code, character: behind an escape.
    private const string Extended = "\n\f\u0014^\u0028{\u0029}\u002f\\\u003c[\u003d~\u003e]\u0040|\u0065€";

    /// <summary>The septets of a text; <see langword="null"/> when a character is not in the alphabet.</summary>
    internal static byte[]? Encode(string text)
    {
        var septets = new List<byte>(text.Length);
        foreach (char character in text)
        {
            int plain = character == (char)Escape ? -1 : Basic.IndexOf(character, StringComparison.Ordinal);
            if (plain >= 0)
            {
                septets.Add((byte)plain);
            }
            else if (Extension(character) is byte code)
            {
                septets.Add(Escape);
                septets.Add(code);
            }
            else
            {
                return null;
            }
        }

        return [.. septets];
    }

    /// <summary>The text of septets. A code behind an escape that the table has not is shown as the plain one.</summary>
    internal static string Decode(ReadOnlySpan<byte> septets)
    {
        var text = new StringBuilder(septets.Length);
        for (int i = 0; i < septets.Length; i++)
        {
            if (septets[i] != Escape)
            {
                text.Append(Basic[septets[i] & 0x7f]);
            }
            else if (i + 1 < septets.Length)
            {
                i++;
                text.Append(septets[i] == Escape ? ' ' : Extension(septets[i]) ?? Basic[septets[i] & 0x7f]);
            }
        }

        return text.ToString();
    }

    /// <summary>Septet i goes to the bits from 7 i on, low bits first, behind some bits of filling.</summary>
    internal static byte[] Pack(ReadOnlySpan<byte> septets, int fill = 0)
    {
        var octets = new byte[(fill + (7 * septets.Length) + 7) / 8];
        for (int i = 0; i < septets.Length; i++)
        {
            int bit = fill + (7 * i);
            int shifted = septets[i] << (bit % 8);
            octets[bit / 8] |= (byte)shifted;
            if (shifted > 0xff)
            {
                octets[(bit / 8) + 1] |= (byte)(shifted >> 8);
            }
        }

        return octets;
    }

    /// <summary>Takes septets out again. The octets hold as many as are asked for.</summary>
    internal static byte[] Unpack(ReadOnlySpan<byte> octets, int count, int fill = 0)
    {
        var septets = new byte[count];
        for (int i = 0; i < count; i++)
        {
            int bit = fill + (7 * i);
            int value = octets[bit / 8] >> (bit % 8);
            if (bit % 8 > 1)
            {
                value |= octets[(bit / 8) + 1] << (8 - (bit % 8));
            }

            septets[i] = (byte)(value & 0x7f);
        }

        return septets;
    }

    private static byte? Extension(char character)
    {
        for (int i = 1; i < Extended.Length; i += 2)
        {
            if (Extended[i] == character)
            {
                return (byte)Extended[i - 1];
            }
        }

        return null;
    }

    private static char? Extension(byte code)
    {
        for (int i = 0; i < Extended.Length; i += 2)
        {
            if (Extended[i] == code)
            {
                return Extended[i + 1];
            }
        }

        return null;
    }
}
