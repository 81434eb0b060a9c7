using ModemDriver.Mqtt.Outbox;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt;

/// <summary>What became of an accepted message.</summary>
public enum MqttDeliveryOutcome
{
    /// <summary>
    /// Handed to the broker: written (QoS 0), acknowledged (QoS 1), or acknowledged and released (QoS 2).
    /// </summary>
    Delivered,

    /// <summary>
    /// A message with the same key was accepted before and waits no longer; what became of it is not known here.
    /// </summary>
    AcceptedBefore,

    /// <summary>The broker refused it (MQTT 5), or it cannot be sent to this broker; it was dropped.</summary>
    Refused,

    /// <summary>Its expiry, or the age that the outbox allows, had passed; it was dropped.</summary>
    Expired,

    /// <summary>The outbox was full, and its policy dropped it.</summary>
    Dropped,

    /// <summary>QoS 0 only: the connection failed while it was written. It may have arrived.</summary>
    Lost,
}

/// <summary>What became of an accepted message, with the broker's code where it gave one.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Code">
/// The code of PUBACK or PUBREC; <see langword="null"/> where no broker said anything, as with QoS 0 and MQTT 3.1.1.
/// </param>
public sealed record MqttDelivery(MqttDeliveryOutcome Outcome, MqttPubAckReasonCode? Code = null);

/// <summary>The outbox has taken a message: it is stored.</summary>
public readonly struct MqttReceipt : IEquatable<MqttReceipt>
{
    private static readonly TimeSpan DefaultWaitLimit = TimeSpan.FromMinutes(5);

    private readonly OutboxEntry? _entry;
    private readonly OutboxQueue? _queue;

    /// <summary>For a message that is, or was, in the outbox.</summary>
    internal MqttReceipt(OutboxQueue queue, OutboxEntry entry, bool wasKnown)
    {
        _queue = queue;
        _entry = entry;
        WasKnown = wasKnown;
        Sequence = entry.Sequence;
    }

    /// <summary>For a message that was accepted before, and waits no longer.</summary>
    internal MqttReceipt(long sequence)
    {
        Sequence = sequence;
        WasKnown = true;
    }

    /// <summary>The message's number in its outbox; later messages have higher ones. 0 where it was dropped at once.</summary>
    public long Sequence { get; }

    /// <summary>Whether a message with the same key had been stored before, and this one therefore was not.</summary>
    public bool WasKnown { get; }

    /// <summary>Waits until the message has been handed to the broker, or has been dropped.</summary>
    /// <param name="timeLimit">How long to wait. Above zero. Default 5 minutes.</param>
    /// <param name="cancellationToken">Ends the wait; the message stays in the outbox.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="TimeoutException">It was still waiting when the limit ran out; it stays in the outbox.</exception>
    /// <exception cref="MqttClosedException">The client was closed first; a durable outbox keeps the message.</exception>
    public Task<MqttDelivery> WaitForDeliveryAsync(
        TimeSpan? timeLimit = null, CancellationToken cancellationToken = default)
    {
        TimeSpan limit = timeLimit ?? DefaultWaitLimit;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeLimit));
        return _queue is null || _entry is null
            ? Task.FromResult(new MqttDelivery(MqttDeliveryOutcome.AcceptedBefore))
            : _queue.WaitAsync(_entry, limit, cancellationToken);
    }

    /// <inheritdoc/>
    public bool Equals(MqttReceipt other) =>
        Sequence == other.Sequence && WasKnown == other.WasKnown && ReferenceEquals(_entry, other._entry);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MqttReceipt other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Sequence, WasKnown);

    /// <summary>Whether both are about the same publish.</summary>
    public static bool operator ==(MqttReceipt left, MqttReceipt right) => left.Equals(right);

    /// <summary>Whether they are about different publishes.</summary>
    public static bool operator !=(MqttReceipt left, MqttReceipt right) => !left.Equals(right);
}
