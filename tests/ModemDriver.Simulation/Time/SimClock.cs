namespace ModemDriver.Simulation.Time;

/// <summary>
/// A clock that goes from timer to timer. Timers of the same moment fire in the order in which they were set, as work of
/// the one thread.
/// </summary>
internal sealed class SimClock(SimThread thread) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<(SimTimer Timer, int Setting), (long Due, long Order)> _timers = new();
    private long _ticks;
    private long _order;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How long the run has lasted.</summary>
    public TimeSpan Now => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Start.AddTicks(GetTimestamp());

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        thread.Check("a timer is made");
        var timer = new SimTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves on to the next timer, and hands it to the thread.</summary>
    /// <returns>Whether there was one.</returns>
    public bool AdvanceToNext()
    {
        while (_timers.TryDequeue(out (SimTimer Timer, int Setting) next, out (long Due, long Order) at))
        {
            if (next.Timer.Setting == next.Setting)
            {
                Interlocked.Exchange(ref _ticks, Math.Max(GetTimestamp(), at.Due));
                thread.Post(static timer => ((SimTimer)timer!).Fire(), next.Timer);
                return true;
            }
        }

        return false;
    }

    private void Add(SimTimer timer, int setting, TimeSpan dueTime) =>
        _timers.Enqueue((timer, setting), (GetTimestamp() + dueTime.Ticks, _order++));

    private sealed class SimTimer(SimClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        /// <summary>Goes up with each change: an older place in the queue is void.</summary>
        internal int Setting { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.CheckThread();
            Setting++;
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                clock.Add(this, Setting, dueTime);
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
            if (_period > TimeSpan.Zero)
            {
                Change(_period, _period);
            }

            callback(state);
        }
    }

    private void CheckThread() => thread.Check("a timer is set");
}
