namespace ModemDriver.Cli;

/// <summary>A token that fires when nothing has been heard for a while, or when the caller's does.</summary>
/// <remarks>One timer for as many waits as there are: a limit for each of a million reads must not cost memory.</remarks>
internal sealed class SilenceWatch : IDisposable
{
    private readonly CancellationTokenSource _silence = new();
    private readonly CancellationTokenSource _either;
    private readonly ITimer _timer;
    private readonly TimeSpan _limit;

    /// <summary>Makes a watch that stands still until <see cref="Restart"/>.</summary>
    public SilenceWatch(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _limit = limit;
        _either = CancellationTokenSource.CreateLinkedTokenSource(_silence.Token, cancellationToken);
        _timer = time.CreateTimer(
            _ => _silence.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => _either.Token;

    /// <summary>Whether it was the silence.</summary>
    public bool IsTooLong => _silence.IsCancellationRequested;

    /// <summary>Something was heard: the limit begins anew.</summary>
    public void Restart() => _timer.Change(_limit, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        // The source of the silence is left to the collector: the timer may be firing at this moment, and cancelling a
        // disposed source throws on the timer's thread.
        _timer.Dispose();
        _either.Dispose();
    }
}
