namespace ModemDriver.Messaging;

/// <summary>Chooses the alphabet of a text, and cuts it into as few messages as it needs.</summary>
/// <remarks>TS 23.040 section 9.2.3.24.1. An escape and its character, and a surrogate pair, stay together.</remarks>
internal static class MessageSplitter
{
    /// <summary>The most parts that a message can have.</summary>
    public const int MaxParts = 255;

    /// <summary>The messages of a text.</summary>
    /// <returns>Null if it needs more than <see cref="MaxParts"/>.</returns>
    public static IReadOnlyList<UserData>? Split(
        ReadOnlySpan<char> text, MessageClass? messageClass, MessagePorts? ports, int reference, bool isWide)
    {
        var (alphabet, units) = GsmAlphabet.TryEncode(text, out var septets)
            ? (MessageAlphabet.Gsm, septets)
            : (MessageAlphabet.Ucs2, UserData.ToUcs2(text));
        return Split(alphabet, units, messageClass, ports, reference, isWide);
    }

    /// <summary>The messages of octets.</summary>
    /// <returns>Null if they need more than <see cref="MaxParts"/>.</returns>
    public static IReadOnlyList<UserData>? Split(
        ReadOnlySpan<byte> octets, MessageClass? messageClass, MessagePorts? ports, int reference, bool isWide) =>
        Split(MessageAlphabet.Octets, octets.ToArray(), messageClass, ports, reference, isWide);

    private static List<UserData>? Split(
        MessageAlphabet alphabet, byte[] units, MessageClass? messageClass, MessagePorts? ports, int reference, bool isWide)
    {
        var coding = DataCoding.For(alphabet, messageClass);
        var header = new UserDataHeader(null, ports);
        if (units.Length <= UserData.Room(alphabet, header.Length))
        {
            return [new(coding, header, units)];
        }

        var room = UserData.Room(alphabet, (header with { Part = new(reference, 1, 1, isWide) }).Length);
        var cuts = new List<Range>();
        for (var start = 0; start < units.Length;)
        {
            var end = EndOfPart(alphabet, units, start, room);
            cuts.Add(start..end);
            start = end;
        }

        return cuts.Count > MaxParts
            ? null
            : [.. cuts.Select((cut, i) =>
                new UserData(coding, header with { Part = new(reference, cuts.Count, i + 1, isWide) }, units[cut]))];
    }

    private static int EndOfPart(MessageAlphabet alphabet, byte[] units, int start, int room)
    {
        var end = Math.Min(start + room, units.Length);
        if (end == units.Length)
        {
            return end;
        }

        switch (alphabet)
        {
            // The escape is never the second of a pair: 1B 1B does not come out of a text.
            case MessageAlphabet.Gsm when units[end - 1] == GsmAlphabet.Escape:
                return end - 1;
            case MessageAlphabet.Ucs2:
                end -= (end - start) % 2;
                return char.IsHighSurrogate((char)((units[end - 2] << 8) | units[end - 1]))
                    && char.IsLowSurrogate((char)((units[end] << 8) | units[end + 1])) ? end - 2 : end;
            default:
                return end;
        }
    }
}
