using System.Net;
using System.Threading.Channels;
using ModemDriver.Simulator.Network;

namespace ModemDriver.Simulator;

/// <summary>A UDP socket in an <see cref="InMemoryNetwork"/>. Nothing is lost and nothing overtakes.</summary>
public sealed class InMemoryDatagramPeer : IDisposable
{
    private readonly DatagramExchange _exchange;
    private readonly Channel<InMemoryDatagram> _arrived;

    internal InMemoryDatagramPeer(DatagramExchange exchange, IPEndPoint local)
    {
        _exchange = exchange;
        _arrived = Channel.CreateUnbounded<InMemoryDatagram>();
        LocalEndPoint = local;
    }

    /// <summary>Where datagrams reach this socket.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Sends one datagram. If nobody has that end point, it is lost, and nobody is told.</summary>
    /// <param name="data">0 to 65,507 bytes, copied.</param>
    /// <param name="remote">Whom to send it to; an address that ends in 255 is everyone with that port.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is longer than a datagram can be.</exception>
    public void Send(ReadOnlySpan<byte> data, IPEndPoint remote)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, 65_507);
        _exchange.Deliver(new InMemoryDatagram(data.ToArray(), LocalEndPoint), remote);
    }

    /// <summary>Waits for the next datagram.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
    public async ValueTask<InMemoryDatagram> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _arrived.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(InMemoryDatagramPeer));
        }
    }

    /// <summary>Takes a datagram that has arrived already.</summary>
    /// <param name="datagram">The datagram.</param>
    public bool TryReceive(out InMemoryDatagram datagram) => _arrived.Reader.TryRead(out datagram);

    /// <summary>Closes the socket; its end point is free again.</summary>
    public void Dispose()
    {
        _exchange.Remove(this);
        _ = _arrived.Writer.TryComplete();
    }

    internal void Arrived(InMemoryDatagram datagram) => _ = _arrived.Writer.TryWrite(datagram);
}
