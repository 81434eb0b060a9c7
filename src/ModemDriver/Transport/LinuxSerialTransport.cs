using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ModemDriver.Transport;

/// <summary>A tty by its descriptor: termios, poll, read, write.</summary>
/// <remarks>
/// <para>One thread of its own opens the port, waits in poll(2) and calls the sink in place: a wake-up of the thread
/// pool for every read costs more than all the rest. The thread alone closes the descriptor.</para>
/// <para>A write is tried once on the caller's thread. The rest waits for POLLOUT on the port's thread. All of the
/// writer's state is guarded by <c>_gate</c>, so that after a cancellation the memory is not looked at again.</para>
/// </remarks>
internal sealed partial class LinuxSerialTransport : ITransport
{
    // A tty hands over at most 4095 bytes a read.
    private const int ReadBytes = 4096;

    // Closing gives the last command time to leave: 2,000 bytes at 115,200 bit/s.
    private const int DrainSteps = 20;
    private const int DrainStepMilliseconds = 10;

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly SerialTransportOptions _options;
    private readonly TimeProvider _time;
    private readonly WaitingWrite _write; // waits for POLLOUT
    private readonly StallWatch _stall;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(ReadBytes, pinned: true);

    private readonly Func<string> _find;
    private TransportState _state;
    private bool _closing;
    private volatile bool _isPaused;
    private TransportException? _reason;
    private ITransportSink? _sink;
    private SafeFileHandle? _tty;
    private SafeFileHandle? _wakeUp;

    public LinuxSerialTransport(
        string port, SerialTransportOptions options, TimeProvider timeProvider, Func<string>? find = null)
    {
        _find = find ?? (() => port);
        Name = port;
        BitRate = options.BitRate;
        _options = options;
        _time = timeProvider;
        _write = new WaitingWrite(_gate);
        _stall = new StallWatch(timeProvider, options.WriteStallLimit, OnStalled);
    }

    public string Name { get; }

    public int? BitRate { get; private set; }

