using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ModemDriver.Tests.Transport;

/// <summary>The module's side of a pseudo-terminal: a test writes, reads and unplugs.</summary>
/// <remarks>Calls block, with a deadline, and are made from the thread pool. Numbers are Linux's.</remarks>
internal sealed unsafe partial class TestPty : IDisposable
{
    private const short PollIn = 1;
    private const short PollOut = 4;
    private const int EAgain = 11;
    private const int EIo = 5;

    private readonly SafeFileHandle _master;

    public TestPty()
    {
        const int ReadWrite = 2, NoControllingTty = 0x100, NonBlocking = 0x800, CloseOnExec = 0x80000;
        int descriptor = posix_openpt(ReadWrite | NoControllingTty | NonBlocking | CloseOnExec);
        Check(descriptor, "posix_openpt");
        _master = new SafeFileHandle(descriptor, ownsHandle: true);
        Check(grantpt(_master), "grantpt");
        Check(unlockpt(_master), "unlockpt");
        byte* name = stackalloc byte[128];
        Check(-ptsname_r(_master, name, 128), "ptsname_r");
        Path = Marshal.PtrToStringUTF8((nint)name)!; // never null: the call has filled it
        byte* settings = stackalloc byte[128]; // struct termios, opaque here
        Check(tcgetattr(_master, settings), "tcgetattr");
        cfmakeraw(settings);
        Check(tcsetattr(_master, 0, settings), "tcsetattr");
    }

    /// <summary>What the client opens.</summary>
    public string Path { get; }

    /// <summary>The bit rate and the control flags (termbits.h) that the client has set.</summary>
    public (int BitRate, uint Control) ClientSettings()
    {
        const nuint GetTermios = 0x802C542A; // TCGETS2
        const int Control = 2, OutputSpeed = 10;
        uint* settings = stackalloc uint[11]; // struct termios2
        Check(ioctl(_master, GetTermios, settings), "TCGETS2");
        return ((int)settings[OutputSpeed], settings[Control]);
    }

    public void Write(ReadOnlySpan<byte> data, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (!data.IsEmpty)
        {
            Await(PollOut, limit - Stopwatch.GetElapsedTime(start));
            fixed (byte* bytes = data)
            {
                nint count = write(_master, bytes, (nuint)data.Length);
                if (count < 0 && Marshal.GetLastPInvokeError() != EAgain)
                {
                    throw new IOException($"write: error {Marshal.GetLastPInvokeError()}");
                }

                data = data[(int)Math.Max(count, 0)..];
            }
        }
    }

    /// <summary>Returns 0 when the client has closed.</summary>
    public int Read(Span<byte> buffer, TimeSpan limit)
    {
        while (true)
        {
            Await(PollIn, limit);
            fixed (byte* bytes = buffer)
            {
                nint count = read(_master, bytes, (nuint)buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error == EIo)
                {
                    return 0;
                }

                if (error != EAgain)
                {
                    throw new IOException($"read: error {error}");
                }
            }
        }
    }

    /// <summary>Returns when a client that opens the port would find bytes in it.</summary>
    public void AwaitUnreadBytes(TimeSpan limit)
    {
        using SafeFileHandle client = OpenClient();
        PollEntry entry = new() { Descriptor = (int)client.DangerousGetHandle(), Events = PollIn };
        if (poll(&entry, 1, (int)limit.TotalMilliseconds) == 0)
        {
            throw new TimeoutException($"Nothing arrived in the port within {limit}.");
        }
    }

    /// <summary>Another program opens the port, and, like most, marks it as its own (TIOCEXCL).</summary>
    public SafeFileHandle OpenClientExclusively()
    {
        const nuint SetExclusive = 0x540C;
        SafeFileHandle client = OpenClient();
        Check(ioctl(client, SetExclusive, null), "TIOCEXCL");
        return client;
    }

    /// <summary>Another program opens the port.</summary>
    public SafeFileHandle OpenClient()
    {
        const int ReadWrite = 2, NoControllingTty = 0x100, CloseOnExec = 0x80000;
        int descriptor = open(Path, ReadWrite | NoControllingTty | CloseOnExec);
        Check(descriptor, "open");
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>The cable is pulled.</summary>
    public void Unplug() => _master.Dispose();

    public void Dispose() => Unplug();

    // The handle is held for the call: a number of a closed descriptor may belong to another test at once.
    private void Await(short what, TimeSpan limit)
    {
        const short HungUp = 0x10;
        bool held = false;
        try
        {
            _master.DangerousAddRef(ref held);
            PollEntry entry = new() { Descriptor = (int)_master.DangerousGetHandle(), Events = what };
            if (poll(&entry, 1, (int)Math.Max(limit.TotalMilliseconds, 0)) == 0)
            {
                throw new TimeoutException($"The pseudo-terminal was not ready within {limit}.");
            }

            // Without a client the master goes on taking bytes until it is full.
            if (what == PollOut && (entry.Returned & HungUp) != 0)
            {
                throw new IOException("The client has closed the port.");
            }
        }
        finally
        {
            if (held)
            {
                _master.DangerousRelease();
            }
        }
    }

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            throw new IOException($"{call}: error {Marshal.GetLastPInvokeError()}");
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

#pragma warning disable IDE1006 // the names are those of the C library
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int posix_openpt(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int grantpt(SafeFileHandle master);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlockpt(SafeFileHandle master);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ptsname_r(SafeFileHandle master, byte* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetattr(SafeFileHandle descriptor, byte* settings);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcsetattr(SafeFileHandle descriptor, int when, byte* settings);

    [LibraryImport("libc")]
    private static partial void cfmakeraw(byte* settings);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle descriptor, nuint request, void* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(SafeFileHandle descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(SafeFileHandle descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollEntry* entries, nuint count, int milliseconds);
#pragma warning restore IDE1006
}
