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
    private readonly SerialLine? _toHost;
    private readonly SerialLine? _fromHost;
    private readonly ByteQueue _tx = new(DeliveryBytes);
    private readonly ByteQueue _backlog = new();
    private HostPort? _port;
    private CancellationTokenSource _plugged = new();
    private readonly LoopSignal _room;
    private readonly LoopSignal _portTakes;
    private bool _portIsFull;
    private bool _sending;
    private int? _nextBitRate;

    internal Uart(SimulatorLoop loop, SimulatorOptions options, FaultInjector faults)
    {
        _loop = loop;
        _faults = faults;
        _room = new LoopSignal(loop);
        _portTakes = new LoopSignal(loop);
        _noise = new LineNoise(options.Seed);
        BitRate = options.BitRate;
        _trace = options.Trace;
        if (!options.Unpaced)
        {
            IPace pace = options.TimeProvider == TimeProvider.System
                ? RealTimePacer.Shared
                : new VirtualPace(options.TimeProvider);
            _toHost = new SerialLine(options.TimeProvider, pace);
            _fromHost = new SerialLine(options.TimeProvider, pace);
        }
    }

    internal delegate void Receiver(ReadOnlySpan<byte> chunk);

    /// <summary>Where received bytes go, one call per read of the UART.</summary>
    internal Receiver? Received { get; set; }

    internal int BitRate { get; private set; }

    /// <summary>Sizes of the hardware and driver buffers; the personality sets them.</summary>
    internal int TxBytes { get; set; } = 2048;

    internal int RxBytes { get; set; } = 1024;

    /// <summary>True while the module waits for CTS: output is held for a reader that is slow, not lost.</summary>
    internal bool HonoursCts { get; set; }

    /// <summary>Bytes that a full buffer has cost so far, in both directions.</summary>
    internal long LostBytes { get; private set; }

    internal bool IsForPeople => _port is { IsForPeople: true };

    private int TxLimit => _toHost is null ? UnpacedTxBytes : TxBytes;

    private bool IsClogged => _tx.Count >= TxLimit;

    internal void Attach(HostPort port)
    {
        _port = port;
        _portIsFull = false;
        _plugged = new CancellationTokenSource();
        CancellationToken plugged = _plugged.Token;
        _loop.StartHere(() => ReceiveAsync(port, plugged));
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
        _backlog.Clear();
        ApplyBitRate();
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
            ApplyBitRate();
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

    /// <summary>Switches when all that was written before has left.</summary>
    internal void SetBitRate(int bitRate) => _nextBitRate = bitRate;

    /// <summary>Switches at once: the hardware was reset.</summary>
    internal void ResetTo(int bitRate)
    {
        _nextBitRate = null;
        BitRate = bitRate;
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
        while (_tx.Count > 0 && !_portIsFull && _port is not null)
        {
            Deliver(Math.Min(_tx.Count, DeliveryBytes));
        }

        if (_tx.Count == 0)
        {
            ApplyBitRate();
        }

        SignalRoom();
    }

    private async Task SendStepwiseAsync()
    {
        CancellationToken plugged = _plugged.Token;
        try
        {
            bool follows = false;
            while (_tx.Count > 0 && _port is not null)
            {
                int step = _toHost?.StepBytes(BitRate) ?? DeliveryBytes;
                await _faults.DelayOutputAsync(plugged);
                int count = _faults.NextChunk(Math.Min(_tx.Count, step));
                if (_toHost is not null)
                {
                    await _toHost.TransferAsync(count, BitRate, follows, plugged);
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
                ApplyBitRate();
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
            LostBytes += count; // A line without flow control does not wait for its reader.
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
                _loop.StartHere(() => AwaitPortAsync(port, flush));
            }
        }
    }

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

    private async Task ReceiveAsync(HostPort port, CancellationToken plugged)
    {
        bool follows = false;
        while (true)
        {
            ValueTask<ReadResult> reading = port.FromHost.ReadAsync(plugged);
            follows &= reading.IsCompleted;
            ReadResult read = await reading;
            foreach (ReadOnlyMemory<byte> segment in read.Buffer)
            {
                await ReceiveAsync(port, segment, follows, plugged);
                follows = true;
            }

            port.FromHost.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private async Task ReceiveAsync(
        HostPort port, ReadOnlyMemory<byte> segment, bool follows, CancellationToken plugged)
    {
        if (_fromHost is null)
        {
            await WhenRoomAsync(plugged);
            Accept(port, segment.Span);
            return;
        }

        int rate = port.HostBitRate ?? BitRate;
        while (!segment.IsEmpty)
        {
            int count = Math.Min(segment.Length, _fromHost.StepBytes(rate));
            await _fromHost.TransferAsync(count, rate, follows, plugged);
            follows = true;
            Accept(port, segment.Span[..count]);
            segment = segment[count..];
        }
    }

    private void Accept(HostPort port, ReadOnlySpan<byte> bytes)
    {
        if (port.HostBitRate is int host && !LineNoise.Matches(host, BitRate))
        {
            bytes = _noise.Garble(bytes.Length, host, BitRate);
        }

        bytes = _faults.Input(bytes);
        if (_toHost is null || (!IsClogged && _backlog.Count == 0))
        {
            Received?.Invoke(bytes);
            return;
        }

        // The module hangs in a write; its receive buffer fills, and what does not fit is lost.
        int kept = Math.Min(bytes.Length, Math.Max(0, RxBytes - _backlog.Count));
        _backlog.Write(bytes[..kept]);
        LostBytes += bytes.Length - kept;
    }

    private void SignalRoom()
    {
        if (IsClogged)
        {
            return;
        }

        if (_backlog.Count > 0)
        {
            byte[] waiting = _backlog.Span.ToArray();
            _backlog.Clear();
            Received?.Invoke(waiting);
        }

        _room.Set();
    }

    private void ApplyBitRate()
    {
        if (_nextBitRate is int rate)
        {
            _nextBitRate = null;
            BitRate = rate;
        }
    }
}
