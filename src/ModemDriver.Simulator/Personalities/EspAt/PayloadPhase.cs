namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The bytes behind a prompt: counted, or ended by a backslash and a zero, or given up by <c>+++</c>.</summary>
internal sealed class PayloadPhase
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(20);

    private readonly ModuleHost _host;
    private readonly byte[] _buffer;
    private readonly int _length;
    private readonly bool _hasEscapes;
    private readonly Action<PayloadPhase> _completed;
    private readonly Action _cancelled;
    private long _lastAt;
    private bool _any;
    private bool _backslash;
    private bool _terminated;
    private bool _holdsEscape;
    private int _holds;

    internal PayloadPhase(
        ModuleHost host, byte[] buffer, int length, bool hasEscapes, Action<PayloadPhase> completed, Action cancelled)
    {
        _host = host;
        _buffer = buffer;
        _length = length;
        _hasEscapes = hasEscapes;
        _completed = completed;
        _cancelled = cancelled;
    }

    /// <summary>Payload bytes so far, without escapes.</summary>
    internal int Count { get; private set; }

    internal bool IsComplete => Count == _length || _terminated;

    internal void Complete() => _completed(this);

    /// <summary>Takes what belongs to the payload; returns how much that was.</summary>
    internal int Take(ReadOnlySpan<byte> chunk)
    {
        if (_holdsEscape)
        {
            // Something came behind the three: they are payload after all.
            _holdsEscape = false;
            _ = Store("+++"u8);
        }
        else if (chunk.SequenceEqual("+++"u8) && (!_any || _host.Clock.Since(_lastAt) >= Silence))
        {
            Hold();
            return chunk.Length;
        }

        return IsComplete ? 0 : Store(chunk);
    }

    private int Store(ReadOnlySpan<byte> chunk)
    {
        _any = true;
        _lastAt = _host.Clock.Now;
        if (!_hasEscapes)
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

    /// <summary>Backslash zero ends the payload; before anything else a backslash is taken away.</summary>
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

    private void Hold()
    {
        _holdsEscape = true;
        int hold = ++_holds;
        _host.Loop.StartHere(async () =>
        {
            await _host.Clock.WaitAsync(Silence, CancellationToken.None);
            if (_holdsEscape && hold == _holds)
            {
                _holdsEscape = false;
                _cancelled();
            }
        });
    }
}
