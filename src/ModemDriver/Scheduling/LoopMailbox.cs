namespace ModemDriver.Scheduling;

/// <summary>What is told while nobody listens, kept in order until somebody does. Used on the loop only, by one reader.</summary>
internal sealed class LoopMailbox<T>(TimeProvider time)
{
    private readonly Queue<T> _letters = new();
    private TaskCompletionSource? _arrived;
    private Exception? _ended;

    /// <summary>Whether there is something.</summary>
    public bool HasLetters => _letters.Count > 0;

    /// <summary>Puts something in.</summary>
    public void Post(T letter)
    {
        _letters.Enqueue(letter);
        _arrived?.TrySetResult();
    }

    /// <summary>Nothing more will come: whoever waits is told why, once.</summary>
    public void End(Exception reason)
    {
        _ended = reason;
        _arrived?.TrySetResult();
    }

    /// <summary>Throws everything away; it can be used again.</summary>
    public void Clear()
    {
        _letters.Clear();
        _ended = null;
    }

    /// <summary>Takes the first, or waits for one.</summary>
    /// <exception cref="TimeoutException">None came in time.</exception>
    /// <exception cref="OperationCanceledException">The token fired first.</exception>
    public async Task<T> TakeAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (_letters.Count == 0 && _ended is null)
        {
            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                await LoopWait.ForAsync(_arrived.Task, limit, time, cancellationToken);
            }
            finally
            {
                _arrived = null;
            }
        }

        return _letters.TryDequeue(out var letter) ? letter : throw _ended!; // one of both has happened
    }
}
