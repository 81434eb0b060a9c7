using ModemDriver.Simulator.Ways;

namespace ModemDriver.Simulator;

/// <summary>A host that is connected by calls: see <see cref="ModemSimulator.ConnectHost"/>. Disposing it unplugs the
/// module.</summary>
public sealed class HostConnection : IDisposable
{
    private readonly CallbackPort _port;

    internal HostConnection(CallbackPort port) => _port = port;

    /// <summary>The bit rate of the host's port in bit/s. Where it differs from the module's by more than 3 %, both
    /// sides read garbage. <see langword="null"/>, the default, always fits.</summary>
    public int? BitRate
    {
        get => _port.BitRate;
        set => _port.BitRate = value;
    }

    /// <summary>Sends bytes to the module. Returns at once; the module reads them on its loop.</summary>
    /// <param name="data">Copied before the call returns.</param>
    /// <exception cref="ObjectDisposedException">The module was unplugged.</exception>
    public void Send(ReadOnlySpan<byte> data) => _port.Send(data);

    /// <summary>Unplugs the module.</summary>
    public void Dispose() => _port.Unplug();
}
