namespace ModemDriver.Scheduling;

/// <summary>Lets one asynchronous method through at a time, in the order of arrival. Used on the loop only.</summary>
internal sealed class LoopGate
{
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private bool _isTaken;

    /// <summary>Waits for its turn.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_isTaken)
        {
            _isTaken = true;
            return;
        }

        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var node = _waiting.AddLast(turn);
        try
        {
            await LoopWait.ForAsync(turn.Task, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The turn may have come while the cancellation was on its way; then it is passed on.
            if (turn.Task.IsCompletedSuccessfully)
            {
                Leave();
            }
            else
            {
                _waiting.Remove(node);
            }

            throw;
        }
    }

    /// <summary>Lets the next one through.</summary>
    public void Leave()
    {
        if (_waiting.First is not { } next)
        {
            _isTaken = false;
            return;
        }

        _waiting.RemoveFirst();
        next.Value.SetResult();
    }
}
