using System.IO.Ports;

namespace ModemDriver.Transport;

/// <summary>A serial port by System.IO.Ports: Windows, macOS, and on Linux where it is asked for.</summary>
/// <remarks>
/// <para>What there is to know about <see cref="SerialPort"/>, and no other file needs to (10.0, tried on
/// Linux):</para>
/// <para>Cancelling a read of its <c>BaseStream</c> loses bytes that its own loop has read already. So reads carry no
/// token, for the life of the port.</para>
/// <para>After an unplug the first pending call fails; calls made later never complete, and <c>Close</c> waits for ever
/// for a write that was queued after the failure. So the read loop ends with the first failure, and <c>BaseStream</c>
/// is disposed first, which waits for nothing.</para>
/// <para>On Unix it serves one read per round of a loop that sleeps for a millisecond: one read at a time is capped
/// near 4 MB/s. Reads are served in the order in which they were made, so several may be outstanding.</para>
/// </remarks>
internal sealed class SerialTransport : ReadLoopTransport, IControlLines
{
    // On Windows a second read is an overlapped operation of its own, and their order is not promised.
    private static readonly int OutstandingReads = OperatingSystem.IsWindows() ? 1 : 4;

    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan DrainMargin = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly SerialTransportOptions _options;
    private SerialPort? _port;
    private int _bitRate;

    public SerialTransport(string name, string path, SerialTransportOptions options, TimeProvider timeProvider)
        : base(name, options, timeProvider)
    {
        _path = path;
        _options = options;
        _bitRate = options.BitRate;
    }

    public override int? BitRate => _bitRate;

    public override IControlLines? ControlLines => this;

    public override bool IsLossless => false;

    bool? IControlLines.ClearToSend => ReadLine(static port => port.CtsHolding);

    bool? IControlLines.DataSetReady => ReadLine(static port => port.DsrHolding);

    bool? IControlLines.DataCarrierDetect => ReadLine(static port => port.CDHolding);

    // SerialPort reports changes of RI, not its state.
    bool? IControlLines.RingIndicator => null;

    public static string[] PortNames() => SerialPort.GetPortNames();

    bool IControlLines.TrySetDataTerminalReady(bool asserted) => TrySetLine(port => port.DtrEnable = asserted);

    bool IControlLines.TrySetRequestToSend(bool asserted) => TrySetLine(port => port.RtsEnable = asserted);

