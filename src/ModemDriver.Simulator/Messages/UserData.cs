using System.Buffers.Binary;
using System.Text;

namespace ModemDriver.Simulator.Messages;

/// <summary>What a message carries: its coding, a header perhaps, and octets or septets (3GPP TS 23.040 clause 9.2.3.24).
/// </summary>
/// <param name="Coding">The data coding scheme.</param>
/// <param name="Length">In septets for the 7-bit alphabet, header included; else in octets.</param>
/// <param name="Octets">As they stand in the message.</param>
/// <param name="HasHeader">Whether they begin with a header.</param>
internal sealed record UserData(byte Coding, int Length, byte[] Octets, bool HasHeader)
{
    internal const int MaxOctets = 140;
    internal const int MaxSeptets = 160;

    /// <summary>Which alphabet the coding means (3GPP TS 23.038 clause 4).</summary>
    internal MessageAlphabet Alphabet => AlphabetOf(Coding);

    /// <summary>The message class, 0 to 3; <see langword="null"/>: none.</summary>
    internal int? Class => (Coding & 0xd0) == 0x10 || (Coding & 0xf0) == 0xf0 ? Coding & 3 : null;

    /// <summary>The header without its length, empty when there is none.</summary>
    internal ReadOnlySpan<byte> Header => HasHeader ? Octets.AsSpan(1, Octets[0]) : [];

    /// <summary>Whether the length is what the octets hold.</summary>
    internal bool IsSound
    {
        get
        {
            int octets = Alphabet == MessageAlphabet.Gsm7 ? ((7 * Length) + 7) / 8 : Length;
            return octets == Octets.Length && octets <= MaxOctets
                && (!HasHeader || (Octets.Length > 0 && Octets[0] < Octets.Length));
        }
    }

    /// <summary>Which part of how many this is; <see langword="null"/>: the whole message.</summary>
    internal (int Reference, int Count, int Number)? Part
    {
        get
        {
            ReadOnlySpan<byte> rest = Header;
            while (rest.Length >= 2 && rest.Length >= 2 + rest[1])
            {
                ReadOnlySpan<byte> value = rest.Slice(2, rest[1]);
                if (rest[0] == 0 && value.Length == 3)
                {
                    return (value[0], value[1], value[2]);
                }

                if (rest[0] == 8 && value.Length == 4)
                {
                    return (BinaryPrimitives.ReadUInt16BigEndian(value), value[2], value[3]);
                }

                rest = rest[(2 + rest[1])..];
            }

            return null;
        }
    }

    /// <summary>What people read; <see langword="null"/> where the octets are no text.</summary>
    internal string? Text => Alphabet switch
    {
        MessageAlphabet.Gsm7 => Gsm7Alphabet.Decode(Septets()),
        MessageAlphabet.Ucs2 => Encoding.BigEndianUnicode.GetString(Body()),
        _ => null,
    };

    internal static MessageAlphabet AlphabetOf(byte coding) => (coding >> 4) switch
    {
        <= 7 => ((coding >> 2) & 3) switch { 1 => MessageAlphabet.Octets, 2 => MessageAlphabet.Ucs2, _ => MessageAlphabet.Gsm7 },
        0xe => MessageAlphabet.Ucs2,
        0xf => (coding & 4) != 0 ? MessageAlphabet.Octets : MessageAlphabet.Gsm7,
        _ => MessageAlphabet.Gsm7,
    };

    /// <summary>Septets, without a header.</summary>
    internal static UserData OfSeptets(byte coding, byte[] septets) =>
        new(coding, septets.Length, Gsm7Alphabet.Pack(septets), HasHeader: false);

    /// <summary>A text in as many parts as it needs, in the 7-bit alphabet if that has its characters, else in UCS2.</summary>
    /// <param name="text">Any.</param>
    /// <param name="reference">Says which parts belong together, 0 to 255.</param>
    internal static IReadOnlyList<UserData> OfText(string text, byte reference)
    {
        if (Gsm7Alphabet.Encode(text) is byte[] septets)
        {
            return septets.Length <= MaxSeptets
                ? [OfSeptets(0, septets)]
                : Number(Cut(septets, 153, (units, at) => units[at - 1] == 0x1b), reference, Septets7);
        }

        byte[] octets = Encoding.BigEndianUnicode.GetBytes(text);
        return octets.Length <= MaxOctets
            ? [new UserData(8, octets.Length, octets, HasHeader: false)]
            : Number(Cut(text.ToCharArray(), 67, (units, at) => char.IsHighSurrogate(units[at - 1])), reference, Units16);
    }

    /// <summary>The octets behind the header.</summary>
    internal ReadOnlySpan<byte> Body() => HasHeader ? Octets.AsSpan(1 + Octets[0]) : Octets;

    /// <summary>The septets behind the header.</summary>
    internal byte[] Septets()
    {
        if (!HasHeader)
        {
            return Gsm7Alphabet.Unpack(Octets, Length);
        }

        int header = 8 * (1 + Octets[0]);
        int skipped = (header + 6) / 7;
        return Length <= skipped
            ? []
            : Gsm7Alphabet.Unpack(Octets.AsSpan(header / 8), Length - skipped, (7 * skipped) - header);
    }

    // 00 03 <reference> <count> <number>, and a bit of filling up to the next septet
    private static UserData Septets7(byte[] header, byte[] septets) =>
        new(0, 7 + septets.Length, [.. header, .. Gsm7Alphabet.Pack(septets, fill: 1)], HasHeader: true);

    private static UserData Units16(byte[] header, char[] units)
    {
        byte[] octets = [.. header, .. Encoding.BigEndianUnicode.GetBytes(units)];
        return new UserData(8, octets.Length, octets, HasHeader: true);
    }

    private static List<T[]> Cut<T>(T[] units, int size, Func<T[], int, bool> splitsPair)
    {
        var pieces = new List<T[]>();
        for (int start = 0; start < units.Length;)
        {
            int end = Math.Min(units.Length, start + size);
            end -= end < units.Length && splitsPair(units, end) ? 1 : 0;
            pieces.Add(units[start..end]);
            start = end;
        }

        return pieces;
    }

    private static List<UserData> Number<T>(List<T[]> pieces, byte reference, Func<byte[], T[], UserData> make) =>
        [.. pieces.Select((piece, i) => make([5, 0, 3, reference, (byte)pieces.Count, (byte)(i + 1)], piece))];
}

/// <summary>The alphabets of messages.</summary>
internal enum MessageAlphabet
{
    Gsm7,
    Octets,
    Ucs2,
}
