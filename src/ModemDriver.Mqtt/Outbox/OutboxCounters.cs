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

    public long Accepted => Volatile.Read(ref _accepted);

    public long Repeated => Volatile.Read(ref _repeated);

    public long Delivered => Volatile.Read(ref _delivered);

    public long Refused => Volatile.Read(ref _refused);

    public long Expired => Volatile.Read(ref _expired);

    public long Dropped => Volatile.Read(ref _dropped);

    public long Lost => Volatile.Read(ref _lost);

    public void CountAccepted() => Interlocked.Increment(ref _accepted);

    public void CountRepeated() => Interlocked.Increment(ref _repeated);

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
