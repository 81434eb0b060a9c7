namespace ModemDriver.Messaging;

/// <summary>How the user data of a message are to be read.</summary>
internal enum MessageAlphabet
{
    /// <summary>Septets of the default alphabet.</summary>
    Gsm,

    /// <summary>Octets whose meaning is the application's.</summary>
    Octets,

    /// <summary>Pairs of octets, each a unit of UTF-16.</summary>
    Ucs2,

    /// <summary>Octets that are not known to be text: compressed, or of a scheme that is reserved.</summary>
    Unknown,
}

/// <summary>The octet that names alphabet and class of a message.</summary>
/// <param name="Value">The octet.</param>
/// <remarks>TS 23.038 section 4.</remarks>
internal readonly record struct DataCoding(byte Value)
{
    /// <summary>Makes the octet of a message that is to be sent.</summary>
    public static DataCoding For(MessageAlphabet alphabet, MessageClass? messageClass)
    {
        var value = alphabet switch
        {
            MessageAlphabet.Octets => 0x04,
            MessageAlphabet.Ucs2 => 0x08,
            _ => 0x00,
        };
        return new((byte)(messageClass is { } wanted ? value | 0x10 | (int)wanted : value));
    }

    /// <summary>How to read the data.</summary>
    public MessageAlphabet Alphabet => (Value >> 4) switch
    {
        // General, and the same marked for deletion; bit 5: compressed.
        <= 0x7 => (Value & 0x20) != 0 ? MessageAlphabet.Unknown : OfBits(Value),

        // Message waiting: discard, store, store as UCS-2.
        0xC or 0xD => MessageAlphabet.Gsm,
        0xE => MessageAlphabet.Ucs2,
        0xF => (Value & 0x04) != 0 ? MessageAlphabet.Octets : MessageAlphabet.Gsm,

        // A receiver takes a reserved group for the default alphabet.
        _ => MessageAlphabet.Gsm,
    };

    /// <summary>Where the message is meant to go; null where it does not say.</summary>
    public MessageClass? Class =>
        Value >> 4 == 0xF || (Value < 0x80 && (Value & 0x10) != 0) ? (MessageClass)(Value & 0x03) : null;

    /// <summary>Whether the length of the data counts septets.</summary>
    public bool CountsSeptets => Alphabet == MessageAlphabet.Gsm;

    private static MessageAlphabet OfBits(byte value) => (value & 0x0C) switch
    {
        0x00 => MessageAlphabet.Gsm,
        0x04 => MessageAlphabet.Octets,
        0x08 => MessageAlphabet.Ucs2,
        _ => MessageAlphabet.Unknown,
    };
}
