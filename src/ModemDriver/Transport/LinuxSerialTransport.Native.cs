using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ModemDriver.Transport;

// The calls into libc. No other file of the driver makes any. Numbers and layouts are those of
// include/uapi/asm-generic (ioctls.h, termbits.h, fcntl.h, poll.h) in Linux, which x64, arm, arm64, riscv64 and
// loongarch64 share.
internal sealed unsafe partial class LinuxSerialTransport
{
    private const int EIntr = 4;
    private const int EIo = 5;
    private const int EAgain = 11;

    private const short PollIn = 0x1;
    private const short PollOut = 0x4;
    private const short PollBroken = 0x8 | 0x10 | 0x20; // ERR, HUP, NVAL

    private const int LineDtr = 0x2;
    private const int LineRts = 0x4;
    private const int LineCts = 0x20;
    private const int LineDcd = 0x40;
    private const int LineRi = 0x80;
    private const int LineDsr = 0x100;

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    // struct termios2, 44 bytes.
    [StructLayout(LayoutKind.Sequential)]
    private struct Termios2
    {
        public uint Input;
        public uint Output;
        public uint Control;
        public uint Local;
        public byte Line;
        public fixed byte Characters[19];
        public uint InputSpeed;
        public uint OutputSpeed;
    }

    private static class Request
    {
        public const nuint GetExclusive = 0x80045440; // TIOCGEXCL
        public const nuint SetExclusive = 0x540C;     // TIOCEXCL
        public const nuint ClearExclusive = 0x540D;   // TIOCNXCL
        public const nuint Flush = 0x540B;            // TCFLSH
        public const nuint GetTermios = 0x802C542A;   // TCGETS2
        public const nuint SetTermios = 0x402C542B;   // TCSETS2: at once
        public const nuint DrainSet = 0x402C542C;     // TCSETSW2: after the output has left
        public const nuint OutputQueue = 0x5411;      // TIOCOUTQ
        public const nuint GetLines = 0x5415;         // TIOCMGET
        public const nuint RaiseLines = 0x5416;       // TIOCMBIS
        public const nuint LowerLines = 0x5417;       // TIOCMBIC
        public const nuint GetSerial = 0x541E;        // TIOCGSERIAL
        public const nuint SetSerial = 0x541F;        // TIOCSSERIAL
    }

    private static class Flag
    {
        public const uint IgnoreBreak = 0x1;
        public const uint SpeedMask = 0x100F;       // CBAUD
        public const uint SpeedOther = 0x1000;      // BOTHER: the rate is a number
        public const uint InputSpeedMask = SpeedMask << 16;
        public const uint SizeMask = 0x30;
        public const uint TwoStopBits = 0x40;
        public const uint Receive = 0x80;           // CREAD
        public const uint Parity = 0x100;
        public const uint OddParity = 0x200;
        public const uint IgnoreCarrier = 0x800;    // CLOCAL
        public const uint StickParity = 0x40000000; // CMSPAR
        public const uint RtsCts = 0x80000000;      // CRTSCTS
    }

    private static SafeFileHandle OpenPort(string port, SerialTransportOptions options)
    {
        const int ReadWrite = 0x2, NoControllingTty = 0x100, NonBlocking = 0x800, CloseOnExec = 0x80000;
        int descriptor = open(port, ReadWrite | NoControllingTty | NonBlocking | CloseOnExec);
        if (descriptor < 0)
        {
            throw ExplainOpen(port, Marshal.GetLastPInvokeError());
        }

        SafeFileHandle tty = new(descriptor, ownsHandle: true);
        try
        {
            Claim(tty, port);
            Configure(tty, port, options);
            return tty;
        }
        catch
        {
            tty.Dispose();
            throw;
        }
    }

    private static TransportException ExplainOpen(string port, int error)
    {
        const int NotPermitted = 1, Missing = 2, NoSuchDevice = 6, Denied = 13, Busy = 16, NoDevice = 19, Directory = 21;
        Win32Exception inner = new(error);
        return error switch
        {
            Missing => TransportErrors.Missing(port, inner),
            Denied or NotPermitted => TransportErrors.Denied(port, inner),
            Busy => TransportErrors.Busy(port, LinuxPortHolder.Find(port), inner),
            Directory => TransportErrors.NotATerminal(port, inner),
            NoSuchDevice or NoDevice or EIo => TransportErrors.NoDevice(port, inner),
            _ => TransportErrors.System(port, "Opening", inner),
        };
    }

