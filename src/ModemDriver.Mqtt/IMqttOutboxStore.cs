using MQTTnet.Protocol;

namespace ModemDriver.Mqtt;

/// <summary>
/// Keeps what a client has accepted, and the state of its exchanges, for <see cref="ManagedMqttClient"/>: a store of your own
/// in place of the file.
/// </summary>
/// <remarks>
/// <para>Changes take effect in the order of the calls, each as a whole: after a crash a store holds what it held after some
/// call, and at least after the last one that has completed. A call that fails has changed nothing, and throws; anything but
/// an <see cref="MqttOutboxException"/> is passed on inside one.</para>
/// <para>Calls come from any thread and do not wait for each other: those that follow begin before those before them have
/// completed. They are made under locks of the client's: a call notes what is to be done, and returns; it must not block, and
/// must not call the client.</para>
/// <para>A store belongs to one client, which opens it once and disposes it.</para>
/// </remarks>
public interface IMqttOutboxStore : IAsyncDisposable
{
    /// <summary>
    /// Whether messages can be read back. Where not, the client keeps all of them in memory, and neither reads nor removes
    /// any.
    /// </summary>
    bool KeepsMessages => true;

    /// <summary>Opens the store and reads everything but the messages themselves.</summary>
    /// <param name="cancellationToken">Ends the opening.</param>
    ValueTask<MqttStoredSession> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Adds a message, and removes others in the same step to make room.</summary>
    /// <param name="message">The message, with the highest number so far.</param>
    /// <param name="dropped">The numbers of those to remove; perhaps none.</param>
    /// <returns>
    /// <see langword="null"/> when it was stored; else the number of the message that has its key, and nothing was done.
    /// </returns>
    ValueTask<long?> AppendAsync(MqttStoredMessage message, IReadOnlyList<long> dropped);

    /// <summary>The number of the message that was stored under a key, whether or not it is still there.</summary>
    /// <param name="key">The key; compared by code points.</param>
    /// <param name="storedAfter">What was accepted then or earlier does not count, and may be forgotten.</param>
    /// <returns><see langword="null"/> for none.</returns>
    ValueTask<long?> FindKeyAsync(string key, DateTimeOffset storedAfter);

    /// <summary>Reads messages back, with all they had but the key; those that are no longer there are left out.</summary>
    /// <param name="sequences">Their numbers.</param>
    ValueTask<IReadOnlyDictionary<long, MqttMessage>> ReadAsync(IReadOnlyList<long> sequences);

    /// <summary>Removes messages; their keys stay. What is not there is passed over.</summary>
    /// <param name="sequences">Their numbers.</param>
    ValueTask RemoveAsync(IReadOnlyList<long> sequences);

    /// <summary>Notes that PUBREC has come for a message.</summary>
    /// <param name="sequence">Its number.</param>
    ValueTask ReleaseAsync(long sequence);

    /// <summary>Notes that a message of QoS 2 was received and must not be received again.</summary>
    /// <param name="identifier">Its packet identifier; perhaps one that is noted already.</param>
    ValueTask AddReceivedAsync(ushort identifier);

    /// <summary>Notes that its exchange is over.</summary>
    /// <param name="identifier">Its packet identifier.</param>
    ValueTask RemoveReceivedAsync(ushort identifier);

    /// <summary>Begins a new session: received identifiers are forgotten, and so is every PUBREC.</summary>
    /// <param name="identity">Whose session it is.</param>
    ValueTask BeginSessionAsync(string identity);
}

/// <summary>A message as it is stored.</summary>
/// <param name="Sequence">Its number, from 1. A number is never used for a second message.</param>
/// <param name="Message">The message.</param>
/// <param name="Size">What it takes up in the outbox, in bytes.</param>
/// <param name="AcceptedAt">When it was accepted, by the wall clock.</param>
/// <param name="KeysAfter">A key that was stored then or earlier does not count any more, and may be forgotten.</param>
public sealed record MqttStoredMessage(
    long Sequence, MqttMessage Message, int Size, DateTimeOffset AcceptedAt, DateTimeOffset KeysAfter);

/// <summary>What is known of a stored message without reading it.</summary>
/// <param name="Sequence">As in <see cref="MqttStoredMessage"/>.</param>
/// <param name="QualityOfService">That of the message.</param>
/// <param name="Size">As in <see cref="MqttStoredMessage"/>.</param>
/// <param name="AcceptedAt">As in <see cref="MqttStoredMessage"/>.</param>
/// <param name="Expiry">That of the message.</param>
/// <param name="HasKey">Whether the message had one.</param>
/// <param name="IsReleased">Whether PUBREC has come for it in the present session.</param>
public sealed record MqttStoredEntry(
    long Sequence,
    MqttQualityOfServiceLevel QualityOfService,
    int Size,
    DateTimeOffset AcceptedAt,
    TimeSpan? Expiry,
    bool HasKey,
    bool IsReleased);

/// <summary>What a store held when it was opened.</summary>
/// <param name="LastSequence">The highest number ever stored, also where that message is gone; 0 for none.</param>
/// <param name="Identity">Whose session it was; <see langword="null"/> for none.</param>
/// <param name="Entries">The messages, in the order of their numbers.</param>
/// <param name="Received">The identifiers received at QoS 2 whose exchange is not over.</param>
public sealed record MqttStoredSession(
    long LastSequence, string? Identity, IReadOnlyList<MqttStoredEntry> Entries, IReadOnlyList<ushort> Received);
