namespace ModemDriver.Mqtt.Outbox;

/// <summary>The wall clock of one opening of the outbox. It does not jump: it was read once, and then counts on.</summary>
internal sealed class OutboxClock
{
    /// <summary>A clock before this was not set: many boards start in 1970 or 2000.</summary>
    public static readonly DateTimeOffset EarliestPlausible = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

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

    /// <summary>
    /// The monotonic reading that would have been taken at a time of the wall clock; now, for a time that cannot be.
    /// </summary>
    public long StampOf(DateTimeOffset acceptedAt)
    {
        TimeSpan age = UtcNow - acceptedAt;
        return age <= TimeSpan.Zero || (acceptedAt < EarliestPlausible && UtcNow >= EarliestPlausible)
            ? Stamp
            : Stamp - (long)(age.TotalSeconds * _time.TimestampFrequency);
    }
}
