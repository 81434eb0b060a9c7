using System.Buffers;
using System.IO.Pipelines;
using ModemDriver.Simulator.Faults;
using ModemDriver.Simulator.Time;
using ModemDriver.Simulator.Ways;

namespace ModemDriver.Simulator.Wire;

/// <summary>The module's serial port: buffers of a size, a bit rate, and whoever is plugged in. For the loop only.</summary>
#pragma warning disable CA1001 // A token source without a timer holds nothing; Detach cancels it.
internal sealed class Uart
#pragma warning restore CA1001
{
    /// <summary>What an unpaced port holds before the module waits for its reader.</summary>
    private const int UnpacedTxBytes = 64 * 1024;
    private const int DeliveryBytes = 16 * 1024;

    private readonly SimulatorLoop _loop;
    private readonly FaultInjector _faults;
    private readonly Action<string>? _trace;
    private readonly LineNoise _noise;
    private readonly TimeProvider _time;
    private readonly SerialLine? _toHost;
    private readonly ByteQueue _tx = new(DeliveryBytes);
    private HostPort? _port;
    private CancellationTokenSource _plugged = new();
    private readonly LoopSignal _room;
    private readonly LoopSignal _portTakes;
    private bool _portIsFull;
    private bool _sending;
    private LineSettings? _next;
    private bool _isHeld;
    private long _lostBytes;

    internal Uart(SimulatorLoop loop, SimulatorOptions options, FaultInjector faults)
    {
        _loop = loop;
        _faults = faults;
        _room = new LoopSignal(loop);
        _portTakes = new LoopSignal(loop);
        _noise = new LineNoise(options.Seed);
        _time = options.TimeProvider;
        BitRate = options.BitRate;
        _trace = options.Trace;
        SerialLine? fromHost = null;
        if (!options.Unpaced)
        {
            IPace pace = options.TimeProvider == TimeProvider.System
                ? RealTimePacer.Shared
                : new VirtualPace(options.TimeProvider);
            _toHost = new SerialLine(options.TimeProvider, pace);
            fromHost = new SerialLine(options.TimeProvider, pace);
        }

        Input = new UartInput(this, loop, options.TimeProvider, fromHost, new Disturbance(faults, _noise));
    }

    /// <summary>The receiving side.</summary>
    internal UartInput Input { get; }

    internal int BitRate { get; private set; }

    /// <summary>The size of the hardware's and the driver's buffer; the personality sets it.</summary>
    internal int TxBytes { get; set; } = 2048;

    /// <summary>The highest rate in bit/s that the module finds out by itself; 0: it stays where it was set.</summary>
    internal int MaxAutoBitRate { get; set; }

    /// <summary>True while the module drives RTS: a host waits for the receive buffer instead of losing bytes.</summary>
    internal bool HonoursRts { get; private set; }

    /// <summary>Bytes that a full buffer has cost so far, in both directions.</summary>
    internal long LostBytes => _lostBytes + Input.LostBytes;

    internal bool IsForPeople => _port is { IsForPeople: true };

    /// <summary>True while the module waits for CTS: output is held for a reader that is slow, not lost.</summary>
    private bool HonoursCts { get; set; }

    private int TxLimit => _toHost is null ? UnpacedTxBytes : TxBytes;

    internal bool IsClogged => _tx.Count >= TxLimit;

    internal void Attach(HostPort port)
    {
        _port = port;
        _portIsFull = false;
        _plugged = new CancellationTokenSource();
        CancellationToken plugged = _plugged.Token;
        Input.Attach(port, plugged);
    }

    internal void Detach(HostPort port)
    {
        if (!ReferenceEquals(port, _port))
        {
            return;
        }

        _port = null;
        _plugged.Cancel();
        _tx.Clear();
        Input.Detach();
        ApplySettings();
        SignalRoom();
    }

    internal void Write(ReadOnlySpan<byte> data)
    {
        bool isHeard = _port is { IsListened: true };
        if (_trace is not null && !data.IsEmpty)
        {
            _trace((isHeard ? "< " : "! unheard ") + WireText.Escape(data));
        }

        if (isHeard)
        {
            _faults.Output(data, _tx);
        }
    }

    /// <summary>Sends what was written; called after every turn of the loop.</summary>
    internal void Flush()
    {
        if (_tx.Count == 0)
        {
            ApplySettings();
        }
        else if (_isHeld)
        {
            return; // Nobody gives leave to send.
        }
        else if (!_sending && (_toHost is not null || _faults.ShapesOutput))
        {
            _sending = true;
            _loop.StartHere(SendStepwiseAsync);
        }
        else if (!_sending)
        {
            SendAll();
        }
    }

    /// <summary>Bytes of another rate have come, and were garbage: a module that follows its host has the rate now.
    /// </summary>
    internal void Follow(int hostRate)
    {
        if (hostRate <= MaxAutoBitRate)
        {
            BitRate = hostRate;
        }
    }

    /// <summary>Switches when all that was written before has left.</summary>
    internal void Set(LineSettings settings) => _next = settings;

    /// <summary>
    /// The hardware was reset: switches at once, or when what was written before has left, as firmware waits for before it
    /// restarts itself.
    /// </summary>
    internal void ResetTo(LineSettings settings)
    {
        if (_isHeld)
        {
            _tx.Clear();
        }

        _next = settings;
        if (_tx.Count == 0)
        {
            ApplySettings();
        }
    }

    /// <summary>Completes when the transmit buffer has room again: a module that writes into a full one waits.</summary>
    internal Task WhenRoomAsync(CancellationToken cancellationToken)
    {
        if (IsClogged)
        {
            Flush();
        }

        if (!IsClogged)
        {
            return Task.CompletedTask;
        }

        return _room.WaitAsync(cancellationToken);
    }

    private void SendAll()
    {
        while (_tx.Count > 0 && !_portIsFull && !_isHeld && _port is not null)
        {
            Deliver(Math.Min(_tx.Count, DeliveryBytes));
        }

        if (_tx.Count == 0)
        {
            ApplySettings();
        }

        SignalRoom();
    }

    private async Task SendStepwiseAsync()
    {
        CancellationToken plugged = _plugged.Token;
        try
        {
            bool follows = false;
            while (_tx.Count > 0 && !_isHeld && _port is not null)
            {
                int step = _toHost?.StepBytes(BitRate) ?? DeliveryBytes;
                await _faults.DelayOutputAsync(plugged);
                int count = _faults.NextChunk(Math.Min(_tx.Count, step));
                if (_toHost is not null)
                {
                    await _toHost.TransferAsync(count, BitRate, follows ? long.MinValue : _time.GetTimestamp(), plugged);
                }
                else
                {
                    await WhenPortTakesAsync(plugged);
                }

                follows = true;
                Deliver(Math.Min(count, _tx.Count));
                SignalRoom();
                await Task.Yield(); // Whoever reads may see this piece alone.
            }
        }
        finally
        {
            _sending = false;
            if (_tx.Count == 0)
            {
                ApplySettings();
            }
        }
    }

    private async Task WhenPortTakesAsync(CancellationToken plugged)
    {
        while (_portIsFull)
        {
            await _portTakes.WaitAsync(plugged);
        }
    }

    private void Deliver(int count)
    {
        HostPort port = _port!;
        ReadOnlySpan<byte> bytes = _tx.Span[..count];
        if (_portIsFull && !HonoursCts)
        {
            _lostBytes += count; // A line without flow control does not wait for its reader.
        }
        else if (port.HostBitRate is int host && !LineNoise.Matches(BitRate, host))
        {
            port.ToHost.Write(_noise.Garble(count, BitRate, host));
        }
        else
        {
            port.ToHost.Write(bytes);
        }

        _tx.Skip(count);
        _faults.Delivered(count);
        if (!_portIsFull)
        {
            ValueTask<FlushResult> flush = port.ToHost.FlushAsync();
            if (!flush.IsCompleted)
            {
                _portIsFull = true;
                AwaitPort(port, flush);
            }
        }
    }

    // Apart, so that what is delivered to a port that has room allocates nothing.
    private void AwaitPort(HostPort port, ValueTask<FlushResult> flush) =>
        _loop.StartHere(() => AwaitPortAsync(port, flush));

    private async Task AwaitPortAsync(HostPort port, ValueTask<FlushResult> flush)
    {
        await flush;
        if (ReferenceEquals(port, _port))
        {
            _portIsFull = false;
            _portTakes.Set();
            Flush();
            SignalRoom();
        }
    }

    private void SignalRoom()
    {
        if (IsClogged)
        {
            return;
        }

        Input.TakeBacklog();
        _room.Set();
    }

    private void ApplySettings()
    {
        if (_next is LineSettings settings)
        {
            _next = null;
            BitRate = settings.BitRate;
            HonoursRts = settings.HonoursRts;
            HonoursCts = settings.HonoursCts;
            _isHeld = settings is { HonoursCts: true, CtsIsWired: false };
        }
    }
}
