using System.Net;

namespace ModemDriver.Simulator.Network;

/// <summary>Brings datagrams to whoever has their end point. Safe to call from any thread.</summary>
internal sealed class DatagramExchange
{
    private const int FirstFreePort = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPEndPoint, InMemoryDatagramPeer> _sockets = [];

    /// <summary>Opens a socket; port 0 takes a free one.</summary>
    /// <exception cref="NetworkException">The end point is taken.</exception>
    internal InMemoryDatagramPeer Open(IPAddress address, int port)
    {
        lock (_gate)
        {
            var local = new IPEndPoint(address, port == 0 ? FirstFreePort : port);
            while (port == 0 && _sockets.ContainsKey(local))
            {
                local = new IPEndPoint(address, local.Port + 1);
            }

            var socket = new InMemoryDatagramPeer(this, local);
            return _sockets.TryAdd(local, socket)
                ? socket
                : throw new NetworkException($"UDP port {port} of {address} is taken.");
        }
    }

    internal void Remove(InMemoryDatagramPeer socket)
    {
        lock (_gate)
        {
            _ = _sockets.Remove(socket.LocalEndPoint);
        }
    }

    internal void Deliver(InMemoryDatagram datagram, IPEndPoint remote)
    {
        InMemoryDatagramPeer[] receivers;
        lock (_gate)
        {
            receivers = remote.Address.GetAddressBytes()[^1] == 255
                ? [.. _sockets.Values.Where(socket => socket.LocalEndPoint.Port == remote.Port)]
                : _sockets.TryGetValue(remote, out InMemoryDatagramPeer? receiver) ? [receiver] : [];
        }

        foreach (InMemoryDatagramPeer each in receivers)
        {
            each.Arrived(datagram);
        }
    }
}