    public async ValueTask OpenAsync(ITransportSink sink, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        lock (_gate)
        {
            if (_state == TransportState.Closed)
            {
                throw TransportErrors.Ended(Name, _reason);
            }

            if (_state != TransportState.Created)
            {
                throw TransportErrors.OpenedTwice(Name);
            }

            _state = cancellationToken.IsCancellationRequested ? TransportState.Closed : TransportState.Opening;
            _sink = sink;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            _ended.TrySetResult();
            cancellationToken.ThrowIfCancellationRequested();
        }

        // Opening a USB port talks to the device and may take its time: that, too, is done on the port's thread.
        new Thread(Run) { IsBackground = true, Name = $"modem {Name}" }.UnsafeStart();
        try
        {
            await _opened.Task.WaitAsync(_options.OpenLimit, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException && AbandonOpening())
        {
            if (e is TimeoutException)
            {
                throw TransportErrors.OpenTooSlow(Name, _options.OpenLimit);
            }

            throw;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // The port was open already when the time ran out: it is open.
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_gate)
        {
            if (WhyNotWritable() is { } reason)
            {
                return ValueTask.FromException(reason);
            }

            if (!TryWrite(data.Span, out int taken, out TransportException? failure))
            {
                return ValueTask.FromException(failure!); // set whenever false is returned
            }

            return taken == data.Length ? ValueTask.CompletedTask : QueueRest(data[taken..], cancellationToken);
        }
    }

    /// <summary>
    /// With flow control the system takes RTS back when its buffer is full. A terminal without any control line has no
    /// wire behind it, and its other side waits.
    /// </summary>
    public bool TryPauseReceiving(bool isPaused)
    {
        lock (_gate)
        {
            if (_state != TransportState.Open || _closing)
            {
                return false;
            }

            if (isPaused && _options.FlowControl != SerialFlowControl.RtsCts && ReadLine(_tty!, LineCts) is not null)
            {
                return false;
            }

            if (_isPaused != isPaused)
            {
                _isPaused = isPaused;
                Signal(_wakeUp!); // an open port has one
            }

            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            switch (_state)
            {
                case TransportState.Created:
                    _state = TransportState.Closed;
                    _ended.TrySetResult();
                    break;
                case TransportState.Opening:
                    _state = TransportState.Closed;
                    _opened.TrySetException(TransportErrors.Ended(Name, null));
                    break;
                case TransportState.Open when !_closing:
                    _closing = true;
                    Signal(_wakeUp!); // an open port has one
                    break;
            }
        }

        try
        {
            // No thread is joined: this may run on the port's own thread, which leaves once the sink has returned.
            await _ended.Task.WaitAsync(CloseLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The sink does not return, or the driver of the port hangs: the thread closes the port when it can.
        }
    }

    // ---- the port's thread ----

    private void Run()
    {
        if (!TryOpen())
        {
            _ended.TrySetResult();
            return;
        }

        _opened.TrySetResult();
        TransportException? reason;
        try
        {
            reason = Pump();
        }
#pragma warning disable CA1031 // A sink that throws ends the transport with that reason; it must not end the process.
        catch (Exception e)
#pragma warning restore CA1031
        {
            reason = TransportErrors.SinkFailed(Name, e);
        }

        Finish(reason);
    }

    private bool TryOpen()
    {
        try
        {
            SafeFileHandle tty = OpenPort(_find(), _options);
            SafeFileHandle wakeUp = CreateWakeUp(Name, tty);
            lock (_gate)
            {
                if (_state == TransportState.Opening)
                {
                    _wakeUp = wakeUp;
                    _tty = tty;
                    _state = TransportState.Open;
                    return true;
                }
            }

            Release(tty); // given up meanwhile
            wakeUp.Dispose();
        }
        catch (TransportException e)
        {
            lock (_gate)
            {
                _state = TransportState.Closed;
                _reason = e;
            }

            _opened.TrySetException(e);
        }

        return false;
    }

    private bool AbandonOpening()
    {
        lock (_gate)
        {
            if (_state == TransportState.Open)
            {
                return false;
            }

            _state = TransportState.Closed;
            return true;
        }
    }

    // Returns why the port ended; null when its owner closed it.
    private unsafe TransportException? Pump()
    {
        PollEntry* entries = stackalloc PollEntry[2];
        entries[0].Descriptor = (int)_tty!.DangerousGetHandle(); // this thread alone closes them
        entries[1].Descriptor = (int)_wakeUp!.DangerousGetHandle();
        entries[1].Events = PollIn;
        while (true)
        {
            var wanted = _isPaused ? (short)0 : PollIn;
            entries[0].Events = _write.IsActive ? (short)(wanted | PollOut) : wanted;
            if (poll(entries, 2, -1) < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == EIntr)
                {
                    continue;
                }

                return TransportErrors.System(Name, "Waiting for", new Win32Exception(error));
            }

            if (entries[1].Returned != 0)
            {
                TakeSignal(_wakeUp);
                if (Volatile.Read(ref _closing))
                {
                    return _reason;
                }
            }

            if ((entries[0].Returned & PollOut) != 0)
            {
                ContinueWrite();
            }

            if ((entries[0].Returned & ~PollOut) != 0 && Receive(entries[0].Returned) is { } reason)
            {
                return reason;
            }
        }
    }

    private unsafe TransportException? Receive(short returned)
    {
        nint count;
        fixed (byte* buffer = _buffer)
        {
            count = read(_tty!, buffer, ReadBytes); // open for as long as this thread runs
        }

        if (count > 0)
        {
            _sink!.Received(_buffer.AsSpan(0, (int)count)); // set before the thread was started
            return null;
        }

        int error = count < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (error is EAgain or EIntr && (returned & PollBroken) == 0)
        {
            return null;
        }

        // A tty that was hung up reads as end of file, or as EIO to a call that was under way: the same event.
        return TransportErrors.Gone(
            Name, "it was unplugged or hung up", error == 0 ? null : new Win32Exception(error));
    }

    private void ContinueWrite()
    {
        TransportException? failure;
        lock (_gate)
        {
            if (!_write.IsActive)
            {
                return;
            }

            if (TryWrite(_write.Rest.Span, out int taken, out failure))
            {
                if (taken > 0)
                {
                    _stall.Progress();
                    _write.Advance(taken);
                }

                if (!_write.Rest.IsEmpty)
                {
                    return;
                }
            }

            _stall.Stop();
            _write.TryEnd();
        }

        _write.Complete(failure);
    }

    private void Finish(TransportException? reason)
    {
        // 1. What is written now leaves, if it leaves soon. 2. No more calls. 3. The port is free for the next to open
        // it. 4. The writer, then the sink, learn of the end. 5. Whoever disposes may go on.
        if (reason is null)
        {
            LingerForOutput();
        }

        bool writing;
        lock (_gate)
        {
            _state = TransportState.Closed;
            _reason ??= reason;
            writing = _write.TryEnd();
            _stall.Dispose();
            Release(_tty!); // both are set when the port is open, and only closed here
            _wakeUp!.Dispose();
        }

        if (writing)
        {
            _write.Complete(TransportErrors.Ended(Name, reason));
        }

        try
        {
            _sink!.Closed(reason);
        }
#pragma warning disable CA1031 // The transport has ended: there is nobody left to tell, and the process must live.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        _ended.TrySetResult();
    }

    // There is no event for an empty transmitter. A pseudo-terminal says 0 at once.
    private unsafe void LingerForOutput()
    {
        for (int step = 0; step < DrainSteps && OutputQueued(_tty!) > 0; step++)
        {
            _ = poll(null, 0, DrainStepMilliseconds);
        }
    }

    // ---- writing, under _gate ----

    private Exception? WhyNotWritable() =>
        _state switch
        {
            TransportState.Open when _closing => TransportErrors.Ended(Name, _reason),
            TransportState.Open => _write.IsActive ? TransportErrors.WriteUnderWay(Name) : null,
            TransportState.Closed => TransportErrors.Ended(Name, _reason),
            _ => TransportErrors.NotOpen(Name),
        };

    private unsafe bool TryWrite(ReadOnlySpan<byte> data, out int taken, out TransportException? failure)
    {
        taken = 0;
        failure = null;
        if (data.IsEmpty)
        {
            return true;
        }

        nint count;
        fixed (byte* bytes = data)
        {
            count = write(_tty!, bytes, (nuint)data.Length); // the port is open
        }

        if (count >= 0)
        {
            taken = (int)count;
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        if (error is EAgain or EIntr)
        {
            return true;
        }

        // The port's thread sees the same and tells the sink.
        failure = TransportErrors.Gone(Name, "it was unplugged or hung up", new Win32Exception(error));
        return false;
    }

    private ValueTask QueueRest(ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        ValueTask written = _write.Start(rest, cancellationToken);
        _stall.Start();
        Signal(_wakeUp!); // the port is open
        return written;
    }

    private void OnStalled()
    {
        lock (_gate)
        {
            if (_write.IsActive && !_closing)
            {
                _reason = TransportErrors.Stalled(Name, _options.WriteStallLimit);
                _closing = true;
                Signal(_wakeUp!); // an open port has one
            }
        }
    }
}
