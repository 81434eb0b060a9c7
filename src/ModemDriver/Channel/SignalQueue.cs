using System.Threading.Tasks.Sources;
using ModemDriver.Scheduling;

namespace ModemDriver.Channel;

/// <summary>Values from the wire or a timer for the one method that waits for them. Used on the loop only.</summary>
/// <remarks>
/// The waiter continues by a post to the loop, never inside the call that brought the value: the framer is then in the
/// middle of its input. Waiting allocates nothing.
/// </remarks>
internal sealed class SignalQueue<T>(ModemLoop loop) : IValueTaskSource<T>
{
    private static readonly SendOrPostCallback Continue = static queue => ((SignalQueue<T>)queue!).GoOn();

    private readonly Queue<T> _values = new();
    private T _value = default!; // whoever waits gets it only once it is set
    private Action<object?>? _continuation;
    private object? _state;
    private short _version;
    private bool _isWaiting;
    private bool _hasValue;

    /// <summary>Brings a value.</summary>
    public void Set(T value)
    {
        if (!_isWaiting)
        {
            _values.Enqueue(value);
            return;
        }

        _isWaiting = false;
        _value = value;
        _hasValue = true;
        if (_continuation is not null)
        {
            loop.Post(Continue, this);
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

        _isWaiting = true;
        _hasValue = false;
        return new ValueTask<T>(this, ++_version);
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        Check(token);
        return _hasValue ? _value : throw new InvalidOperationException("There is no value yet.");
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token)
    {
        Check(token);
        return _hasValue ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
    }

    // The flags ask for the context of the waiter, which is the loop. The flow of the execution context is the matter of
    // the asynchronous method that waits.
    void IValueTaskSource<T>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Check(token);
        (_continuation, _state) = (continuation, state);
        if (_hasValue)
        {
            loop.Post(Continue, this);
        }
    }

    private void GoOn()
    {
        var (continuation, state) = (_continuation, _state);
        (_continuation, _state) = (null, null);
        continuation?.Invoke(state);
    }

    private void Check(short token)
    {
        if (token != _version)
        {
            throw new InvalidOperationException("This wait is over.");
        }
    }
}
