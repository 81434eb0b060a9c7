namespace ModemDriver.Simulator.Time;

/// <summary>A clock that moves when told to, on the thread that tells it.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<VirtualTimer> _timers = [];
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() =>
        new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        _ = timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves on, and fires each timer at its own moment.</summary>
    internal void Advance(TimeSpan time)
    {
        long until = GetTimestamp() + time.Ticks;
        while (NextDue(until) is VirtualTimer timer)
        {
            Interlocked.Exchange(ref _ticks, Math.Max(GetTimestamp(), timer.DueAt));
            timer.Fire();
        }

        Interlocked.Exchange(ref _ticks, until);
    }

    /// <summary>Moves on to the moment of the next timer, and fires that one.</summary>
    /// <returns>Whether there was one.</returns>
    internal bool AdvanceToNext()
    {
        if (NextDue(long.MaxValue) is not VirtualTimer timer)
        {
            return false;
        }

        Interlocked.Exchange(ref _ticks, Math.Max(GetTimestamp(), timer.DueAt));
        timer.Fire();
        return true;
    }

    private VirtualTimer? NextDue(long until)
    {
        lock (_gate)
        {
            VirtualTimer? next = _timers.MinBy(timer => timer.DueAt);
            return next?.DueAt <= until ? next : null;
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        internal long DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    DueAt = clock.GetTimestamp() + dueTime.Ticks;
                    clock._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Fire()
        {
            TimeSpan next = _period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan;
            _ = Change(next, _period);
            callback(state);
        }
    }
}
