namespace ModemDriver.Messaging;

/// <summary>Where a message stands in the module.</summary>
/// <param name="Storage">The name of the store.</param>
/// <param name="Index">Its index there.</param>
internal readonly record struct StoredPlace(string Storage, int Index);

/// <summary>A message as it came, and where the module keeps it.</summary>
/// <param name="Pdu">The message.</param>
/// <param name="Place">Where it is kept; null if it was handed over.</param>
internal sealed record MessagePart(DeliverPdu Pdu, StoredPlace? Place);

/// <summary>The parts of one message, in order; some may be missing for good.</summary>
/// <param name="Parts">What has come.</param>
/// <param name="Total">How many parts it has.</param>
/// <param name="Places">Where all of them, and those that came twice, are kept.</param>
internal sealed record MessageParts(IReadOnlyList<MessagePart> Parts, int Total, IReadOnlyList<StoredPlace> Places)
{
    /// <summary>The text of all parts; null if the data are none.</summary>
    public string? Text
    {
        get
        {
            var alphabet = Parts[0].Pdu.Data.Coding.Alphabet;
            return Parts.All(part => part.Pdu.Data.Coding.Alphabet == alphabet)
                ? UserData.TextOf(alphabet, Units)
                : MixedText();
        }
    }

    /// <summary>The units of all parts: octets, or septets, one in a byte.</summary>
    public byte[] Units => [.. Parts.SelectMany(part => part.Pdu.Data.Units)];

    private string? MixedText()
    {
        var texts = Parts.Select(part => UserData.TextOf(part.Pdu.Data.Coding.Alphabet, part.Pdu.Data.Units));
        return texts.Contains(null) ? null : string.Concat(texts);
    }
}
