using System.IO.Pipelines;
using ModemDriver.Simulator.Faults;
using ModemDriver.Simulator.Personalities;
using ModemDriver.Simulator.Time;
using ModemDriver.Simulator.Ways;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator;

/// <summary>A module in software: plug it in one way, give it power, reset it, pull it out. Its members may be called
/// from any thread; what they cause happens on the module's own loop.</summary>
/// <remarks>
/// A module has one UART: one way in may be open at a time. While none is, what the module says goes nowhere, as on a
/// board without a cable.
/// </remarks>
public sealed class ModemSimulator : IAsyncDisposable
{
    private readonly SimulatorOptions _options;
    private readonly SimulatorLoop _loop;
    private readonly PipeScheduler _rim;
    private readonly Uart _uart;
    private readonly Personality _personality;
    private readonly AirWatch _air;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private HostPort? _port;
    private bool _isPowered;
    private bool _isDisposed;

    /// <summary>Makes a module. Unless <see cref="SimulatorOptions.StartPowered"/> is false, it is running already.
    /// </summary>
    /// <param name="options">What kind, and where.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is no such personality, switch or
    /// value; the message lists what there is.</exception>
    public ModemSimulator(SimulatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        PersonalityEntry entry = OptionsCheck.Check(options);
        _options = options;
        _rim = options.Scheduler ?? PipeScheduler.ThreadPool;
        _loop = new SimulatorLoop(_rim) { Failed = failure => options.Trace?.Invoke("! failure: " + failure) };
        var clock = new ModuleClock(options.TimeProvider);
        var faults = new FaultInjector(Faults, clock) { Act = Act };
        _uart = new Uart(_loop, options, faults);
        _loop.AfterTurn = _uart.Flush;
        _personality = entry.Create(new ModuleHost(options, _loop, clock, _uart, faults));
        _uart.Input.Received = Receive;
        _air = new AirWatch(_loop, clock, options.World, TellOfAir);
        options.World.Changed += OnWorldChanged;
        options.World.Sent += OnSent;
        options.World.Mobile.Acted += OnActed;
        options.World.Mobile.Pushed += OnPushed;
        _loop.Post(_air.Start);
        if (options.StartPowered)
        {
            _loop.Post(() => Boot(null));
        }
    }

    /// <summary>What surrounds the module; the same object as in the options.</summary>
    public SimulatedWorld World => _options.World;

    /// <summary>What shall go wrong; the same object as in the options. Faults may be added at any time.</summary>
    public FaultPlan Faults => _options.Faults;

    /// <summary>The simulator's own first failure: a defect of the simulator, not a fault that was ordered.
    /// <see langword="null"/> while there is none.</summary>
    public Exception? Failure => _loop.Failure;

    /// <summary>Bytes that a full buffer has cost so far; 0 as long as <see cref="SimulatorOptions.Unpaced"/>.</summary>
    public long LostBytes => _uart.LostBytes;

    /// <summary>Opens the way in that stays in the process: a duplex Stream, the host's end of the UART.</summary>
    /// <returns>Disposing it unplugs the module. After an unplug it gives what had arrived, then throws
    /// <see cref="IOException"/>.</returns>
    /// <exception cref="InvalidOperationException">Another way in is open.</exception>
    public HostStream OpenStream() => Open(new MemoryPort(_loop, _rim, _options.TimeProvider)).Stream;

