namespace ModemDriver.Mqtt.Outbox;

/// <summary>The wall clock of one opening of the outbox. It does not jump: it was read once, and then counts on.</summary>
internal sealed class OutboxClock
{
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _openedAt;
    private readonly long _openedStamp;

    /// <summary>Reads the wall clock.</summary>
    public OutboxClock(TimeProvider time)
    {
        _time = time;
        _openedAt = time.GetUtcNow();
        _openedStamp = time.GetTimestamp();
    }

    /// <summary>What the wall clock would say had nobody set it since the opening.</summary>
    public DateTimeOffset UtcNow => _openedAt + _time.GetElapsedTime(_openedStamp);

    /// <summary>The monotonic reading now.</summary>
    public long Stamp => _time.GetTimestamp();

    /// <summary>How long ago a monotonic reading was.</summary>
    public TimeSpan Since(long stamp) => _time.GetElapsedTime(stamp);

    /// <summary>The monotonic reading that would have been taken at a time of the wall clock; now, for a time to come.</summary>
    public long StampOf(DateTimeOffset acceptedAt)
    {
        TimeSpan age = UtcNow - acceptedAt;
        return age <= TimeSpan.Zero
            ? Stamp
            : Stamp - (long)(age.TotalSeconds * _time.TimestampFrequency);
    }
}
