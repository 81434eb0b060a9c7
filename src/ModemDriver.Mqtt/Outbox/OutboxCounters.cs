namespace ModemDriver.Mqtt.Outbox;

/// <summary>What has happened to messages since the client was opened.</summary>
internal sealed class OutboxCounters
{
    private long _accepted;
    private long _repeated;
    private long _delivered;
    private long _refused;
    private long _expired;
    private long _dropped;
    private long _lost;

    /// <summary>Stored.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Not stored, because the key was known.</summary>
    public long Repeated => Volatile.Read(ref _repeated);

    /// <summary>Handed to the broker.</summary>
    public long Delivered => Volatile.Read(ref _delivered);

    /// <summary>Refused by the broker, or not sendable to it.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Dropped because their time had passed.</summary>
    public long Expired => Volatile.Read(ref _expired);

    /// <summary>Dropped because there was no room.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Perhaps not written at QoS 0.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>One was stored.</summary>
    public void CountAccepted() => Interlocked.Increment(ref _accepted);

    /// <summary>The key of one was known.</summary>
    public void CountRepeated() => Interlocked.Increment(ref _repeated);

    /// <summary>One has left the outbox.</summary>
    public void Count(MqttDeliveryOutcome outcome)
    {
        switch (outcome)
        {
            case MqttDeliveryOutcome.Delivered:
                Interlocked.Increment(ref _delivered);
                break;
            case MqttDeliveryOutcome.Refused:
                Interlocked.Increment(ref _refused);
                break;
            case MqttDeliveryOutcome.Expired:
                Interlocked.Increment(ref _expired);
                break;
            case MqttDeliveryOutcome.Dropped:
                Interlocked.Increment(ref _dropped);
                break;
            case MqttDeliveryOutcome.Lost:
                Interlocked.Increment(ref _lost);
                break;
            default:
                // AcceptedBefore is counted as repeated where the key is found.
                break;
        }
    }
}
