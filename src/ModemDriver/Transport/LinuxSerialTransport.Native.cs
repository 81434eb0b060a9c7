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
    internal struct PollEntry
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

    private SafeFileHandle OpenPort(string port, SerialTransportOptions options)
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
        const int NotPermitted = 1, Missing = 2, NoSuchDevice = 6, Denied = 13;
        const int Busy = 16, NoDevice = 19, Directory = 21;
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
            throw TransportErrors.Busy(port, LinuxPortHolder.Find(port, ownDescriptors: 1));
        }

        _ = ioctl(tty, Request.SetExclusive, null);
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

    // Of a port that is open: one that cannot be opened is tried again and again, and must leave nothing behind.
    private static SafeFileHandle CreateWakeUp(string port, SafeFileHandle tty)
    {
        if (TryCreateEvent() is { } wakeUp)
        {
            return wakeUp;
        }

        int error = Marshal.GetLastPInvokeError();
        tty.Dispose();
        throw TransportErrors.System(port, "Opening", new Win32Exception(error));
    }

    // ---- also for the watch of idle ports ----

    internal static SafeFileHandle? TryCreateEvent()
    {
        const int NonBlocking = 0x800, CloseOnExec = 0x80000;
        int descriptor = eventfd(0, NonBlocking | CloseOnExec);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    // The handle must outlive the entry.
    internal static PollEntry EntryOf(SafeFileHandle descriptor) =>
        new() { Descriptor = (int)descriptor.DangerousGetHandle(), Events = PollIn };

    // -1 is no limit. False when the system cannot wait for these.
    internal static bool Wait(Span<PollEntry> entries, int milliseconds)
    {
        fixed (PollEntry* first = entries)
        {
            while (poll(first, (nuint)entries.Length, milliseconds) < 0)
            {
                if (Marshal.GetLastPInvokeError() != EIntr)
                {
                    return false;
                }
            }
        }

        return true;
    }

    internal static void Signal(SafeFileHandle wakeUp)
    {
        ulong one = 1;
        _ = write(wakeUp, &one, sizeof(ulong)); // full means signalled already
    }

    internal static void TakeSignal(SafeFileHandle wakeUp)
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
