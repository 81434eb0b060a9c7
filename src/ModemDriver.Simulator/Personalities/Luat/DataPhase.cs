using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>The host's side of the data state: bytes for the peer, and the three plus signs that lead out of it.</summary>
/// <remarks>A second of silence, three signs less than half a second apart, half a second of silence; anything else is
/// payload. Silence is measured where the bytes arrive.</remarks>
internal sealed class DataPhase : IDataPhase
{
    private const byte Sign = (byte)'+';
    private const int Signs = 3;

    private static readonly TimeSpan SilenceBefore = TimeSpan.FromMilliseconds(1000);
    private static readonly TimeSpan SilenceBehind = TimeSpan.FromMilliseconds(500);

    private readonly ModuleHost _host;
    private readonly CancellationToken _life;
    private readonly bool _hasEscape;
    private long _lastAt;
    private int _held;
    private bool _isWatched;
    private bool _hasEnded;

    internal DataPhase(ModuleHost host, bool hasEscape, CancellationToken life)
    {
        _host = host;
        _hasEscape = hasEscape;
        _life = life;
        _lastAt = host.Clock.Now;
    }

    /// <summary>Gets the payload.</summary>
    internal required UartInput.Receiver Payload { get; init; }

    /// <summary>Told once that the signs have come.</summary>
    internal required Action Escaped { get; init; }

    /// <summary>The data state has ended otherwise.</summary>
    internal void End() => _hasEnded = true;

    public int Take(ReadOnlySpan<byte> chunk)
    {
        TimeSpan silence = _host.Clock.Between(_lastAt, _host.Uart.Input.ReadBeganAt);
        if (_held == Signs && silence >= SilenceBehind)
        {
            Escape();
            return 0;
        }

        _lastAt = _host.Uart.Input.ReadEndedAt;
        int start = 0;
        if (_hasEscape)
        {
            start = HoldSigns(chunk, silence);
        }

        if (start < chunk.Length)
        {
            ReleaseSigns();
            Payload(chunk[start..]);
        }

        Watch();
        return chunk.Length;
    }

    /// <summary>Keeps signs that may be the way out; returns how many bytes of the read they are.</summary>
    private int HoldSigns(ReadOnlySpan<byte> chunk, TimeSpan silence)
    {
        if (_held > 0 && silence >= SilenceBehind)
        {
            ReleaseSigns();
        }

        int count = chunk.IndexOfAnyExcept(Sign);
        count = count < 0 ? chunk.Length : count;
        bool mayBegin = _held > 0 || silence >= SilenceBefore;
        if (!mayBegin || count != chunk.Length || _held + count > Signs)
        {
            return 0;
        }

        _held += count;
        return count;
    }

    private void ReleaseSigns()
    {
        if (_held > 0)
        {
            Payload("+++"u8[.._held]);
            _held = 0;
        }
    }

    private void Watch()
    {
        if (_held > 0 && !_isWatched)
        {
            _isWatched = true;
            _host.Loop.StartHere(WatchAsync);
        }
    }

    private async Task WatchAsync()
    {
        while (_held > 0 && !_hasEnded)
        {
            TimeSpan left = SilenceBehind - _host.Clock.Since(_lastAt);
            if (left > TimeSpan.Zero)
            {
                await _host.Clock.WaitAsync(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), _life);
            }
            else if (!_host.Uart.Input.IsQuietUntil(_host.Clock.After(_lastAt, SilenceBehind)))
            {
                await _host.Clock.WaitAsync(TimeSpan.FromMilliseconds(1), _life); // More is crossing the line.
            }
            else if (_held == Signs)
            {
                Escape();
            }
            else
            {
                ReleaseSigns();
            }
        }

        _isWatched = false;
    }

    private void Escape()
    {
        _held = 0;
        if (!_hasEnded)
        {
            _hasEnded = true;
            Escaped();
        }
    }
}