    /// <summary>Opens a pseudo-terminal, which a program opens like a serial port. Linux only.</summary>
    /// <param name="linkPath">A symbolic link to it with a name that stays; one that leads nowhere, or to a
    /// pseudo-terminal, is replaced. <see langword="null"/>: none.</param>
    /// <exception cref="InvalidOperationException">Another way in is open.</exception>
    /// <exception cref="IOException">The system has no pseudo-terminal to give, or the link's path is taken by
    /// something else.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public PtyPort OpenPty(string? linkPath = null) => new(OpenOrClose(() => new PtyHostPort(
        _loop,
        _options.TimeProvider,
        linkPath,
        () => _uart.BitRate,
        () => _options.Trace?.Invoke("! nobody has the device open"))));

    /// <summary>Listens on a TCP port of the loopback address: raw bytes, one client at a time, as a serial server does.
    /// </summary>
    /// <param name="port">0, the default, takes a free one.</param>
    /// <exception cref="InvalidOperationException">Another way in is open.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken.</exception>
    public TcpPort ListenTcp(int port = 0) => new(OpenOrClose(() => new TcpHostPort(_loop, _options.TimeProvider, port)));

    /// <summary>Connects a host that is made of calls, for runs on one thread.</summary>
    /// <param name="toHost">Told, on the loop, what the module sends; the memory is valid during the call.</param>
    /// <exception cref="InvalidOperationException">Another way in is open.</exception>
    public HostConnection ConnectHost(Action<ReadOnlyMemory<byte>> toHost)
    {
        ArgumentNullException.ThrowIfNull(toHost);
        return new HostConnection(Open(new CallbackPort(_loop, _options.TimeProvider, toHost)));
    }

    /// <summary>Applies power: the module boots. Nothing happens when it has power.</summary>
    public void PowerOn() => _loop.Post(() =>
    {
        if (!_isPowered)
        {
            Boot(ResetCause.PowerOn);
        }
    });

    /// <summary>Takes the power away: the module is silent and forgets what is not in its flash.</summary>
    public void PowerOff() => _loop.Post(() =>
    {
        _isPowered = false;
        _options.Trace?.Invoke("! power off");
        _personality.Stop();
    });

    /// <summary>Resets the module, whatever it is doing. Nothing happens without power.</summary>
    /// <param name="cause">Why; boot texts tell it.</param>
    public void Reset(ResetCause cause = ResetCause.External) => _loop.Post(() =>
    {
        if (_isPowered)
        {
            Boot(cause);
        }
    });

    /// <summary>Puts a SIM card into a cellular module, in the place of the one that it has; other modules have no slot.
    /// </summary>
    /// <param name="card">The card, which keeps its counters.</param>
    public void InsertSim(SimCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        _loop.Post(() => _personality.CardChanged(card));
    }

    /// <summary>Pulls the SIM card out of a cellular module.</summary>
    public void RemoveSim() => _loop.Post(() => _personality.CardChanged(null));

    /// <summary>Pulls the cable: the way in that is open ends. Another one may be opened afterwards.</summary>
    public void Unplug()
    {
        HostPort? port;
        lock (_gate)
        {
            port = _port;
        }

        port?.Unplug();
    }

    /// <summary>Unplugs, stops and lets go of everything. Waits for the loop; safe to call twice.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        // 1. The world no longer calls. 2. The cable. 3. The firmware.
        _options.World.Changed -= OnWorldChanged;
        _options.World.Sent -= OnSent;
        _options.World.Mobile.Acted -= OnActed;
        _options.World.Mobile.Pushed -= OnPushed;
        Unplug();
        _loop.Post(() =>
        {
            try
            {
                _isPowered = false;
                _air.Stop();
                _personality.Stop();
            }
            finally
            {
                _stopped.TrySetResult(); // A failure is the loop's; whoever disposes does not wait for ever.
            }
        });
        await _stopped.Task.ConfigureAwait(false);
    }

    private T OpenOrClose<T>(Func<T> make)
        where T : HostPort
    {
        lock (_gate)
        {
            RequireFree(); // Before anything is made: a port of the same name would take the link of the open one.
        }

        T port = make();
        try
        {
            return Open(port);
        }
        catch
        {
            port.Unplug();
            throw;
        }
    }

    private T Open<T>(T port)
        where T : HostPort
    {
        lock (_gate)
        {
            RequireFree();
            _port = port;
        }

        port.Ended = OnEnded;
        _loop.Post(() =>
        {
            if (!port.HasEnded)
            {
                _uart.Attach(port);
            }
        });
        return port;
    }

    private void RequireFree()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_port is not null)
        {
            throw new InvalidOperationException("A way in is open already; a module has one UART.");
        }
    }

    private void OnEnded(HostPort port)
    {
        lock (_gate)
        {
            _port = ReferenceEquals(_port, port) ? null : _port;
        }

        _options.Trace?.Invoke("! unplugged");
        _uart.Detach(port);
    }

    private void OnWorldChanged() => _loop.Post(() =>
    {
        _air.Start();
        TellOfAir();
    });

    private void OnSent(SmartConfigMessage message) => _loop.Post(() =>
    {
        if (_isPowered)
        {
            _personality.Heard(message);
        }
    });

    private void OnActed(MobileAct act) => _loop.Post(() =>
    {
        if (_isPowered)
        {
            _personality.MobileActed(act);
        }
    });

    private void OnPushed(UssdMenu menu) => _loop.Post(() =>
    {
        if (_isPowered)
        {
            _personality.NetworkPushed(menu);
        }
    });

    private void TellOfAir()
    {
        if (_isPowered)
        {
            _personality.WorldChanged();
        }
    }

    private void Boot(ResetCause? cause)
    {
        _isPowered = true;
        _personality.Boot(cause);
    }

    private void Act(ResetCause? cause)
    {
        if (cause is null)
        {
            Unplug();
        }
        else if (_isPowered)
        {
            Boot(cause);
        }
    }

    private void Receive(ReadOnlySpan<byte> chunk)
    {
        if (_options.Trace is { } trace)
        {
            trace("> " + WireText.Escape(chunk));
        }

        if (_isPowered)
        {
            _personality.Receive(chunk);
        }
    }
}
