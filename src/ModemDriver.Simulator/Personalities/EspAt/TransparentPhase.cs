using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>What the host sends in transparent mode, cut into packets: one ends with 20 ms of silence, or when it is
/// full. A packet of nothing but three plus signs is the way out.</summary>
/// <remarks>ESP-AT user guide, "TCP/IP AT commands", AT+CIPSEND and "+++". The three signs count only when a silence lies
/// before them too; signs at the end of a longer packet, or with a line end behind them, are data.</remarks>
internal sealed class TransparentPhase
{
    private readonly ModuleHost _host;
    private readonly int _packetBytes;
    private readonly TimeSpan _silence;
    private readonly CancellationToken _life;
    private readonly ByteQueue _burst = new();
    private readonly ByteQueue _late = new();
    private long _lastAt;
    private long _lateAt;
    private bool _any;
    private bool _beganAfterSilence = true;
    private bool _isWatched;

    internal TransparentPhase(ModuleHost host, int packetBytes, TimeSpan silence, CancellationToken life)
    {
        _host = host;
        _packetBytes = packetBytes;
        _silence = silence;
        _life = life;
    }

    /// <summary>Gets each packet.</summary>
    internal required UartInput.Receiver Packet { get; init; }

    /// <summary>Told once of the three signs, with the moment of the last one.</summary>
    internal required Action<long> Escaped { get; init; }

    /// <summary>The three signs have come.</summary>
    internal bool IsEscaped { get; private set; }

    /// <summary>Takes a read of the UART; false when the way out lies before it, and it belongs to what follows.</summary>
    internal bool Take(ReadOnlySpan<byte> chunk)
    {
        bool silent = !_any || _host.Clock.Between(_lastAt, _host.Uart.Input.ReadBeganAt) >= _silence;
        if (silent && _burst.Count > 0)
        {
            EndBurst();
        }

        if (IsEscaped)
        {
            return false;
        }

        _beganAfterSilence = _burst.Count == 0 ? silent : _beganAfterSilence;
        _any = true;
        _lastAt = _host.Uart.Input.ReadEndedAt;
        _burst.Write(chunk);
        while (_burst.Count >= _packetBytes)
        {
            _beganAfterSilence = false;
            Send(_packetBytes);
        }

        Watch();
        return true;
    }

    /// <summary>Keeps what came behind the three signs while packets before them are still on their way.</summary>
    internal void KeepLate(ReadOnlySpan<byte> chunk)
    {
        _lateAt = _late.Count == 0 ? _host.Uart.Input.ReadBeganAt : _lateAt;
        _late.Write(chunk);
    }

    internal ReadOnlySpan<byte> TakeLate(out long arrivedAt)
    {
        arrivedAt = _lateAt;
        return _late.Span;
    }

    private void Watch()
    {
        if (_burst.Count > 0 && !_isWatched)
        {
            _isWatched = true;
            _host.Loop.StartHere(WatchAsync);
        }
    }

    private async Task WatchAsync()
    {
        while (_burst.Count > 0)
        {
            TimeSpan left = _silence - _host.Clock.Since(_lastAt);
            if (left > TimeSpan.Zero)
            {
                await _host.Clock.WaitAsync(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), _life);
            }
            else if (_host.Uart.Input.IsQuietUntil(_host.Clock.After(_lastAt, _silence)))
            {
                EndBurst();
            }
            else
            {
                await _host.Clock.WaitAsync(TimeSpan.FromMilliseconds(1), _life); // More is crossing the line.
            }
        }

        _isWatched = false;
    }

    private void EndBurst()
    {
        if (_beganAfterSilence && _burst.Span.SequenceEqual("+++"u8))
        {
            _burst.Clear();
            IsEscaped = true;
            Escaped(_lastAt);
        }
        else
        {
            Send(_burst.Count);
        }
    }

    private void Send(int count)
    {
        Packet(_burst.Span[..count]);
        _burst.Skip(count);
    }
}
