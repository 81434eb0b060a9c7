using System.Net;
using System.Net.Sockets;

namespace ModemDriver.Simulator.Network;

/// <summary>A UDP socket of this machine.</summary>
#pragma warning disable CA1001 // Close lets go of it.
internal sealed class SocketDatagrams : NetworkDatagrams
#pragma warning restore CA1001
{
    private readonly Socket _socket;
    private readonly IPEndPoint _anyone;

    /// <summary>Opens a socket.</summary>
    /// <param name="family">The version of IP.</param>
    /// <param name="port">0 takes a free one.</param>
    /// <exception cref="NetworkException">The port is taken.</exception>
    internal SocketDatagrams(AddressFamily family, int port)
    {
        bool isIPv6 = family == AddressFamily.InterNetworkV6;
        _anyone = new IPEndPoint(isIPv6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        _socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = !isIPv6 };
        try
        {
            _socket.Bind(new IPEndPoint(_anyone.Address, port));
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
                buffer, SocketFlags.None, _anyone, cancellationToken);
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
