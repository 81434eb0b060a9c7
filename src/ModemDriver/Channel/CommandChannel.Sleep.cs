namespace ModemDriver.Channel;

/// <summary>A module that sleeps while its line is quiet.</summary>
internal sealed partial class CommandChannel
{
    // The module's clock is not ours, and it counts from another moment.
    private const double Early = 0.9;

    private TimeSpan? _sleepsAfter;
    private long _busyAt;

    /// <summary>
    /// After how long a quiet of the line the module may be asleep, and is woken before the next command;
    /// <see langword="null"/>: it does not sleep.
    /// </summary>
    public TimeSpan? SleepsAfter
    {
        get => _sleepsAfter;
        set
        {
            _sleepsAfter = value;
            NoteBusy(); // Until now it did not sleep.
        }
    }

    // What wakes it is lost, so that it is sent until an answer comes: as when the channel gets in step again.
    private bool IsAsleep => _sleepsAfter is { } quiet && _time.GetElapsedTime(_busyAt) >= quiet * Early;

    // What the module says keeps it awake no longer than what it hears, so that only the latter counts.
    private void NoteBusy()
    {
        if (_sleepsAfter is not null)
        {
            _busyAt = _time.GetTimestamp();
        }
    }
}
