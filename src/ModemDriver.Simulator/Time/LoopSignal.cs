namespace ModemDriver.Simulator.Time;

/// <summary>Something on the loop waits for something else on the loop.</summary>
/// <remarks>
/// A completion source that runs its continuations asynchronously would take a wait with a token through the thread
/// pool, and a run on one thread would not be one; one that runs them inline would run the waiter in the middle of
/// whoever signals. So the signal is a callback of the loop of its own.
/// </remarks>
internal sealed class LoopSignal(SimulatorLoop loop)
{
    private TaskCompletionSource? _waiting;

    /// <summary>Completes with the next <see cref="Set"/>.</summary>
    internal Task WaitAsync(CancellationToken cancellationToken)
    {
        _waiting ??= new TaskCompletionSource();
        return _waiting.Task.WaitAsync(cancellationToken);
    }

    internal void Set()
    {
        if (_waiting is TaskCompletionSource waiting)
        {
            _waiting = null;
            loop.Post(() => waiting.TrySetResult());
        }
    }
}
