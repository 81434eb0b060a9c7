namespace ModemDriver.Scheduling;

/// <summary>Lets one caller through at a time, in the order of arrival. For the rim: any thread may use it.</summary>
/// <remarks>
/// A semaphore of the runtime takes a wait with a token over the thread pool, also where all is to stay on one thread.
/// Here who waits goes on where it awaits.
/// </remarks>
/// <param name="staysOnContext">Whether a wait goes on in the context of its caller.</param>
internal sealed class RimTurn(bool staysOnContext)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private bool _isTaken;

    /// <summary>Waits for its turn.</summary>
    /// <exception cref="OperationCanceledException">The token fired first; the turn is another's.</exception>
    public Task EnterAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        TaskCompletionSource turn;
        lock (_gate)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return Task.CompletedTask;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.AddLast(turn);
        }

        // Who leaves skips a turn that was cancelled.
        return cancellationToken.CanBeCanceled ? WaitAsync(turn, cancellationToken) : turn.Task;
    }

    /// <summary>Takes the turn if nobody has it.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            var isFree = !_isTaken;
            _isTaken = true;
            return isFree;
        }
    }

    /// <summary>Lets the next one through.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            while (_waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                if (next.Value.TrySetResult())
                {
                    return;
                }
            }

            _isTaken = false;
        }
    }

    private async Task WaitAsync(TaskCompletionSource turn, CancellationToken cancellationToken)
    {
        var tie = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn);
        try
        {
            await turn.Task.ConfigureAwait(staysOnContext);
        }
        finally
        {
            tie.Unregister(); // does not wait: who is late finds the turn decided
        }
    }
}
