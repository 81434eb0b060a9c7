using System.Text;

namespace ModemDriver.Simulator.Messages;

/// <summary>An address of a message (3GPP TS 23.040 clause 9.1.2.5).</summary>
/// <param name="Type">Type and plan: 0x91 international, 0x81 unknown, 0xD0 letters.</param>
/// <param name="Value">Digits without a plus sign, or letters.</param>
internal sealed record MessageAddress(byte Type, string Value)
{
    internal const byte International = 0x91;
    internal const byte Unknown = 0x81;
    internal const byte Letters = 0xd0;

    private const string Digits = "0123456789*#abc";

    /// <summary>As people write it.</summary>
    internal string Text => Type == International ? "+" + Value : Value;

    /// <summary>From what people write: a number, or a sender's name.</summary>
    internal static MessageAddress Of(string text) =>
        text.StartsWith('+') && IsNumber(text[1..]) ? new(International, text[1..])
        : IsNumber(text) ? new(Unknown, text)
        : new(Letters, text);

    /// <summary>Whether a text has digits only, and not too many.</summary>
    internal static bool IsNumber(string text) =>
        text.Length is > 0 and <= 20 && text.All(digit => Digits.Contains(digit));

    /// <summary>Reads one: count of digits, type, digits in swapped pairs.</summary>
    /// <returns>How many octets it took; 0 when it is none.</returns>
    internal static int Read(ReadOnlySpan<byte> from, out MessageAddress address)
    {
        address = new(Unknown, "");
        if (from.Length < 2 || from[0] > 20)
        {
            return 0;
        }

        int digits = from[0];
        int octets = (digits + 1) / 2;
        if (from.Length < 2 + octets)
        {
            return 0;
        }

        ReadOnlySpan<byte> value = from.Slice(2, octets);
        address = new(from[1], (from[1] & 0x70) == 0x50
            ? Gsm7Alphabet.Decode(Gsm7Alphabet.Unpack(value, digits * 4 / 7))
            : Unswap(value, digits));
        return 2 + octets;
    }

    /// <summary>Reads the centre's: count of octets, type, digits in swapped pairs; none is a zero.</summary>
    internal static int ReadCentre(ReadOnlySpan<byte> from, out MessageAddress? address)
    {
        address = null;
        if (from.IsEmpty || from.Length < 1 + from[0] || from[0] is 1 or > 12)
        {
            return 0;
        }

        if (from[0] > 0)
        {
            address = new(from[1], Unswap(from.Slice(2, from[0] - 1), 2 * (from[0] - 1)));
        }

        return 1 + from[0];
    }

    internal void Write(List<byte> to)
    {
        if (Type == Letters)
        {
            byte[] septets = Gsm7Alphabet.Encode(Value) ?? [];
            to.Add((byte)(((7 * septets.Length) + 3) / 4));
            to.Add(Type);
            to.AddRange(Gsm7Alphabet.Pack(septets));
            return;
        }

        to.Add((byte)Value.Length);
        to.Add(Type);
        Swap(to);
    }

    internal void WriteCentre(List<byte> to)
    {
        to.Add((byte)(1 + ((Value.Length + 1) / 2)));
        to.Add(Type);
        Swap(to);
    }

    private void Swap(List<byte> to)
    {
        for (int i = 0; i < Value.Length; i += 2)
        {
            int high = i + 1 < Value.Length ? Digits.IndexOf(Value[i + 1], StringComparison.Ordinal) : 0xf;
            to.Add((byte)((high << 4) | Digits.IndexOf(Value[i], StringComparison.Ordinal)));
        }
    }

    // The other half of the last pair is a filler, or anything.
    private static string Unswap(ReadOnlySpan<byte> pairs, int digits)
    {
        var text = new StringBuilder(digits);
        for (int i = 0; i < digits; i++)
        {
            int digit = i % 2 == 0 ? pairs[i / 2] & 0xf : pairs[i / 2] >> 4;
            if (digit != 0xf)
            {
                text.Append(Digits[digit]);
            }
        }

        return text.ToString();
    }
}
