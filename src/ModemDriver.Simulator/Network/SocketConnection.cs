using System.Net;
using System.Net.Sockets;

namespace ModemDriver.Simulator.Network;

/// <summary>A connection that is a socket of this machine.</summary>
/// <param name="socket">It is connected; closed with the connection.</param>
/// <param name="local">The end that the module knows, where it is not the socket's own.</param>
internal sealed class SocketConnection(Socket socket, IPEndPoint? local = null) : NetworkConnection
{
    internal override IPEndPoint Local { get; } = local ?? (IPEndPoint)socket.LocalEndPoint!;

    internal override IPEndPoint Remote { get; } = (IPEndPoint)socket.RemoteEndPoint!;

    internal override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            throw new NetworkException("The connection was reset.", gone);
        }
    }

    internal override async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            while (!data.IsEmpty)
            {
                data = data[await socket.SendAsync(data, SocketFlags.None, cancellationToken)..];
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            throw new NetworkException("The connection is gone.", gone);
        }
    }

    internal override void Close()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The peer was faster.
        }

        socket.Dispose();
    }

    internal override void Abort()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
