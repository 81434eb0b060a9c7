using System.Diagnostics.CodeAnalysis;

namespace ModemDriver.Scheduling;

/// <summary>Things that wait for whoever asks for them, in order. Used on the loop only; its user bounds it.</summary>
internal sealed class LoopQueue<T>
{
    private readonly Queue<T> _items = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private Func<Exception>? _ended;

    /// <summary>How many wait.</summary>
    public int Count => _items.Count;

    /// <summary>Whether nothing will be added any more.</summary>
    public bool HasEnded => _ended is not null;

    /// <summary>Adds one, unless the queue has ended.</summary>
    public void Enqueue(T item)
    {
        if (_ended is null)
        {
            _items.Enqueue(item);
            WakeOne();
        }
    }

    /// <summary>Takes the oldest, if there is one.</summary>
    public bool TryDequeue([MaybeNullWhen(false)] out T item) => _items.TryDequeue(out item);

    /// <summary>Takes the oldest, or waits for one.</summary>
    /// <exception cref="Exception">The queue has ended and is empty; a new object for each caller.</exception>
    public async Task<T> DequeueAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_items.TryDequeue(out var item))
            {
                return item;
            }

            if (_ended is not null)
            {
                throw _ended();
            }

            await WaitAsync(cancellationToken);
        }
    }

    /// <summary>Nothing will be added any more. The first reason is kept; what waits can still be taken.</summary>
    public void End(Func<Exception> reason)
    {
        _ended ??= reason;
        while (_waiting.Count > 0)
        {
            WakeOne();
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
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
                WakeOne();
            }
            else
            {
                _waiting.Remove(node);
            }

            throw;
        }
    }

    private void WakeOne()
    {
        if (_waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            first.Value.SetResult();
        }
    }
}
