using System.Text;
using ModemDriver.Messaging;
using ModemDriver.Simulator.Messages;

namespace ModemDriver.Fuzz.Targets;

/// <summary>
/// The 7-bit alphabet: septets come out of octets as they were put in; a text that can be written reads back; driver and
/// simulator have the same alphabet.
/// </summary>
/// <remarks>Input: a digit for the bits of filling, then septets; the same again as a text.</remarks>
internal static class Gsm7Target
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        FuzzInput choices = new(input);
        int fill = choices.Byte() % 7;
        CheckSeptets(choices.Rest, fill);
        CheckText(choices.Text());
    }

    private static void CheckSeptets(ReadOnlySpan<byte> bytes, int fill)
    {
        byte[] septets = new byte[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            septets[i] = (byte)(bytes[i] & 0x7F);
        }

        byte[] packed = new byte[Septets.OctetsOf(septets.Length, fill)];
        Septets.Pack(septets, fill, packed);
        Promise.Holds(packed.AsSpan().SequenceEqual(Gsm7Alphabet.Pack(septets, fill)), $"packed otherwise by the simulator");
        Promise.Holds(Septets.Unpack(packed, fill, septets.Length).AsSpan().SequenceEqual(septets), $"other septets");
        Promise.Holds(
            Gsm7Alphabet.Unpack(packed, septets.Length, fill).AsSpan().SequenceEqual(septets), $"other septets by the simulator");

        // An escape at the very end is a blank to one, and nothing to the other.
        string text = GsmAlphabet.Decode(septets);
        bool endsOpen = text.EndsWith(' ');
        string other = Gsm7Alphabet.Decode(septets);
        Promise.Holds(text == other || (endsOpen && text[..^1] == other), $"read otherwise by the simulator");
        CheckText(text);
        Promise.Holds(GsmAlphabet.TryEncode(text, out _), $"a text of the alphabet cannot be written");
    }

    private static void CheckText(string text)
    {
        bool isWritten = GsmAlphabet.TryEncode(text, out byte[]? septets);
        byte[]? other = Gsm7Alphabet.Encode(text);
        Promise.Holds(isWritten == other is not null, $"one can write it, and the other cannot");
        Promise.Holds(text.Sum(GsmAlphabet.Cost) >= text.Length == isWritten || !isWritten, $"the cost is wrong");
        if (!isWritten)
        {
            return;
        }

        Promise.Holds(septets.AsSpan().SequenceEqual(other), $"other septets by the simulator");
        Promise.Holds(text.Sum(GsmAlphabet.Cost) == septets!.Length, $"the cost is wrong");
        string read = GsmAlphabet.Decode(septets);
        Promise.Holds(read == text, $"reads back as {Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(read))}");
    }
}
