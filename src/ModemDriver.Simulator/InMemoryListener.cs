using System.Threading.Channels;

namespace ModemDriver.Simulator;

/// <summary>Connections to a server of an <see cref="InMemoryNetwork"/>, in the order in which they came.</summary>
public sealed class InMemoryListener
{
    private readonly Channel<InMemoryPeer> _accepted = Channel.CreateUnbounded<InMemoryPeer>();

    internal InMemoryListener()
    {
    }

    /// <summary>Waits for the next connection. Whoever takes it disposes it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<InMemoryPeer> AcceptAsync(CancellationToken cancellationToken = default) =>
        _accepted.Reader.ReadAsync(cancellationToken);

    /// <summary>Takes a connection that is there already.</summary>
    /// <param name="peer">The connection.</param>
    public bool TryAccept([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out InMemoryPeer? peer) =>
        _accepted.Reader.TryRead(out peer);

    internal Task OfferAsync(InMemoryPeer peer)
    {
        _ = _accepted.Writer.TryWrite(peer);
        return peer.Ended;
    }
}
