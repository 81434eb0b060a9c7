using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ModemDriver.Transport;

// What can be set on a tty: character format, bit rate, latency, control lines.
internal sealed partial class LinuxSerialTransport : IControlLines, ITellsLatency
{
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan DrainMargin = TimeSpan.FromSeconds(2);

    public IControlLines? ControlLines => this;

    public string? LatencyRefusal { get; private set; }

    bool IControlLines.TrySetDataTerminalReady(bool asserted) => TrySetLine(OpenTty(), LineDtr, asserted);

    bool IControlLines.TrySetRequestToSend(bool asserted) => TrySetLine(OpenTty(), LineRts, asserted);

    bool? IControlLines.ClearToSend => ReadLine(OpenTty(), LineCts);

    bool? IControlLines.DataSetReady => ReadLine(OpenTty(), LineDsr);

    bool? IControlLines.DataCarrierDetect => ReadLine(OpenTty(), LineDcd);

    bool? IControlLines.RingIndicator => ReadLine(OpenTty(), LineRi);

    public async ValueTask SetBitRateAsync(int bitsPerSecond, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bitsPerSecond, SerialTransportOptions.MinimumBitRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bitsPerSecond, SerialTransportOptions.MaximumBitRate);
        SafeFileHandle tty;
        lock (_gate)
        {
            if (WhyNotWritable() is { } reason)
            {
                throw reason;
            }

            tty = _tty!; // an open port has a descriptor
        }

