using System.Threading.Tasks.Sources;

namespace ModemDriver.Channel;

/// <summary>Values from the wire or a timer for the one method that waits for them. Used on the loop only.</summary>
/// <remarks>
/// The waiter continues by a post to the loop, never inside the call that brought the value: the framer is then in the
/// middle of its input. Waiting allocates nothing.
/// </remarks>
internal sealed class SignalQueue<T> : IValueTaskSource<T>
{
    private readonly Queue<T> _values = new();
    private ManualResetValueTaskSourceCore<T> _core = new() { RunContinuationsAsynchronously = true };
    private bool _isWaiting;

    /// <summary>Brings a value.</summary>
    public void Set(T value)
    {
        if (_isWaiting)
        {
            _isWaiting = false;
            _core.SetResult(value);
        }
        else
        {
            _values.Enqueue(value);
        }
    }

    /// <summary>Forgets what nobody has waited for.</summary>
    public void Clear() => _values.Clear();

    /// <summary>The next value.</summary>
    public ValueTask<T> WaitAsync()
    {
        if (_values.TryDequeue(out var value))
        {
            return new ValueTask<T>(value);
        }

        _core.Reset();
        _isWaiting = true;
        return new ValueTask<T>(this, _core.Version);
    }

    T IValueTaskSource<T>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
