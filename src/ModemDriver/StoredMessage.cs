namespace ModemDriver;

/// <summary>What a message in the store of a module is.</summary>
/// <remarks>TS 27.005 section 3.1, the parameter stat.</remarks>
public enum StoredMessageStatus
{
    /// <summary>Received, and not read yet.</summary>
    ReceivedUnread,

    /// <summary>Received and read.</summary>
    ReceivedRead,

    /// <summary>Stored, and not sent yet.</summary>
    StoredUnsent,

    /// <summary>Stored and sent.</summary>
    StoredSent,
}

/// <summary>A message, or one part of a long one, in the store of a module.</summary>
/// <param name="Index">Its place, as the module counts.</param>
/// <param name="Status">What it is.</param>
/// <param name="Number">The sender or the recipient; empty if it could not be read.</param>
/// <param name="Text">Its text; <see langword="null"/> if it is none, or could not be read.</param>
public sealed record StoredMessage(int Index, StoredMessageStatus Status, string Number, string? Text)
{
    /// <summary>When the service centre got it; <see langword="null"/> where that is not known.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Which part of a long message it is, from 1.</summary>
    public int Part { get; init; } = 1;

    /// <summary>How many parts the message has.</summary>
    public int PartCount { get; init; } = 1;

    /// <summary>Whether the octets in the store are a message.</summary>
    public bool IsReadable { get; init; } = true;

    /// <summary>Names neither number nor text.</summary>
    public override string ToString() => $"{Index}: {Status}";
}

/// <summary>The store of messages of a module.</summary>
/// <param name="Name">Its name: <c>SM</c> the card, <c>ME</c> the module, <c>MT</c> both.</param>
/// <param name="Used">How many messages are in it.</param>
/// <param name="Capacity">How many it holds.</param>
public sealed record MessageStorage(string Name, int Used, int Capacity)
{
    /// <summary>Whether nothing more can come until something is deleted.</summary>
    public bool IsFull => Capacity > 0 && Used >= Capacity;
}

/// <summary>How messages come from the module.</summary>
public enum MessageRouting
{
    /// <summary>
    /// The module stores them and tells where (<c>+CMTI</c>); each is deleted once it was taken. The default.
    /// </summary>
    Stored,

    /// <summary>
    /// The module hands them over (<c>+CMT</c>) and keeps nothing; what was handed over, and not taken, is lost when the
    /// program ends.
    /// </summary>
    Direct,
}
