using ModemDriver.Simulator.Personalities.Common;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Who gets a received byte: the line being typed, the payload being counted, or nobody because a command is
/// under way.</summary>
internal sealed class InputMachine
{
    /// <summary>A command with its end (user guide, "AT command types").</summary>
    private const int LongestLine = 256;

    private static readonly TimeSpan ReadGap = TimeSpan.FromMilliseconds(20);

    /// <summary>What a host has to wait behind the three plus signs (user guide, "+++").</summary>
    private static readonly TimeSpan LeavingTime = TimeSpan.FromSeconds(1);

    private static readonly byte[] ForcedRestart = "AT+RST\r\n"u8.ToArray();

    private readonly ModuleHost _host;
    private readonly IInputTarget _target;
    private readonly Responder _respond;
    private readonly string _lineEnd;
    private readonly bool _losesEarlyCommand;
    private readonly bool _doublesReturn;
    private readonly bool _echoesEmptyLine;
    private readonly ByteQueue _line = new(LongestLine * 2);
    private readonly ByteQueue _refused = new(64);
    private bool _isTooLong;
    private bool _skipsLineFeed;
    private bool _holdsReturn;
    private int _refusals;
    private int _echoColumn;
    private IPayloadPhase? _payload;
    private TransparentPhase? _transparent;
    private long _leftAt;

    internal InputMachine(
        ModuleHost host, IInputTarget target, Responder respond, WireForms forms, EspAtSwitches switches)
    {
        _host = host;
        _target = target;
        _respond = respond;
        _lineEnd = switches[EspAtSwitches.LineEnd];
        _losesEarlyCommand = switches[LinkSwitches.EarlyCommand] == "lost";
        _doublesReturn = switches.IsOn(EspAtSwitches.EchoDoublesReturn);
        _echoesEmptyLine = forms.EchoesEmptyLine;
    }

    private LineEnding Ending => _lineEnd switch
    {
        "cr" => LineEnding.Cr,
        "cr-or-crlf" => LineEnding.CrOrCrLf,
        "auto" when _host.Uart.IsForPeople => LineEnding.CrOrCrLf,
        _ => LineEnding.CrLf,
    };

    internal InputState State { get; private set; } = InputState.Deaf;

    internal bool Echo { get; set; } = true;

    /// <summary>Ready for the next line.</summary>
    internal void Idle() => Settle(() => State = InputState.Command);

    /// <summary>A command is under way.</summary>
    internal void Busy() => State = InputState.Busy;

    /// <summary>The payload is complete, its verdict is not there yet.</summary>
    internal void Sending() => State = InputState.Sending;

    /// <summary>The next bytes are payload.</summary>
    internal void Collect(IPayloadPhase payload) => Settle(() =>
    {
        _payload = payload;
        State = InputState.Payload;
    });

    /// <summary>The next bytes are raw, until three plus signs come alone.</summary>
    internal void PassThrough(TransparentPhase phase) => Settle(() =>
    {
        _transparent = phase;
        State = InputState.Transparent;
    });

    /// <summary>Three plus signs have come, at that moment.</summary>
    internal void Leave(long at, TransparentPhase phase)
    {
        _transparent = null;
        _leftAt = at;
        State = InputState.Leaving;
        ReadOnlySpan<byte> late = phase.TakeLate(out long arrivedAt);
        if (!late.IsEmpty)
        {
            CollectAfterLeaving(late, arrivedAt);
        }
    }

    /// <summary>Deaf, and everything collected is forgotten.</summary>
    internal void Reset()
    {
        State = InputState.Deaf;
        _host.Faults.Abandon();
        _line.Clear();
        _refused.Clear();
        _payload = null;
        _transparent = null;
        _isTooLong = _skipsLineFeed = _holdsReturn = false;
        _echoColumn = 0;
        _refusals++;
        Echo = true;
    }

    /// <summary>The answer is complete. If a fault holds it back, the module is busy until it is out.</summary>
    private void Settle(Action next)
    {
        if (_host.Faults.Held is null)
        {
            next();
            return;
        }

        CancellationToken life = _target.Life;
        _host.Loop.StartHere(async () =>
        {
            await _host.Faults.ReleaseAsync(_host.Uart, life);
            life.ThrowIfCancellationRequested();
            next();
        });
    }

    internal void Receive(ReadOnlySpan<byte> chunk)
    {
        if (chunk.IsEmpty)
        {
            return;
        }

        switch (State)
        {
            case InputState.Command when _refused.Count == 0:
                CollectLine(chunk);
                break;
            case InputState.Payload:
                CollectPayload(chunk);
                break;
            case InputState.Transparent:
                CollectRaw(chunk);
                break;
            case InputState.Leaving:
                CollectAfterLeaving(chunk, _host.Uart.Input.ReadBeganAt);
                break;
            case InputState.Deaf:
                break;
            default:
                Refuse(chunk);
                break;
        }
    }

