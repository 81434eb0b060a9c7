using System.Threading.Tasks.Sources;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>Bytes for one reader, who may wait for them; then it goes on inside the call that brings them.</summary>
internal sealed class SignalledBytes : IValueTaskSource<int>
{
    private readonly Lock _gate = new();
    private readonly byte[] _bytes = new byte[4096];
    private ManualResetValueTaskSourceCore<int> _source;
    private Memory<byte> _wanted;
    private bool _waits;
    private bool _hasEnded;
    private int _count;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    public void Put(ReadOnlySpan<byte> bytes)
    {
        int taken;
        lock (_gate)
        {
            bytes.CopyTo(_bytes.AsSpan(_count));
            _count += bytes.Length;
            if (!_waits)
            {
                return;
            }

            _waits = false;
            taken = TakeUnderGate(_wanted.Span);
        }

        _source.SetResult(taken);
    }

    /// <summary>What is there. The module has answered when the write returns, so nobody waits in vain.</summary>
    public int Take(Span<byte> buffer)
    {
        lock (_gate)
        {
            return TakeUnderGate(buffer);
        }
    }

    public ValueTask<int> TakeAsync(Memory<byte> buffer)
    {
        lock (_gate)
        {
            if (_count > 0 || _hasEnded)
            {
                return ValueTask.FromResult(TakeUnderGate(buffer.Span));
            }

            _source.Reset();
            _wanted = buffer;
            _waits = true;
            return new ValueTask<int>(this, _source.Version);
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            if (!_waits)
            {
                return;
            }

            _waits = false;
        }

        _source.SetResult(0);
    }

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private int TakeUnderGate(Span<byte> buffer)
    {
        int taken = Math.Min(buffer.Length, _count);
        _bytes.AsSpan(0, taken).CopyTo(buffer);
        _bytes.AsSpan(taken, _count - taken).CopyTo(_bytes);
        _count -= taken;
        return taken;
    }
}
