using System.Buffers;
using System.IO.Pipelines;
using ModemDriver.Simulator.Faults;
using ModemDriver.Simulator.Time;
using ModemDriver.Simulator.Ways;

namespace ModemDriver.Simulator.Wire;

/// <summary>The receiving side of the module's serial port: bytes of the host, read by read, and when they came. For the
/// loop only.</summary>
internal sealed class UartInput
{
    private readonly Uart _uart;
    private readonly SimulatorLoop _loop;
    private readonly TimeProvider _time;
    private readonly SerialLine? _line;
    private readonly FaultInjector _faults;
    private readonly LineNoise _noise;
    private readonly ByteQueue _backlog = new();
    private readonly LoopSignal _inputTaken;
    private HostPort? _port;
    private bool _holdsInput;
    private long _taken;

    /// <param name="uart">The whole of it.</param>
    /// <param name="loop">The module's.</param>
    /// <param name="time">The module's.</param>
    /// <param name="line">How long bytes take; <see langword="null"/> for no time at all.</param>
    /// <param name="disturbance">What goes wrong on the way.</param>
    internal UartInput(
        Uart uart, SimulatorLoop loop, TimeProvider time, SerialLine? line, Disturbance disturbance)
    {
        _uart = uart;
        _loop = loop;
        _time = time;
        _line = line;
        (_faults, _noise) = disturbance;
        _inputTaken = new LoopSignal(loop);
    }

    internal delegate void Receiver(ReadOnlySpan<byte> chunk);

    /// <summary>Where received bytes go, one call per read of the UART.</summary>
    internal Receiver? Received { get; set; }

    /// <summary>The size of the hardware's and the driver's buffer; the personality sets it.</summary>
    internal int RxBytes { get; set; } = 1024;

    /// <summary>True while the firmware takes no input: it waits in the receive buffer, and then beyond it.</summary>
    internal bool HoldsInput
    {
        get => _holdsInput;
        set
        {
            _holdsInput = value;
            if (!value)
            {
                TakeBacklog();
                _inputTaken.Set();
            }
        }
    }

    /// <summary>When the first byte of the read being received began to arrive.</summary>
    internal long ReadBeganAt { get; private set; }

    /// <summary>When its last byte had arrived.</summary>
    internal long ReadEndedAt { get; private set; }

    /// <summary>Bytes that a full buffer has cost so far.</summary>
    internal long LostBytes { get; private set; }

    private bool TakesInput => !_uart.IsClogged && !_holdsInput;

    internal void Attach(HostPort port, CancellationToken plugged)
    {
        _port = port;
        _taken = 0;
        _loop.StartHere(() => ReceiveAsync(port, plugged));
    }

    internal void Detach()
    {
        _port = null;
        _backlog.Clear();
    }

    /// <summary>Whether nothing beyond what was received has begun to arrive before a moment.</summary>
    internal bool IsQuietUntil(long timestamp) => _port is null || !_port.Arrivals.HasBefore(_taken, timestamp);

    /// <summary>Gives the firmware what has waited, if it takes it.</summary>
    internal void TakeBacklog()
    {
        if (_backlog.Count > 0 && TakesInput)
        {
            byte[] waiting = _backlog.Span.ToArray();
            _backlog.Clear();
            Received?.Invoke(waiting);
        }
    }

    private async Task ReceiveAsync(HostPort port, CancellationToken plugged)
    {
        while (true)
        {
            ReadResult read = await port.FromHost.ReadAsync(plugged);
            ReadOnlyMemory<byte> segment = FirstSegment(read.Buffer);
            int count = segment.IsEmpty ? 0 : await ReceiveAsync(port, segment, plugged);

            // Read by read: a host that waits for room has it as soon as bytes have crossed the line.
            port.FromHost.AdvanceTo(read.Buffer.GetPosition(count));
            if (read.IsCompleted && count == read.Buffer.Length)
            {
                return;
            }
        }
    }

    // A pipe may begin with a segment of which everything has been consumed.
    private static ReadOnlyMemory<byte> FirstSegment(in ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            if (!segment.IsEmpty)
            {
                return segment;
            }
        }

        return default;
    }

    /// <summary>Receives what one read of the UART gives, and returns how much that was.</summary>
    private async ValueTask<int> ReceiveAsync(
        HostPort port, ReadOnlyMemory<byte> segment, CancellationToken plugged)
    {
        // What came after a pause is a read of its own, however late the loop gets to it.
        int count;
        long arrivedAt;
        if (_line is SerialLine line)
        {
            int rate = port.HostBitRate ?? _uart.BitRate;
            int most = Math.Min(segment.Length, line.StepBytes(rate));
            if (most < segment.Length && segment.Span[most - 1] == '\r' && segment.Span[most] == '\n')
            {
                most++; // A module that takes CR for the end of a line reads the LF right behind it along with it.
            }

            count = port.Arrivals.Unbroken(_taken, most, line, rate, out arrivedAt);
            if (await WhenRequestedAsync(count, plugged))
            {
                arrivedAt = _time.GetTimestamp();
            }

            await line.TransferAsync(count, rate, arrivedAt, plugged);
            (ReadBeganAt, ReadEndedAt) = (line.BeganAt, line.EndsAt);
        }
        else
        {
            count = port.Arrivals.Together(_taken, segment.Length, out arrivedAt);
            await WhenInputIsTakenAsync(plugged);
            ReadBeganAt = ReadEndedAt = arrivedAt;
        }

        _taken += count;
        Accept(port, segment.Span[..count]);
        return count;
    }

    private async ValueTask WhenInputIsTakenAsync(CancellationToken plugged)
    {
        await _uart.WhenRoomAsync(plugged);
        while (_holdsInput)
        {
            await _inputTaken.WaitAsync(plugged);
        }
    }

    /// <summary>RTS: completes when the receive buffer has room; says whether that took a wait.</summary>
    private async ValueTask<bool> WhenRequestedAsync(int count, CancellationToken plugged)
    {
        bool waited = false;
        while (_uart.HonoursRts && _backlog.Count + count > RxBytes && !TakesInput)
        {
            waited = true;
            await (_holdsInput ? _inputTaken.WaitAsync(plugged) : _uart.WhenRoomAsync(plugged));
        }

        return waited;
    }

    private void Accept(HostPort port, ReadOnlySpan<byte> bytes)
    {
        if (port.HostBitRate is int host && !LineNoise.Matches(host, _uart.BitRate))
        {
            bytes = _noise.Garble(bytes.Length, host, _uart.BitRate);
            _uart.Follow(host);
        }

        bytes = _faults.Input(bytes);
        if (_line is null || (TakesInput && _backlog.Count == 0))
        {
            Received?.Invoke(bytes);
            return;
        }

        // The module hangs in a write; its receive buffer fills, and what does not fit is lost.
        int kept = Math.Min(bytes.Length, Math.Max(0, RxBytes - _backlog.Count));
        _backlog.Write(bytes[..kept]);
        LostBytes += bytes.Length - kept;
    }
}