        try
        {
            await DrainAsync(tty, cancellationToken).ConfigureAwait(false);
            // Waits for the last characters in the transmitter, for a moment: not on the caller's thread.
            await Task.Run(() => ChangeSpeed(tty, Name, bitsPerSecond), cancellationToken).ConfigureAwait(false);
            BitRate = bitsPerSecond;
        }
        catch (ObjectDisposedException)
        {
            lock (_gate)
            {
                throw TransportErrors.Ended(Name, _reason);
            }
        }
    }

    private async ValueTask DrainAsync(SafeFileHandle tty, CancellationToken cancellationToken)
    {
        const int BitsPerByte = 12; // start, eight, parity, two stop bits
        long start = _time.GetTimestamp();
        TimeSpan limit = DrainMargin + TimeSpan.FromSeconds((double)OutputQueued(tty) * BitsPerByte / BitRate!.Value);
        while (OutputQueued(tty) > 0)
        {
            if (_time.GetElapsedTime(start) > limit)
            {
                throw TransportErrors.Stalled(Name, limit);
            }

            await Task.Delay(DrainPoll, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private SafeFileHandle? OpenTty()
    {
        lock (_gate)
        {
            return _state == TransportState.Open ? _tty : null;
        }
    }

    private unsafe void Configure(SafeFileHandle tty, string port, SerialTransportOptions options)
    {
        const int InputAndOutput = 2; // TCIOFLUSH
        SetTermios(tty, port, options);
        SetLinesAtOpen(tty, options);
        if (options.LowLatency)
        {
            LatencyRefusal = SetLowLatency(tty);
        }

        // What a previous user left unread is no answer to us.
        _ = ioctl(tty, Request.Flush, (void*)InputAndOutput);
    }

    private static unsafe void SetTermios(SafeFileHandle tty, string port, SerialTransportOptions options)
    {
        const int Time = 5, Minimum = 6; // VTIME, VMIN
        Termios2 raw = default;
        raw.Input = Flag.IgnoreBreak; // a module that resets holds its line low, which is no byte
        raw.Control = Flag.SpeedOther | Flag.Receive | Flag.IgnoreCarrier | (uint)(options.DataBits - 5) << 4;
        raw.Control |= options.StopBits == SerialStopBits.Two ? Flag.TwoStopBits : 0;
        raw.Control |= options.FlowControl == SerialFlowControl.RtsCts ? Flag.RtsCts : 0;
        raw.Control |= options.Parity switch
        {
            SerialParity.Odd => Flag.Parity | Flag.OddParity,
            SerialParity.Even => Flag.Parity,
            SerialParity.Mark => Flag.Parity | Flag.StickParity | Flag.OddParity,
            SerialParity.Space => Flag.Parity | Flag.StickParity,
            _ => 0,
        };
        raw.Characters[Minimum] = 1;
        raw.Characters[Time] = 0;
        raw.InputSpeed = raw.OutputSpeed = (uint)options.BitRate;
        if (ioctl(tty, Request.SetTermios, &raw) < 0)
        {
            throw TransportErrors.Refused(port, "these settings", new Win32Exception(Marshal.GetLastPInvokeError()));
        }

        RequireSpeed(tty, port, options.BitRate);
    }

    private static unsafe void ChangeSpeed(SafeFileHandle tty, string port, int bitsPerSecond)
    {
        Termios2 settings;
        if (ioctl(tty, Request.GetTermios, &settings) == 0)
        {
            settings.Control = (settings.Control & ~(Flag.SpeedMask | Flag.InputSpeedMask)) | Flag.SpeedOther;
            settings.InputSpeed = settings.OutputSpeed = (uint)bitsPerSecond;
            if (ioctl(tty, Request.DrainSet, &settings) == 0)
            {
                RequireSpeed(tty, port, bitsPerSecond);
                return;
            }
        }

        int error = Marshal.GetLastPInvokeError();
        throw error == EIo
            ? TransportErrors.Gone(port, "it was unplugged or hung up", new Win32Exception(error))
            : TransportErrors.Refused(port, $"{bitsPerSecond} bit/s", new Win32Exception(error));
    }

    // A driver that cannot do a rate takes another and says so only when asked. A receiver that samples in the middle
    // of a bit stands 5 % over the ten bits of a character, shared by both ends.
    private static unsafe void RequireSpeed(SafeFileHandle tty, string port, int bitsPerSecond)
    {
        const double Tolerance = 0.025;
        Termios2 now;
        if (ioctl(tty, Request.GetTermios, &now) == 0
            && Math.Abs((double)now.OutputSpeed - bitsPerSecond) > bitsPerSecond * Tolerance)
        {
            throw TransportErrors.Refused(port, $"{bitsPerSecond} bit/s (it took {now.OutputSpeed} instead)");
        }
    }

    // Both lines in one call: on boards with a reset circuit, one ahead of the other resets the module.
    private static unsafe void SetLinesAtOpen(SafeFileHandle tty, SerialTransportOptions options)
    {
        int driven = options.FlowControl == SerialFlowControl.RtsCts ? LineDtr : LineDtr | LineRts;
        int on = (options.DataTerminalReady ? LineDtr : 0) | (options.RequestToSend ? LineRts : 0);
        int raise = on & driven, lower = ~on & driven;
        if (raise != 0)
        {
            _ = ioctl(tty, Request.RaiseLines, &raise); // ENOTTY on a pseudo-terminal
        }

        if (lower != 0)
        {
            _ = ioctl(tty, Request.LowerLines, &lower);
        }
    }

    // struct serial_struct: type, line, port, irq, flags, ...: 60 or 72 bytes. Unknown to pseudo-terminals and CDC-ACM.
    private static unsafe string? SetLowLatency(SafeFileHandle tty)
    {
        const int Flags = 4, LowLatency = 1 << 13; // ASYNC_LOW_LATENCY
        int* serial = stackalloc int[32];
        new Span<int>(serial, 32).Clear();
        if (ioctl(tty, Request.GetSerial, serial) < 0 || (serial[Flags] & LowLatency) != 0)
        {
            return null;
        }

        serial[Flags] |= LowLatency;
        return ioctl(tty, Request.SetSerial, serial) < 0
            ? new Win32Exception(Marshal.GetLastPInvokeError()).Message
            : null;
    }

    private static unsafe bool TrySetLine(SafeFileHandle? tty, int line, bool asserted)
    {
        try
        {
            return tty is not null && ioctl(tty, asserted ? Request.RaiseLines : Request.LowerLines, &line) == 0;
        }
        catch (ObjectDisposedException)
        {
            return false; // the port went while we asked
        }
    }

    private static unsafe bool? ReadLine(SafeFileHandle? tty, int line)
    {
        int lines = 0;
        try
        {
            return tty is not null && ioctl(tty, Request.GetLines, &lines) == 0 ? (lines & line) != 0 : null;
        }
        catch (ObjectDisposedException)
        {
            return null; // the port went while we asked
        }
    }
}
