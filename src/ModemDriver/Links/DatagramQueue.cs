using System.Net;
using ModemDriver.Framing;
using ModemDriver.Scheduling;

namespace ModemDriver.Links;

/// <summary>Received datagrams until they are taken: so many, and the newest dropped beyond them.</summary>
/// <remarks>Used on the loop, but for the counts.</remarks>
internal sealed class DatagramQueue(UdpRequest request, int maxDatagramBytes)
{
    private readonly LoopQueue<Datagram> _received = new();
    private byte[]? _partial;
    private int _filled;
    private IPEndPoint? _sender;
    private IPEndPoint? _firstSender;
    private IPEndPoint? _lastSender;
    private long _dropped;

    /// <summary>The largest datagram that can be sent, in bytes.</summary>
    public int MaxDatagramBytes { get; } = maxDatagramBytes;

    /// <summary>How many were dropped.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>To whom a datagram goes that names nobody.</summary>
    /// <exception cref="InvalidOperationException">There is nobody yet.</exception>
    public (string Host, int Port) Peer
    {
        get
        {
            var sender = request.PeerMode switch
            {
                UdpPeerMode.FirstSender => _firstSender,
                UdpPeerMode.LastSender => _lastSender,
                _ => null,
            };
            return sender is not null ? (sender.Address.ToString(), sender.Port)
                : request.Host != "0.0.0.0" ? (request.Host, request.Port)
                : throw new InvalidOperationException("The link listens only, and nobody has sent anything yet.");
        }
    }

    /// <summary>Takes the oldest, or waits for one.</summary>
    public Task<Datagram> ReceiveAsync(CancellationToken cancellationToken) => _received.DequeueAsync(cancellationToken);

    /// <summary>Takes a piece of a datagram.</summary>
    /// <returns>Whether a datagram was dropped.</returns>
    public bool Take(in AtFrame piece, IPEndPoint? sender)
    {
        if (piece.Offset == 0)
        {
            Begin(piece.Announced, sender);
        }

        if (_partial is null)
        {
            return piece.Offset == 0;
        }

        piece.Text.CopyTo(_partial.AsSpan(_filled));
        _filled += piece.Text.Length;
        return false;
    }

    /// <summary>The datagram that has come last was whole.</summary>
    public void Complete()
    {
        _firstSender ??= _sender;
        _lastSender = _sender ?? _lastSender;
        if (_partial is { } data && _filled == data.Length)
        {
            _received.Enqueue(new Datagram(data, _sender));
            _partial = null;
        }
    }

    /// <summary>The rest of a datagram that has begun was lost on the line.</summary>
    /// <returns>Whether one had begun.</returns>
    public bool Abandon()
    {
        if (_partial is null)
        {
            return false;
        }

        _partial = null;
        Interlocked.Increment(ref _dropped);
        return true;
    }

    /// <summary>Nothing will be received any more; the first reason is kept, what is there can be taken.</summary>
    public void End(Func<Exception> reason) => _received.End(reason);

    private void Begin(int announced, IPEndPoint? sender)
    {
        Abandon();
        _sender = sender;
        if (_received.Count >= request.QueueLimit || _received.HasEnded)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }

        _filled = 0;
        _partial = new byte[announced];
    }
}
