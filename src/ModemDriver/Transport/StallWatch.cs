namespace ModemDriver.Transport;

/// <summary>Notices that a write makes no progress. One per transport; nothing is allocated per write.</summary>
internal sealed class StallWatch : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly Action _stalled;
    private readonly ITimer _timer;
    private long _progressAt;
    private volatile bool _running;

    /// <summary>Makes a watch that is not running.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="limit">For how long nothing may be taken.</param>
    /// <param name="stalled">Called from the timer's thread. The write may have ended meanwhile: it looks for
    /// itself.</param>
    public StallWatch(TimeProvider time, TimeSpan limit, Action stalled)
    {
        _time = time;
        _limit = limit;
        _stalled = stalled;
        _timer = time.CreateTimer(
            static state => ((StallWatch)state!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start()
    {
        Progress();
        _running = true;
        _timer.Change(_limit, Timeout.InfiniteTimeSpan);
    }

    public void Progress() => Volatile.Write(ref _progressAt, _time.GetTimestamp());

    // The timer runs on: setting it twice per write costs more than one call that finds nothing to do.
    public void Stop() => _running = false;

    public void Dispose()
    {
        Stop();
        _timer.Dispose();
    }

    private void Check()
    {
        if (!_running)
        {
            return;
        }

        TimeSpan left = _limit - _time.GetElapsedTime(Volatile.Read(ref _progressAt));
        if (left > TimeSpan.Zero)
        {
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _stalled();
        }
    }
}
