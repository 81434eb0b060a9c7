using ModemDriver.Simulator.Ways;

namespace ModemDriver.Simulator;

/// <summary>A pseudo-terminal on which the module is: see <see cref="ModemSimulator.OpenPty"/>. Disposing it unplugs the
/// module and takes the link away.</summary>
public sealed class PtyPort : IDisposable
{
    private readonly PtyHostPort _port;

    internal PtyPort(PtyHostPort port) => _port = port;

    /// <summary>The device: <c>/dev/pts/N</c>. The system gives a number anew as soon as it is free.</summary>
    public string DevicePath => _port.DevicePath;

    /// <summary>The symbolic link to it; <see langword="null"/> when none was asked for.</summary>
    public string? LinkPath => _port.LinkPath;

    /// <summary>Unplugs the module: whoever has the device open sees it vanish.</summary>
    public void Dispose() => _port.CloseNow();
}
