using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using ModemDriver.Scheduling;

namespace ModemDriver.Channel;

/// <summary>Brings values to the one waiter on the loop, in order. Used on the loop only.</summary>
/// <remarks>
/// The waiter goes on by a post to the loop, never inside the call that brought the value: the framer is then in the
/// middle of its input. It is one post, whatever the waiter has asked for: between the value and who waits for it stands
/// only what had been posted before. Waiting allocates nothing.
/// </remarks>
internal sealed class SignalQueue<T>(ModemLoop loop) : IValueTaskSource<T>
{
    private static readonly SendOrPostCallback Continue = static queue => ((SignalQueue<T>)queue!).GoOn();

    private readonly Queue<T> _values = new();
    private T _value = default!; // whoever waits gets it only once it is set
    private Action<object?>? _continuation;
    private object? _state;
    private short _version;
    private bool _hasValue;

    /// <summary>Whether somebody waits, and nothing has come yet.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Brings a value.</summary>
    public void Set(T value)
    {
        if (!IsWaiting)
        {
            _values.Enqueue(value);
            return;
        }

        IsWaiting = false;
        _value = value;
        _hasValue = true;
        if (_continuation is not null)
        {
            loop.Post(Continue, this);
        }
    }

    /// <summary>Forgets what nobody has waited for.</summary>
    public void Clear() => _values.Clear();

    /// <summary>Takes the oldest value that nobody has waited for, if there is one.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T value) => _values.TryDequeue(out value);

    /// <summary>Waits for the next value; when none is there that nobody has waited for.</summary>
    /// <exception cref="InvalidOperationException">Somebody waits.</exception>
    public ValueTask<T> WaitAsync()
    {
        if (IsWaiting || _continuation is not null)
        {
            throw new InvalidOperationException("There is one waiter at a time.");
        }

        IsWaiting = true;
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

    // Whoever waits has the loop for its context: no other need be kept. Its execution context is its own matter.
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
        continuation!(state); // posted by whoever has found it
    }

    private void Check(short token)
    {
        if (token != _version)
        {
            throw new InvalidOperationException("This wait is over.");
        }
    }
}
