namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>A clock that knows how many of its timers are still to fire.</summary>
internal sealed class CountingTime(TimeProvider inner) : TimeProvider
{
    private int _armed;

    /// <summary>Timers that have been set, and have neither fired for the last time nor been disposed.</summary>
    public int Armed => Volatile.Read(ref _armed);

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Start(inner.CreateTimer(timer.Fire, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), dueTime, period);
        return timer;
    }

    private sealed class Timer(CountingTime owner, TimerCallback callback, object? state) : ITimer
    {
        private readonly Lock _gate = new();
        private ITimer? _inner;
        private bool _isArmed;
        private bool _repeats;

        public void Start(ITimer inner, TimeSpan dueTime, TimeSpan period)
        {
            _inner = inner;
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                _repeats = period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero;
                Arm(dueTime != Timeout.InfiniteTimeSpan);
            }

            return _inner!.Change(dueTime, period); // it has been started
        }

        public void Fire(object? unused)
        {
            lock (_gate)
            {
                Arm(_isArmed && _repeats);
            }

            callback(state);
        }

        public void Dispose()
        {
            lock (_gate)
            {
                Arm(false);
            }

            _inner!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(bool isArmed)
        {
            Interlocked.Add(ref owner._armed, (isArmed ? 1 : 0) - (_isArmed ? 1 : 0));
            _isArmed = isArmed;
        }
    }
}
