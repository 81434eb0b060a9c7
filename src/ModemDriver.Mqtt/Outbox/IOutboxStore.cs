using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Outbox;

/// <summary>Keeps the session: messages to publish, keys, and what was received at QoS 2.</summary>
/// <remarks>
/// Changes take effect in the order of the calls, each as a whole. A completed call is durable, as far as the store is.
/// A failed one throws <see cref="MqttOutboxException"/> and has changed nothing.
/// </remarks>
internal interface IOutboxStore : IAsyncDisposable
{
    /// <summary>Whether a message can be read back; else the queue keeps it.</summary>
    bool KeepsMessages { get; }

    /// <summary>Opens the store and reads everything but the messages themselves.</summary>
    ValueTask<StoredSession> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Adds a message, and drops others in the same step to make room.</summary>
    /// <returns>
    /// <see langword="null"/> when it was stored; else the sequence of the message that has its key, and nothing was done.
    /// </returns>
    ValueTask<long?> AppendAsync(StoredMessage message, IReadOnlyList<long> dropped);

    /// <summary>The sequence of the message that was stored under a key after a time, if any.</summary>
    ValueTask<long?> FindKeyAsync(string key, DateTimeOffset storedAfter);

    /// <summary>Reads messages back; those that are no longer there are left out.</summary>
    ValueTask<IReadOnlyDictionary<long, MqttMessage>> ReadAsync(IReadOnlyList<long> sequences);

    /// <summary>Removes messages.</summary>
    ValueTask RemoveAsync(IReadOnlyList<long> sequences);

    /// <summary>Notes that PUBREC has come for a message.</summary>
    ValueTask ReleaseAsync(long sequence);

    /// <summary>Notes that a message of QoS 2 was received and must not be received again.</summary>
    ValueTask AddReceivedAsync(ushort identifier);

    /// <summary>Notes that its exchange is over.</summary>
    ValueTask RemoveReceivedAsync(ushort identifier);

    /// <summary>
    /// Begins a new session: what was received is forgotten, and what was sent counts as never sent.
    /// </summary>
    /// <param name="identity">Whose session it is.</param>
    ValueTask BeginSessionAsync(string identity);
}

/// <summary>A message as it is stored.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Message">The message.</param>
/// <param name="AcceptedAt">When it was accepted, by the wall clock.</param>
/// <param name="KeysAfter">A key that was stored before this does not count any more.</param>
internal sealed record StoredMessage(
    long Sequence, MqttMessage Message, DateTimeOffset AcceptedAt, DateTimeOffset KeysAfter);

/// <summary>What is known of a stored message without reading it.</summary>
internal sealed record StoredEntry(
    long Sequence,
    MqttQualityOfServiceLevel QualityOfService,
    int Size,
    DateTimeOffset AcceptedAt,
    TimeSpan? Expiry,
    bool HasKey,
    bool IsReleased);

/// <summary>What a store held when it was opened.</summary>
/// <param name="LastSequence">The highest number ever given; 0 for none.</param>
/// <param name="Identity">Whose session it was; <see langword="null"/> for none.</param>
/// <param name="MaxInFlight">How many messages may have been on their way at a time.</param>
/// <param name="Entries">The messages, in order.</param>
/// <param name="Received">The identifiers received at QoS 2 whose exchange is not over.</param>
internal sealed record StoredSession(
    long LastSequence,
    string? Identity,
    int MaxInFlight,
    IReadOnlyList<StoredEntry> Entries,
    IReadOnlyList<ushort> Received);
