using ModemDriver.Simulator.Ways;

namespace ModemDriver.Simulator;

/// <summary>A TCP listener behind which the module is: see <see cref="ModemSimulator.ListenTcp"/>. Disposing it unplugs
/// the module.</summary>
public sealed class TcpPort : IDisposable
{
    private readonly TcpHostPort _port;

    internal TcpPort(TcpHostPort port) => _port = port;

    /// <summary>The port on the loopback address.</summary>
    public int Port => _port.Port;

    /// <summary>Stops listening and closes the client's connection.</summary>
    public void Dispose() => _port.Unplug();
}
