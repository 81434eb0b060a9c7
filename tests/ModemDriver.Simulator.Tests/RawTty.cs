using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ModemDriver.Simulator.Tests;

/// <summary>A terminal device by its bare descriptor, as a program in another language would open it.</summary>
internal static partial class RawTty
{
    private const int ReadWrite = 2;
    private const int NoControllingTty = 0x100;
    private const int CloseOnExec = 0x80000;

    internal static WireReader Open(string path)
    {
        int descriptor = NativeOpen(path, ReadWrite | NoControllingTty | CloseOnExec);
        Assert.True(descriptor >= 0, $"{path} cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        return new WireReader(
            new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0));
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeOpen(string path, int flags);
}
