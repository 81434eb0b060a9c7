using ModemDriver.Simulator.Personalities.Common;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>Who gets a received byte: the line being typed, the payload behind a prompt, or the peer; and what waits while
/// a command is under way.</summary>
/// <remarks>A line ends with CR; an LF behind it belongs to it, however late, and even behind a prompt.</remarks>
internal sealed class LineInput(CellularModule module)
{
    /// <summary>Longer than any command that the manuals have.</summary>
    private const int LongestLine = 8192;

    private readonly ByteQueue _line = new(512);
    private readonly ByteQueue _early = new(256);
    private string _last = "";
    private bool _isTooLong;
    private bool _skipsLineFeed;
    private bool _isReceiving;
    private IPayloadPhase? _payload;
    private IDataPhase? _data;
    private Action? _whenCommand;

    internal InputState State { get; private set; } = InputState.Deaf;

    /// <summary>Nothing is being typed, and nothing is under way.</summary>
    internal bool IsResting => State == InputState.Command && _line.Count == 0;

    /// <summary>What any character does to the command under way; <see langword="null"/>: it waits.</summary>
    internal Action? Interrupt { get; set; }

    private ModuleHost Host => module.Host;

    private bool Echo => module.Settings.Current.Echo;

    /// <summary>Ready for the next line.</summary>
    internal void Idle() => Settle(() => Enter(InputState.Command));

    /// <summary>The next bytes are payload.</summary>
    internal void Collect(IPayloadPhase payload) => Settle(() =>
    {
        _payload = payload;
        Enter(InputState.Payload);
    });

    /// <summary>The next bytes are the peer's.</summary>
    internal void PassThrough(IDataPhase data) => Settle(() =>
    {
        _line.Clear(); // A line that was begun belongs to nobody.
        _data = data;
        Enter(InputState.Data);
    });

    /// <summary>Does something as soon as no command is under way.</summary>
    internal void WhenCommand(Action action)
    {
        if (State == InputState.Command)
        {
            action();
        }
        else
        {
            _whenCommand += action;
        }
    }

    /// <summary>Ends a payload, or the data state, from within; the caller says what follows.</summary>
    internal void Busy()
    {
        _payload = null;
        _data = null;
        State = InputState.Busy;
    }

    /// <summary>Deaf, and everything collected is forgotten.</summary>
    internal void Reset()
    {
        State = InputState.Deaf;
        Host.Faults.Abandon();
        Host.Uart.Input.HoldsInput = false;
        _line.Clear();
        _early.Clear();
        _payload = null;
        _data = null;
        Interrupt = null;
        _whenCommand = null;
        _isTooLong = _skipsLineFeed = false;
    }

    internal void Receive(ReadOnlySpan<byte> chunk)
    {
        if (_isReceiving)
        {
            _early.Write(chunk);
            return;
        }

        _isReceiving = true;
        try
        {
            RunThrough(chunk);
            while (_early.Count > 0 && State is not (InputState.Busy or InputState.Deaf))
            {
                byte[] waiting = _early.Span.ToArray();
                _early.Clear();
                RunThrough(waiting);
            }
        }
        finally
        {
            _isReceiving = false;
        }
    }

    private void RunThrough(ReadOnlySpan<byte> chunk)
    {
        while (!chunk.IsEmpty && State != InputState.Deaf)
        {
            chunk = chunk[Take(chunk)..];
        }
    }

    private int Take(ReadOnlySpan<byte> chunk)
    {
        if (_skipsLineFeed)
        {
            _skipsLineFeed = false;
            if (chunk[0] == '\n')
            {
                return 1;
            }
        }

        switch (State)
        {
            case InputState.Command:
                return CollectLine(chunk);
            case InputState.Payload:
                return CollectPayload(chunk);
            case InputState.Data:
                return _data!.Take(chunk); // The state says that there is one.
            default:
                return Keep(chunk);
        }
    }

