namespace ModemDriver.Messaging;

/// <summary>The data of one message: its header, and units of its alphabet.</summary>
/// <param name="Coding">How the units are to be read.</param>
/// <param name="Header">What stands before them.</param>
/// <param name="Units">Septets, one in a byte, or octets.</param>
internal sealed record UserData(DataCoding Coding, UserDataHeader Header, byte[] Units)
{
    /// <summary>How many octets a message can hold.</summary>
    public const int MaxOctets = 140;

    /// <summary>How many septets a message can hold.</summary>
    public const int MaxSeptets = 160;

    /// <summary>How many units there is room for behind a header.</summary>
    public static int Room(MessageAlphabet alphabet, int headerLength) => alphabet == MessageAlphabet.Gsm
        ? MaxSeptets - HeaderSeptets(headerLength)
        : MaxOctets - headerLength;

    /// <summary>The text of units; null where they are none.</summary>
    public static string? TextOf(MessageAlphabet alphabet, ReadOnlySpan<byte> units)
    {
        switch (alphabet)
        {
            case MessageAlphabet.Gsm:
                return GsmAlphabet.Decode(units);
            case MessageAlphabet.Ucs2:
                // Unit by unit, so that half a pair, which another part completes, is kept. An odd octet is none.
                return string.Create(units.Length / 2, units, static (text, from) =>
                {
                    for (var i = 0; i < text.Length; i++)
                    {
                        text[i] = (char)((from[i * 2] << 8) | from[(i * 2) + 1]);
                    }
                });
            default:
                return null;
        }
    }

    /// <summary>The octets of a text in UCS-2.</summary>
    public static byte[] ToUcs2(ReadOnlySpan<char> text)
    {
        var octets = new byte[text.Length * 2];
        for (var i = 0; i < text.Length; i++)
        {
            octets[i * 2] = (byte)(text[i] >> 8);
            octets[(i * 2) + 1] = (byte)text[i];
        }

        return octets;
    }

    /// <summary>Writes length, header and units.</summary>
    public void Write(List<byte> destination)
    {
        var headerLength = Header.Length;
        var isGsm = Coding.CountsSeptets;
        destination.Add((byte)(Units.Length + (isGsm ? HeaderSeptets(headerLength) : headerLength)));
        Header.Write(destination);
        if (!isGsm)
        {
            destination.AddRange(Units);
            return;
        }

        var fill = headerLength == 0 ? 0 : Septets.FillBits(headerLength);
        var packed = new byte[Septets.OctetsOf(Units.Length, fill)];
        Septets.Pack(Units, fill, packed);
        destination.AddRange(packed);
    }

    /// <summary>Reads length, header and units.</summary>
    /// <exception cref="PduException">They are cut short, or against their own lengths.</exception>
    public static UserData Read(ref PduReader reader, DataCoding coding, bool hasHeader)
    {
        const string field = "user data";
        var length = reader.ReadOctet(field);
        var isGsm = coding.CountsSeptets;
        if (length > (isGsm ? MaxSeptets : MaxOctets))
        {
            throw new PduException($"its {field} claim a length of {length}");
        }

        var octets = reader.ReadOctets(isGsm ? Septets.OctetsOf(length) : length, field);
        if (!hasHeader)
        {
            return new(coding, default, isGsm ? Septets.Unpack(octets, 0, length) : octets.ToArray());
        }

        if (octets.IsEmpty || 1 + octets[0] > octets.Length)
        {
            throw new PduException("its header is longer than its data");
        }

        var headerLength = 1 + octets[0];
        var header = UserDataHeader.Read(octets[1..headerLength]);
        if (!isGsm)
        {
            return new(coding, header, octets[headerLength..].ToArray());
        }

        var count = Math.Max(length - HeaderSeptets(headerLength), 0);
        return new(coding, header, Septets.Unpack(octets[headerLength..], Septets.FillBits(headerLength), count));
    }

    private static int HeaderSeptets(int headerLength) => ((headerLength * 8) + 6) / 7;
}
