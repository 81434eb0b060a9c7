using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ModemDriver.Transport;

// The port's thread: opens, waits, reads, goes on with a write, closes. A port that is idle has none.
internal sealed partial class LinuxSerialTransport
{
    /// <summary>Starts a thread in the background; <see langword="false"/> when there is none to be had.</summary>
    internal static bool TryStartThread(ThreadStart work, string name)
    {
        try
        {
            new Thread(work) { IsBackground = true, Name = name }.UnsafeStart();
            return true;
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            return false; // what the runtime throws when the system refuses
        }
    }

    private void Run()
    {
        if (!TryOpen())
        {
            _ended.TrySetResult();
            return;
        }

        _opened.TrySetResult();
        Serve();
    }

    // Until the port is idle or ends.
    private void Serve()
    {
        TransportException? reason;
        try
        {
            if (!Pump(out reason))
            {
                return; // not ours any more: a thread for it may be running already
            }
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
                    _isLossless = _options.FlowControl == SerialFlowControl.RtsCts || ReadLine(tty, LineCts) is null;
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

    // True at the end of the port, with its reason; null when its owner closed it. False when the watch has it now.
    private unsafe bool Pump(out TransportException? reason)
    {
        reason = null;
        PollEntry* entries = stackalloc PollEntry[2];
        entries[0].Descriptor = (int)_tty!.DangerousGetHandle(); // this thread alone closes them
        entries[1].Descriptor = (int)_wakeUp!.DangerousGetHandle();
        entries[1].Events = PollIn;
        while (true)
        {
            var wanted = _isPaused ? (short)0 : PollIn;
            entries[0].Events = _write.IsActive ? (short)(wanted | PollOut) : wanted;
            int ready = poll(entries, 2, _idleMilliseconds);
            if (ready < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == EIntr)
                {
                    continue;
                }

                reason = TransportErrors.System(Name, "Waiting for", new Win32Exception(error));
                return true;
            }

            if (ready == 0 && TryPark(entries[0], entries[1]))
            {
                return false;
            }

            if (entries[1].Returned != 0)
            {
                TakeSignal(_wakeUp);
                if (Volatile.Read(ref _closing))
                {
                    reason = _reason;
                    return true;
                }
            }

            if ((entries[0].Returned & PollOut) != 0)
            {
                ContinueWrite();
            }

            if ((entries[0].Returned & ~PollOut) != 0)
            {
                reason = Receive(entries[0].Returned);
                if (reason is not null)
                {
                    return true;
                }
            }
        }
    }

    // The watch waits for the same as this thread did. Whoever wants something else, or has something to be done,
    // signals the event, here as there; and that stays signalled until a thread of the port takes it.
    // False when the watch cannot have the port: this thread waits on.
    private bool TryPark(PollEntry tty, PollEntry wakeUp)
    {
        _isParked = true;
        if (IdlePortWatch.Shared.TryTake(new IdlePort(tty, wakeUp, TryResume)))
        {
            return true;
        }

        _isParked = false;
        return false;
    }

    // On the thread of the watch, which has let go of the port.
    private bool TryResume()
    {
        _isParked = false;
        if (TryStartThread(Serve, ThreadName))
        {
            return true;
        }

        _isParked = true;
        return false;
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
}
