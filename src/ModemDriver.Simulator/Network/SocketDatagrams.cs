using System.Net;
using System.Net.Sockets;

namespace ModemDriver.Simulator.Network;

/// <summary>A UDP socket of this machine.</summary>
#pragma warning disable CA1001 // Close lets go of it.
internal sealed class SocketDatagrams : NetworkDatagrams
#pragma warning restore CA1001
{
    private static readonly IPEndPoint Anyone = new(IPAddress.Any, 0);

    private readonly Socket _socket;

    /// <summary>Opens a socket.</summary>
    /// <param name="port">0 takes a free one.</param>
    /// <exception cref="NetworkException">The port is taken.</exception>
    internal SocketDatagrams(int port)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
        try
        {
            _socket.Bind(new IPEndPoint(IPAddress.Any, port));
        }
        catch (SocketException taken)
        {
            _socket.Dispose();
            throw new NetworkException($"UDP port {port} cannot be had.", taken);
        }

        Local = (IPEndPoint)_socket.LocalEndPoint!; // It is bound.
    }

    internal override IPEndPoint Local { get; }

    internal override async ValueTask<(int Count, IPEndPoint Sender)> ReceiveAsync(
        Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            SocketReceiveFromResult received = await _socket.ReceiveFromAsync(
                buffer, SocketFlags.None, Anyone, cancellationToken);
            return (received.ReceivedBytes, (IPEndPoint)received.RemoteEndPoint);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            throw new NetworkException("The socket is gone.", gone);
        }
    }

    internal override async ValueTask SendAsync(
        ReadOnlyMemory<byte> data, IPEndPoint remote, CancellationToken cancellationToken)
    {
        try
        {
            _ = await _socket.SendToAsync(data, SocketFlags.None, remote, cancellationToken);
        }
        catch (Exception refused) when (refused is SocketException or ObjectDisposedException)
        {
            throw new NetworkException($"A datagram to {remote} is not taken.", refused);
        }
    }

    internal override void Close() => _socket.Dispose();
}
