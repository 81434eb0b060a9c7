namespace ModemDriver.Messaging;

/// <summary>Where a message stands in the module.</summary>
/// <param name="Storage">The name of the store.</param>
/// <param name="Index">Its index there.</param>
internal readonly record struct StoredPlace(string Storage, int Index);

/// <summary>What a module keeps at a place, until it is deleted or another message stands there.</summary>
/// <param name="place">Where.</param>
/// <param name="octets">What; null if it was no octets.</param>
internal sealed class StoredCopy(StoredPlace place, byte[]? octets)
{
    /// <summary>Where it stands.</summary>
    public StoredPlace Place => place;

    /// <summary>Whether it may be deleted.</summary>
    public bool IsDispensable { get; set; }

    /// <summary>Whether it is being deleted.</summary>
    public bool IsBeingDeleted { get; set; }

    /// <summary>Whether it has these octets.</summary>
    public bool IsSame(byte[]? other) => (octets ?? []).AsSpan().SequenceEqual(other ?? []);
}

/// <summary>A message as it came, and where the module keeps it.</summary>
/// <param name="Pdu">The message.</param>
/// <param name="Copy">What the module keeps of it; null if it was handed over.</param>
internal sealed record MessagePart(DeliverPdu Pdu, StoredCopy? Copy);

/// <summary>The parts of one message, in order; some may be missing for good.</summary>
/// <param name="Parts">What has come.</param>
/// <param name="Total">How many parts it has.</param>
/// <param name="Copies">What the module kept of them, and of those that came twice, when they became whole.</param>
internal sealed record MessageParts(IReadOnlyList<MessagePart> Parts, int Total, IReadOnlyList<StoredCopy> Copies)
{
    private readonly List<StoredCopy> _later = [];

    /// <summary>Whether the one for whom it is has taken it.</summary>
    public bool IsTaken { get; set; }

    /// <summary>What the module keeps of it, also of parts that came again later.</summary>
    public IEnumerable<StoredCopy> AllCopies => Copies.Concat(_later);

    /// <summary>A part came again, and the module keeps that too.</summary>
    public void AddCopy(StoredCopy copy) => _later.Add(copy);

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