    // TIOCEXCL makes every later open fail with EBUSY, but not root's. So root asks whether the flag is set, and a lock
    // of the file tells two programs that both look at it, whoever runs them.
    private static void Claim(SafeFileHandle tty, string port)
    {
        const int ExclusiveNoWait = 2 | 4; // LOCK_EX | LOCK_NB
        Termios2 settings;
        if (ioctl(tty, Request.GetTermios, &settings) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw error == EIo
                ? TransportErrors.NoDevice(port, new Win32Exception(error))
                : TransportErrors.NotATerminal(port, new Win32Exception(error));
        }

        int exclusive = 0;
        bool taken = ioctl(tty, Request.GetExclusive, &exclusive) == 0 && exclusive != 0;
        if (taken || flock(tty, ExclusiveNoWait) < 0)
        {
            throw TransportErrors.Busy(port, LinuxPortHolder.Find(port));
        }

        _ = ioctl(tty, Request.SetExclusive, null);
    }

    private static void Configure(SafeFileHandle tty, string port, SerialTransportOptions options)
    {
        const int InputAndOutput = 2; // TCIOFLUSH
        SetTermios(tty, port, options);
        SetLinesAtOpen(tty, options);
        if (options.LowLatency)
        {
            SetLowLatency(tty);
        }

        // What a previous user left unread is no answer to us.
        _ = ioctl(tty, Request.Flush, (void*)InputAndOutput);
    }

    private static void SetTermios(SafeFileHandle tty, string port, SerialTransportOptions options)
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

    private static void ChangeSpeed(SafeFileHandle tty, string port, int bitsPerSecond)
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

        throw TransportErrors.Refused(port, $"{bitsPerSecond} bit/s", new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    // A driver that cannot do a rate takes another and says so only when asked. A receiver that samples in the middle of
    // a bit stands 5 % over the ten bits of a character, shared by both ends.
    private static void RequireSpeed(SafeFileHandle tty, string port, int bitsPerSecond)
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
    private static void SetLinesAtOpen(SafeFileHandle tty, SerialTransportOptions options)
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
    private static void SetLowLatency(SafeFileHandle tty)
    {
        const int Flags = 4, LowLatency = 1 << 13; // ASYNC_LOW_LATENCY
        int* serial = stackalloc int[32];
        new Span<int>(serial, 32).Clear();
        if (ioctl(tty, Request.GetSerial, serial) == 0 && (serial[Flags] & LowLatency) == 0)
        {
            serial[Flags] |= LowLatency;
            _ = ioctl(tty, Request.SetSerial, serial);
        }
    }

    private static int OutputQueued(SafeFileHandle tty)
    {
        int queued = 0;
        return ioctl(tty, Request.OutputQueue, &queued) < 0 ? 0 : queued;
    }

    // Without the flush, close(2) waits up to 30 s for output that the module does not take; without TIOCNXCL a
    // pseudo-terminal stays locked for as long as its master lives.
    private static void Release(SafeFileHandle tty)
    {
        const int Output = 1; // TCOFLUSH
        _ = ioctl(tty, Request.Flush, (void*)Output);
        _ = ioctl(tty, Request.ClearExclusive, null);
        tty.Dispose();
    }

    private static SafeFileHandle CreateWakeUp(string port)
    {
        const int NonBlocking = 0x800, CloseOnExec = 0x80000;
        int descriptor = eventfd(0, NonBlocking | CloseOnExec);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw TransportErrors.System(port, "Opening", new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    private static void Signal(SafeFileHandle wakeUp)
    {
        ulong one = 1;
        _ = write(wakeUp, &one, sizeof(ulong)); // full means signalled already
    }

    private static void TakeSignal(SafeFileHandle wakeUp)
    {
        ulong count;
        _ = read(wakeUp, &count, sizeof(ulong));
    }

#pragma warning disable IDE1006 // the names are those of the C library
#pragma warning disable SA1300
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(SafeFileHandle descriptor, void* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(SafeFileHandle descriptor, void* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle descriptor, nuint request, void* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle descriptor, int operation);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);
#pragma warning restore
}