    public override async ValueTask SetBitRateAsync(int bitsPerSecond, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bitsPerSecond, SerialTransportOptions.MinimumBitRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bitsPerSecond, SerialTransportOptions.MaximumBitRate);
        RequireOpen();
        SerialPort port = _port!; // an open transport has one
        try
        {
            await DrainAsync(port, cancellationToken).ConfigureAwait(false);
            port.BaudRate = bitsPerSecond;
            _bitRate = bitsPerSecond;
        }
        catch (Exception e) when (e is ArgumentException or IOException and not TransportException)
        {
            RequireOpen();
            throw TransportErrors.Refused(Name, $"{bitsPerSecond} bit/s", e);
        }
        catch (Exception e) when (e is InvalidOperationException)
        {
            RequireOpen();
            throw;
        }
    }

    protected override async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        SerialPort port = new(
            _path, _options.BitRate, ParityOf(_options.Parity), _options.DataBits, StopBitsOf(_options.StopBits))
        {
            Handshake = _options.FlowControl == SerialFlowControl.RtsCts ? Handshake.RequestToSend : Handshake.None,
            ReadTimeout = SerialPort.InfiniteTimeout,
            WriteTimeout = SerialPort.InfiniteTimeout,
        };
        try
        {
            // Opening talks to the device and may take its time.
            await Task.Run(port.Open, cancellationToken).ConfigureAwait(false);
            SetLines(port);
            port.DiscardInBuffer(); // what a previous user left unread is no answer to us
            _port = port;
            return port.BaseStream;
        }
        catch (Exception e)
        {
            port.Dispose();
            throw e is UnauthorizedAccessException or IOException or ArgumentException ? Explain(e) : e;
        }
    }

    protected override void CloseStream(Stream stream)
    {
        stream.Dispose();
        _port?.Dispose();
    }

    // Flush of this Stream spins until all has left; the write itself is what we wait for.
    protected override ValueTask SendAsync(
        Stream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        data.IsEmpty ? ValueTask.CompletedTask : stream.WriteAsync(data, cancellationToken);

    protected override async Task ReadAsync(Stream stream, CancellationToken closing)
    {
        byte[][] buffers = new byte[OutstandingReads][];
        Task<int>[] reads = new Task<int>[OutstandingReads];
        for (int i = 0; i < OutstandingReads; i++)
        {
            buffers[i] = new byte[ReadBytes];
            reads[i] = StartRead(stream, buffers[i]);
        }

        for (int next = 0; ; next = (next + 1) % OutstandingReads)
        {
            int count = await reads[next].ConfigureAwait(false);
            if (count == 0)
            {
                return;
            }

            Deliver(buffers[next].AsSpan(0, count));
            reads[next] = StartRead(stream, buffers[next]);
        }
    }

    protected override TransportException ExplainEnd(Exception? exception) =>
        TransportErrors.Gone(Name, "it was unplugged or hung up", exception);

    private static Task<int> StartRead(Stream stream, byte[] buffer)
    {
        Task<int> read = stream.ReadAsync(buffer, CancellationToken.None).AsTask();
        // The first failure ends the loop; those of the reads behind it say nothing new.
        _ = read.ContinueWith(
            static failed => _ = failed.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return read;
    }

    // DTR before RTS: on boards with a reset circuit the other order would pass through reset. A pseudo-terminal has
    // neither, and says so with an exception.
    private void SetLines(SerialPort port)
    {
        TrySet(() => port.DtrEnable = _options.DataTerminalReady);
        if (_options.FlowControl != SerialFlowControl.RtsCts)
        {
            TrySet(() => port.RtsEnable = _options.RequestToSend);
        }
    }

    private static bool TrySet(Action set)
    {
        try
        {
            set();
            return true;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return false; // the port has no such line, or is closed
        }
    }

    private bool TrySetLine(Action<SerialPort> set) => _port is { } port && TrySet(() => set(port));

    private bool? ReadLine(Func<SerialPort, bool> read)
    {
        try
        {
            return _port is { IsOpen: true } port ? read(port) : null;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return null; // the port has no such line, or has just been closed
        }
    }

    private async ValueTask DrainAsync(SerialPort port, CancellationToken cancellationToken)
    {
        const int BitsPerByte = 12; // start, eight, parity, two stop bits
        long start = Time.GetTimestamp();
        TimeSpan limit = DrainMargin + TimeSpan.FromSeconds((double)port.BytesToWrite * BitsPerByte / _bitRate);
        while (port.BytesToWrite > 0)
        {
            if (Time.GetElapsedTime(start) > limit)
            {
                throw TransportErrors.Stalled(Name, limit);
            }

            await Task.Delay(DrainPoll, Time, cancellationToken).ConfigureAwait(false);
        }
    }

    // On Unix everything is an UnauthorizedAccessException; the error number is that of the exception inside. EBUSY is
    // the one that comes out untranslated, as 203. Root is never told EBUSY: TIOCEXCL does not bind it.
    private TransportException Explain(Exception e)
    {
        const int Missing = 2, Denied = 13, Busy = 16, UntranslatedBusy = 203, NotATerminal = 25;
        if (OperatingSystem.IsWindows())
        {
            return e switch
            {
                UnauthorizedAccessException => TransportErrors.Busy(Name, null, e),
                FileNotFoundException => TransportErrors.Missing(Name, e),
                ArgumentException => TransportErrors.NotATerminal(Name, e),
                _ => TransportErrors.System(Name, "Opening", e),
            };
        }

        if (!File.Exists(_path))
        {
            return Directory.Exists(_path) ? TransportErrors.NotATerminal(Name, e) : TransportErrors.Missing(Name, e);
        }

        return e.InnerException?.HResult switch
        {
            Missing => TransportErrors.Missing(Name, e),
            Denied => TransportErrors.Denied(Name, e),
            Busy or UntranslatedBusy => TransportErrors.Busy(Name, null, e),
            NotATerminal => TransportErrors.NotATerminal(Name, e),
            _ => TransportErrors.System(Name, "Opening", e),
        };
    }

    private static Parity ParityOf(SerialParity parity) =>
        parity switch
        {
            SerialParity.Odd => Parity.Odd,
            SerialParity.Even => Parity.Even,
            SerialParity.Mark => Parity.Mark,
            SerialParity.Space => Parity.Space,
            _ => Parity.None,
        };

    private static StopBits StopBitsOf(SerialStopBits stopBits) =>
        stopBits == SerialStopBits.Two ? StopBits.Two : StopBits.One;
}
