using System.Net;
using System.Net.Sockets;

namespace ModemDriver.Simulator.Network;

/// <summary>A listening socket of this machine, on the loopback address.</summary>
#pragma warning disable CA1001 // Close lets go of it.
internal sealed class SocketListener : NetworkListener
#pragma warning restore CA1001
{
    // Five links may come at once; a few more are told by the module itself that there is no room.
    private const int Backlog = 16;

    private readonly Socket _socket;
    private readonly IPEndPoint _known;
    private readonly Action _closed;

    /// <summary>Listens.</summary>
    /// <param name="modulePort">The port that the module knows.</param>
    /// <param name="real">The loopback address, and the real port; 0 takes a free one.</param>
    /// <param name="closed">Told when it is closed.</param>
    /// <exception cref="SocketException">The port cannot be had.</exception>
    internal SocketListener(int modulePort, IPEndPoint real, Action closed)
    {
        _known = new IPEndPoint(real.Address, modulePort);
        _closed = closed;
        _socket = new Socket(real.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(real);
            _socket.Listen(Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port; // It is bound.
    }

    internal int Port { get; }

    internal override async ValueTask<NetworkConnection> AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            Socket accepted = await _socket.AcceptAsync(cancellationToken);
            accepted.NoDelay = true;
            return new SocketConnection(accepted, _known);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            throw new NetworkException("The listener is gone.", gone);
        }
    }

    internal override void Close()
    {
        _socket.Dispose();
        _closed();
    }
}
