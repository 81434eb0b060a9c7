using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace ModemDriver.Cli.Tests;

/// <summary>A pseudo-terminal that nobody answers on: a cable without a module.</summary>
internal sealed unsafe partial class SilentPty : IDisposable
{
    private readonly SafeFileHandle _master;

    private SilentPty(SafeFileHandle master, string path)
    {
        _master = master;
        Path = path;
    }

    public string Path { get; }

    public static SilentPty Open()
    {
        const int ReadWriteNoTerminalCloseOnExec = 0x2 | 0x100 | 0x80000;
        int descriptor = PosixOpenPt(ReadWriteNoTerminalCloseOnExec);
        Assert.True(descriptor >= 0, $"posix_openpt failed with {Marshal.GetLastPInvokeError()}");
        var master = new SafeFileHandle(descriptor, ownsHandle: true);
        Assert.Equal(0, GrantPt(descriptor));
        Assert.Equal(0, UnlockPt(descriptor));

        byte* name = stackalloc byte[128];
        Assert.Equal(0, PtsName(descriptor, name, 128));
        // Raw, or the terminal itself would echo what is written to it: an answer of a kind.
        byte* settings = stackalloc byte[128];
        Assert.Equal(0, GetAttributes(descriptor, settings));
        MakeRaw(settings);
        Assert.Equal(0, SetAttributes(descriptor, 0, settings));
        return new SilentPty(master, Marshal.PtrToStringUTF8((nint)name)!);
    }

    /// <summary>Waits until somebody has written to the terminal.</summary>
    public Task WaitForBytesAsync() => Task.Run(() =>
    {
        byte* one = stackalloc byte[1];
        // A wait of its own bound: poll for input (1) for at most a minute.
        var poll = new PollDescriptor { Descriptor = (int)_master.DangerousGetHandle(), Events = 1 };
        Assert.Equal(1, Poll(&poll, 1, 60_000));
        Assert.Equal(1, Read(poll.Descriptor, one, 1));
    });

    public void Dispose() => _master.Dispose();

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int PosixOpenPt(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int GrantPt(int descriptor);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int UnlockPt(int descriptor);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int PtsName(int descriptor, byte* name, nuint length);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int descriptor, byte* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int descriptor, int when, byte* settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(byte* settings);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, byte* buffer, nuint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
