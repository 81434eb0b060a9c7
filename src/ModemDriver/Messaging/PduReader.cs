namespace ModemDriver.Messaging;

/// <summary>Takes fields from the octets of a PDU, and says which one is missing.</summary>
internal ref struct PduReader(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> _rest = octets;

    /// <summary>How many octets have not been taken.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Takes one octet.</summary>
    /// <exception cref="PduException">There is none.</exception>
    public byte ReadOctet(string field) => ReadOctets(1, field)[0];

    /// <summary>Takes some octets.</summary>
    /// <exception cref="PduException">There are not so many.</exception>
    public ReadOnlySpan<byte> ReadOctets(int count, string field)
    {
        if (count > _rest.Length)
        {
            throw new PduException($"it ends inside its {field}");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>Whether a line can be the octets of a message.</summary>
    public static bool IsHex(ReadOnlySpan<byte> line)
    {
        line = line.Trim(Around);
        foreach (var digit in line)
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }
        }

        return !line.IsEmpty;
    }

    /// <summary>Reads hexadecimal digits as octets; blanks and Ctrl-Z around them do not count.</summary>
    /// <exception cref="PduException">They are none, an odd number, or more than a PDU can have.</exception>
    public static byte[] FromHex(ReadOnlySpan<byte> digits)
    {
        digits = digits.Trim(Around);
        if (digits.Length > MaxDigits)
        {
            throw new PduException($"it has {digits.Length} digits, and a message at most {MaxDigits}");
        }

        try
        {
            return Convert.FromHexString(digits);
        }
        catch (FormatException)
        {
            throw new PduException("it is not a row of pairs of hexadecimal digits");
        }
    }

    private static ReadOnlySpan<byte> Around => " \r\n\x1A\0"u8;

    // A service centre of 12 octets and a TPDU of 164 (TS 23.040 section 9.2), and room for a module that sends more.
    private const int MaxDigits = 1024;
}
