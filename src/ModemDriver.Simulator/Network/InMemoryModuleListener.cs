using System.Net;
using System.Threading.Channels;

namespace ModemDriver.Simulator.Network;

/// <summary>A server of a module in an <see cref="InMemoryNetwork"/>.</summary>
internal sealed class InMemoryModuleListener(ListenRequest request, Action<InMemoryModuleListener> closed)
    : NetworkListener
{
    private readonly Channel<NetworkConnection> _arrived = Channel.CreateUnbounded<NetworkConnection>();

    internal bool Serves(IPEndPoint local) => request.Port == local.Port && request.Addresses().Contains(local.Address);

    internal void Offer(NetworkConnection connection)
    {
        if (!_arrived.Writer.TryWrite(connection))
        {
            connection.Abort();
        }
    }

    internal override async ValueTask<NetworkConnection> AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _arrived.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException gone)
        {
            throw new NetworkException("The listener is gone.", gone);
        }
    }

    internal override void Close()
    {
        closed(this);
        _ = _arrived.Writer.TryComplete();
        while (_arrived.Reader.TryRead(out NetworkConnection? waiting))
        {
            waiting.Abort();
        }
    }
}