    private void CollectPayload(ReadOnlySpan<byte> chunk)
    {
        IPayloadPhase payload = _payload!; // The state says that there is one.
        int used = payload.Take(chunk);
        if (payload.IsCancelled)
        {
            Receive(chunk[used..]); // It has come behind the end.
        }
        else if (payload.IsComplete)
        {
            _payload = null;
            Sending();
            if (used < chunk.Length)
            {
                Refuse(chunk[used..]);
            }

            _ = _host.Faults.Begin(">");
            payload.Complete();
        }
    }

    private void CollectRaw(ReadOnlySpan<byte> chunk)
    {
        TransparentPhase phase = _transparent!; // The state says that there is one.
        if (phase.Take(chunk))
        {
            return;
        }

        if (State == InputState.Transparent)
        {
            phase.KeepLate(chunk);
        }
        else
        {
            Receive(chunk);
        }
    }

    private void CollectAfterLeaving(ReadOnlySpan<byte> chunk, long arrivedAt)
    {
        if (_losesEarlyCommand && _host.Clock.Between(_leftAt, arrivedAt) < LeavingTime)
        {
            _host.Trace("! too soon after +++: " + WireText.Escape(chunk));
            return;
        }

        State = InputState.Command;
        Receive(chunk);
    }

    private void CollectLine(ReadOnlySpan<byte> chunk)
    {
        int echoed = 0;
        for (int i = 0; i < chunk.Length; i++)
        {
            byte value = chunk[i];
            if (_skipsLineFeed && value == '\n')
            {
                _skipsLineFeed = false;
                echoed = i + 1;
                continue;
            }

            _skipsLineFeed = false;
            _line.Write(value);
            if (!EndsLine(value))
            {
                DropIfTooLong();
                continue;
            }

            int next = i + 1;
            if (Ending != LineEnding.CrLf)
            {
                // The pair in one read is one line end; a line feed that comes later is the switch's business.
                bool pair = next < chunk.Length && chunk[next] == '\n';
                next += pair ? 1 : 0;
                _skipsLineFeed = !pair && Ending == LineEnding.CrOrCrLf;
            }

            EchoBytes(chunk[echoed..next]);
            EndLine(chunk[next..]);
            return;
        }

        EchoBytes(chunk[echoed..]);
    }

    private bool EndsLine(byte value) => Ending == LineEnding.CrLf
        ? value == '\n' && _line.Count >= 2 && _line.Span[^2] == '\r'
        : value == '\r';

    private void DropIfTooLong()
    {
        if (_line.Count >= LongestLine)
        {
            // Dropped without an answer, up to its end; the last byte stays, or a pair cut here would be missed.
            _isTooLong = true;
            byte last = _line.Span[^1];
            _line.Clear();
            _line.Write(last);
        }
    }

    private void EndLine(ReadOnlySpan<byte> rest)
    {
        string line = WireText.Latin1.GetString(_line.Span).TrimEnd('\r', '\n');
        bool isTooLong = _isTooLong;
        _line.Clear();
        _isTooLong = false;
        Busy();
        if (!rest.IsEmpty)
        {
            Refuse(rest);
        }

        if (isTooLong)
        {
            Idle();
        }
        else if (State == InputState.Busy)
        {
            _target.Execute(line);
        }
    }

    private void EchoBytes(ReadOnlySpan<byte> bytes)
    {
        if (!Echo || bytes.IsEmpty)
        {
            return;
        }

        if (!_doublesReturn)
        {
            _respond.Answer(bytes);
            return;
        }

        foreach (byte value in bytes)
        {
            EchoDoubled(value);
        }
    }

    /// <summary>CR is echoed, LF is not, and CR LF is printed when the line is complete; an empty line shows nothing.
    /// </summary>
    private void EchoDoubled(byte value)
    {
        if (value == '\n')
        {
            _respond.Answer(_holdsReturn ? [] : "\r\n"u8);
            _holdsReturn = false;
            _echoColumn = 0;
        }
        else if (value == '\r' && _echoColumn == 0 && !_echoesEmptyLine)
        {
            _holdsReturn = true;
        }
        else
        {
            _respond.Answer(_holdsReturn ? [(byte)'\r', value] : [value]);
            _holdsReturn = false;
            _echoColumn++;
        }
    }

    /// <summary>Throws bytes away and says busy, once for what came together.</summary>
    private void Refuse(ReadOnlySpan<byte> chunk)
    {
        _refused.Write(chunk[..Math.Min(chunk.Length, 64)]);
        if (chunk.Contains((byte)'\n') || _refused.Count > 1024)
        {
            EndRefusal();
            return;
        }

        int refusal = ++_refusals;
        _host.Loop.StartHere(async () =>
        {
            await _host.Clock.WaitAsync(ReadGap, CancellationToken.None);
            if (refusal == _refusals && _refused.Count > 0)
            {
                EndRefusal();
            }
        });
    }

    private void EndRefusal()
    {
        bool isRestart = _refused.Span.SequenceEqual(ForcedRestart);
        _refused.Clear();
        _refusals++;
        if (isRestart && State is InputState.Busy or InputState.Sending)
        {
            _target.ForceRestart();
        }
        else
        {
            _respond.Busy(State == InputState.Sending);
        }
    }
}
