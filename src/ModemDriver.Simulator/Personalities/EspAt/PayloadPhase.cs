using ModemDriver.Simulator.Personalities.Common;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The bytes behind a prompt: counted, or ended by a backslash and a zero, or given up by <c>+++</c>.</summary>
internal sealed class PayloadPhase : IPayloadPhase
{
    private readonly byte[] _buffer;
    private readonly int _length;
    private readonly EscapeWatch _watch;
    private readonly Action<PayloadPhase> _completed;
    private bool _backslash;
    private bool _terminated;

    internal PayloadPhase(
        EspAtModule module, byte[] buffer, int length, Action<PayloadPhase> completed, Action cancelled)
    {
        _buffer = buffer;
        _length = length;
        _completed = completed;
        _watch = new EscapeWatch(module.Host, cancelled, module.Life);
    }

    /// <summary>A backslash and a zero end the payload; before anything else a backslash is taken away.</summary>
    internal bool HasEscapes { get; init; }

    /// <summary>Payload bytes so far, without escapes.</summary>
    internal int Count { get; private set; }

    public bool IsComplete => Count == _length || _terminated;

    public bool IsCancelled => _watch.HasEscaped;

    public void Complete() => _completed(this);

    public int Take(ReadOnlySpan<byte> chunk)
    {
        bool isCaught = _watch.Catches(chunk, out bool releasesSigns);
        if (releasesSigns)
        {
            _ = Store("+++"u8);
        }

        if (isCaught)
        {
            return IsCancelled ? 0 : chunk.Length;
        }

        return IsComplete ? 0 : Store(chunk);
    }

    private int Store(ReadOnlySpan<byte> chunk)
    {
        if (!HasEscapes)
        {
            int taken = Math.Min(chunk.Length, _length - Count);
            chunk[..taken].CopyTo(_buffer.AsSpan(Count));
            Count += taken;
            return taken;
        }

        int used = 0;
        while (used < chunk.Length && !IsComplete)
        {
            StoreEscaped(chunk[used++]);
        }

        return used;
    }

    private void StoreEscaped(byte value)
    {
        if (_backslash && value == '0')
        {
            _terminated = true;
        }
        else if (!_backslash && value == '\\')
        {
            _backslash = true;
            return;
        }
        else
        {
            _buffer[Count++] = value;
        }

        _backslash = false;
    }
}
