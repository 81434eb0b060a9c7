using System.Runtime.InteropServices;

namespace ModemDriver.Simulator.Ways;

/// <summary>The system calls of a pseudo-terminal; numbers are those of Linux on x64 and arm64.</summary>
internal static unsafe partial class PtyNative
{
    internal const int Interrupted = 4;
    internal const int TryAgain = 11;
    internal const short PollIn = 1;
    internal const short PollOut = 4;
    internal const uint InotifyOpen = 0x20;
    internal const uint InotifyClose = 0x18;

    private const int ReadWrite = 2;
    private const int NoControllingTty = 0x100;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const uint GetTermios2 = 0x802C542A;
    private const uint SetTermios2 = 0x402C542B;
    private const uint NoExclusive = 0x540D;
    private const int FlushInput = 0;

    // struct termios2: four flag words, c_line, c_cc[19], c_ispeed, c_ospeed.
    private const int ControlFlags = 2;
    private const int InputSpeed = 9;
    private const int OutputSpeed = 10;
    private const int Termios2Words = 11;
    private const uint SpeedMask = 0x100F;
    private const uint OtherSpeed = 0x1000;
    private const int InputSpeedShift = 16;

    internal static int OpenMaster()
    {
        int master = Check(posix_openpt(ReadWrite | NoControllingTty | CloseOnExec | NonBlocking), "posix_openpt");
        try
        {
            _ = Check(grantpt(master), "grantpt");
            _ = Check(unlockpt(master), "unlockpt");
            return master;
        }
        catch
        {
            _ = close(master);
            throw;
        }
    }

    internal static string SlavePath(int master)
    {
        byte* name = stackalloc byte[128];
        return ptsname_r(master, name, 128) == 0
            ? Marshal.PtrToStringUTF8((nint)name)! // The call has filled it.
            : throw new IOException("ptsname_r failed.");
    }

    internal static int OpenSlave(string path) =>
        Check(open(path, ReadWrite | NoControllingTty | CloseOnExec | NonBlocking), "open " + path);

    /// <summary>No echo, no translation, and this speed. From the master's side, as the slave would.</summary>
    internal static void MakeRaw(int descriptor, int bitRate)
    {
        uint* termios = stackalloc uint[Termios2Words + 32];
        _ = Check(ioctl(descriptor, GetTermios2, termios), "TCGETS2");
        SetRaw(termios, bitRate);
        _ = Check(ioctl(descriptor, SetTermios2, termios), "TCSETS2");
    }

    /// <summary>Whether <see cref="MakeRaw"/> would change nothing that matters.</summary>
    internal static bool IsRaw(int descriptor, int bitRate)
    {
        uint* termios = stackalloc uint[Termios2Words + 32];
        if (ioctl(descriptor, GetTermios2, termios) != 0)
        {
            return false;
        }

        bool hasRate = termios[InputSpeed] == (uint)bitRate && termios[OutputSpeed] == (uint)bitRate;
        (uint input, uint output, uint control, uint local) = (termios[0], termios[1], termios[ControlFlags], termios[3]);
        SetRaw(termios, bitRate);
        const uint HowSpeedIsTold = SpeedMask | (SpeedMask << InputSpeedShift);
        const uint IgnoreBreak = 1; // A terminal of this kind has none.
        return hasRate && (input & ~IgnoreBreak, output, local) == (termios[0], termios[1], termios[3])
            && ((control ^ termios[ControlFlags]) & ~HowSpeedIsTold) == 0;
    }

    private static void SetRaw(uint* termios, int bitRate)
    {
        termios[0] &= ~0x5EBu; // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON
        termios[1] &= ~1u; // OPOST
        termios[3] &= ~0x804Bu; // ECHO ECHONL ICANON ISIG IEXTEN
        uint control = termios[ControlFlags] & ~(SpeedMask | (SpeedMask << InputSpeedShift) | 0x130u);
        termios[ControlFlags] = control | OtherSpeed | (OtherSpeed << InputSpeedShift) | 0x30; // CS8
        termios[InputSpeed] = termios[OutputSpeed] = (uint)bitRate;
    }

    /// <summary>The speed that the program on the slave has set.</summary>
    internal static int? BitRate(int descriptor)
    {
        uint* termios = stackalloc uint[Termios2Words + 32];
        return ioctl(descriptor, GetTermios2, termios) == 0 ? (int)termios[OutputSpeed] : null;
    }

    /// <summary>Forgets what nobody has read.</summary>
    internal static void ForgetUnread(int slave) => _ = tcflush(slave, FlushInput);

    /// <summary>Takes away the lock of a program that was killed.</summary>
    internal static void Unlock(int slave) => _ = ioctl(slave, NoExclusive, null);

    internal static int Watch(string path)
    {
        int watcher = Check(inotify_init1(NonBlocking | CloseOnExec), "inotify_init1");
        _ = Check(inotify_add_watch(watcher, path, InotifyOpen | InotifyClose), "inotify_add_watch");
        return watcher;
    }

    internal static int NewEvent() => Check(eventfd(0, NonBlocking | CloseOnExec), "eventfd");

    internal static void Signal(int descriptor)
    {
        ulong one = 1;
        _ = write(descriptor, (byte*)&one, sizeof(ulong));
    }

    internal static int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return (int)read(descriptor, bytes, (nuint)buffer.Length);
        }
    }

    internal static int Write(int descriptor, ReadOnlySpan<byte> data)
    {
        fixed (byte* bytes = data)
        {
            return (int)write(descriptor, bytes, (nuint)data.Length);
        }
    }

    internal static int Poll(Span<PollEntry> entries, int timeoutMilliseconds)
    {
        fixed (PollEntry* first = entries)
        {
            return poll(first, (nuint)entries.Length, timeoutMilliseconds);
        }
    }

    internal static void Close(int descriptor) => _ = close(descriptor);

    private static int Check(int result, string what) =>
        result >= 0 ? result : throw new IOException($"{what} failed: error {Marshal.GetLastPInvokeError()}.");

#pragma warning disable IDE1006, SYSLIB1054 // Names of the system's own.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int posix_openpt(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int grantpt(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlockpt(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ptsname_r(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, nuint request, void* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcflush(int descriptor, int queue);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int inotify_add_watch(int descriptor, string path, uint mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint start, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollEntry* entries, nuint count, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Happened;
    }
#pragma warning restore IDE1006, SYSLIB1054
}