    /// <summary>The answer is complete. If a fault holds it back, nothing is taken until it is out.</summary>
    private void Settle(Action next)
    {
        if (Host.Faults.Held is null)
        {
            next();
            return;
        }

        CancellationToken life = module.Life;
        Host.Loop.StartHere(async () =>
        {
            await Host.Faults.ReleaseAsync(Host.Uart, life);
            life.ThrowIfCancellationRequested();
            next();
        });
    }

    private void Enter(InputState state)
    {
        State = state;
        Interrupt = null;
        if (state == InputState.Command && _whenCommand is Action waiting)
        {
            _whenCommand = null;
            waiting();
        }

        if (_early.Count > 0 && !_isReceiving)
        {
            Receive([]);
        }

        if (State != InputState.Busy && Host.Uart.Input.HoldsInput)
        {
            Host.Uart.Input.HoldsInput = false;
        }
    }

    /// <summary>A command is under way: what comes waits for its end, ends it, or is lost.</summary>
    private int Keep(ReadOnlySpan<byte> chunk)
    {
        if (Interrupt is Action interrupt)
        {
            Interrupt = null;
            interrupt();
        }
        else if (module.Switches[CellularSwitches.EarlyInput] == "lost")
        {
            Host.Trace("! lost while a command is under way: " + WireText.Escape(chunk));
        }
        else
        {
            _early.Write(chunk);
            Host.Uart.Input.HoldsInput = true;
        }

        return chunk.Length;
    }

    private int CollectPayload(ReadOnlySpan<byte> chunk)
    {
        IPayloadPhase payload = _payload!; // The state says that there is one.
        int used = payload.Take(chunk);
        if (Echo)
        {
            module.Respond.Raw(chunk[..used]);
        }

        if (payload.IsComplete)
        {
            Busy();
            _ = Host.Faults.Begin(">");
            payload.Complete();
        }

        return used;
    }

    private int CollectLine(ReadOnlySpan<byte> chunk)
    {
        int end = chunk.IndexOf((byte)'\r');
        int used = end < 0 ? chunk.Length : end + 1;
        bool isRepeat = _line.Count + used == 2 && end < 0 && IsRepeat(chunk);
        if (Echo)
        {
            bool pair = end >= 0 && used < chunk.Length && chunk[used] == '\n'
                && module.Switches.IsOn(CellularSwitches.EchoLineFeed);
            module.Respond.Raw(chunk[..(pair ? used + 1 : used)]);
        }

        Store(chunk[..(end < 0 ? used : end)]);
        if (end >= 0 || isRepeat)
        {
            _skipsLineFeed = end >= 0;
            EndLine();
        }

        return used;
    }

    /// <summary>A/ needs no end.</summary>
    private bool IsRepeat(ReadOnlySpan<byte> chunk)
    {
        byte first = _line.Count > 0 ? _line.Span[0] : chunk[0];
        return first is (byte)'A' or (byte)'a' && chunk[^1] == '/';
    }

    private void Store(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (value == '\b')
            {
                _line.Truncate(Math.Max(0, _line.Count - 1));
            }
            else if (_line.Count < LongestLine)
            {
                _line.Write(value);
            }
            else
            {
                _isTooLong = true;
            }
        }
    }

    private void EndLine()
    {
        string line = WireText.Latin1.GetString(_line.Span);
        bool isTooLong = _isTooLong;
        _line.Clear();
        _isTooLong = false;
        line = line is "A/" or "a/" ? _last : line;
        _last = line;
        State = InputState.Busy;
        module.Execute(isTooLong ? null : line);
    }
}

/// <summary>Where received bytes go.</summary>
internal enum InputState
{
    /// <summary>Off, or booting: nobody listens.</summary>
    Deaf,

    /// <summary>To the line.</summary>
    Command,

    /// <summary>They wait: a command is under way.</summary>
    Busy,

    /// <summary>To the payload.</summary>
    Payload,

    /// <summary>To the peer.</summary>
    Data,
}

/// <summary>Who gets the bytes of the data state.</summary>
internal interface IDataPhase
{
    /// <summary>Takes a read of the UART; returns how much of it belongs to the data state.</summary>
    int Take(ReadOnlySpan<byte> chunk);
}
