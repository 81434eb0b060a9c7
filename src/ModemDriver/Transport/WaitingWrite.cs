using System.Threading.Tasks.Sources;

namespace ModemDriver.Transport;

/// <summary>The write that waits until the port takes its rest. There is one at a time, and it is used again.</summary>
/// <remarks>
/// Its owner's gate guards it: every member but <see cref="Complete"/> and those of the task source is called under it.
/// Whoever ends the write under the gate completes it afterwards; so the memory is not looked at once the caller knows.
/// </remarks>
internal sealed class WaitingWrite : IValueTaskSource
{
    private readonly Lock _gate;
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private volatile bool _active;

    public WaitingWrite(Lock gate) => _gate = gate;

    /// <summary>Whether a write waits. May be read without the gate, as a hint.</summary>
    public bool IsActive => _active;

    /// <summary>What the port has not taken yet.</summary>
    public ReadOnlyMemory<byte> Rest { get; private set; }

    public ValueTask Start(ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        _source.Reset();
        Rest = rest;
        _token = cancellationToken;
        _active = true;
        short version = _source.Version;
        _registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((WaitingWrite)state!).Cancel(token), this);
        return new ValueTask(this, version);
    }

    /// <summary>The port has taken some.</summary>
    public void Advance(int bytes) => Rest = Rest[bytes..];

    /// <summary>Ends the write. <see langword="true"/> for the one caller that must then complete it.</summary>
    public bool TryEnd()
    {
        if (!_active)
        {
            return false;
        }

        _active = false;
        Rest = default;
        _registration.Unregister(); // does not wait: a late callback finds no write, or one that is cancelled too
        _registration = default;
        return true;
    }

    /// <summary>Tells the caller. Not under the gate: continuations may belong to a context of the caller's.</summary>
    public void Complete(Exception? failure)
    {
        if (failure is null)
        {
            _source.SetResult(true);
        }
        else
        {
            _source.SetException(failure);
        }
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        lock (_gate)
        {
            if (_token != token || !TryEnd())
            {
                return;
            }
        }

        Complete(new OperationCanceledException(token));
    }
}
