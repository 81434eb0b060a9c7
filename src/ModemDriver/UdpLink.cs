using System.Net;
using System.Runtime.CompilerServices;
using ModemDriver.Lifecycle;
using ModemDriver.Links;
using ModemDriver.Scheduling;

namespace ModemDriver;

/// <summary>A UDP link of the module: datagrams with their borders and senders.</summary>
/// <remarks>
/// <para>A send ends with the module's verdict, which says that it has taken the datagram, and no more: UDP tells nobody
/// whether it arrived. A failed send leaves the link as it was.</para>
/// <para>Received datagrams are kept up to <see cref="UdpRequest.QueueLimit"/>; what comes beyond it is dropped, the
/// newest, as an operating system does it. Several calls may be under way at once.</para>
/// </remarks>
public sealed class UdpLink : IAsyncDisposable
{
    private readonly Link _link;
    private readonly DatagramQueue _received;
    private readonly ModemRunner _runner;
    private readonly ModemLoop _loop;
    private readonly TimeProvider _time;
    private int _isDisposed;

    internal UdpLink(Link link, DatagramQueue received, ModemRunner runner, ModemLoop loop, TimeProvider time)
    {
        _link = link;
        _received = received;
        _runner = runner;
        _loop = loop;
        _time = time;
    }

    /// <summary>The number of the link in the module.</summary>
    public int LinkId => _link.Id;

    /// <summary>The link at this moment.</summary>
    public LinkInfo Info => _link.Info;

    /// <summary>The largest datagram that can be sent, in bytes.</summary>
    public int MaxDatagramBytes => _received.MaxDatagramBytes;

    /// <summary>
    /// How many received datagrams were dropped: the queue was full, or a part of them was lost on the line.
    /// </summary>
    public long DroppedDatagrams => _received.Dropped;

    /// <summary>Sends a datagram to the peer of the request, or as <see cref="UdpRequest.PeerMode"/> says.</summary>
    /// <param name="data">1 to <see cref="MaxDatagramBytes"/> bytes.</param>
    /// <param name="cancellationToken">Ends the wait; a datagram whose turn has come is sent all the same.</param>
    /// <exception cref="ArgumentException">The datagram is empty or too large; nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">The link listens only, and nobody has sent anything yet.</exception>
    /// <exception cref="LinkException">The module refused it, gave no verdict, or the link has failed.</exception>
    /// <exception cref="ObjectDisposedException">The link is disposed.</exception>
    public Task SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        SendAsync(data, () => Task.FromResult(_received.Peer), cancellationToken);

    /// <summary>Sends a datagram to somebody; the peer of the request stays what it is.</summary>
    /// <param name="data">1 to <see cref="MaxDatagramBytes"/> bytes.</param>
    /// <param name="host">A host name, resolved by the module each time, or an address.</param>
    /// <param name="port">The port, 1 to 65535, both included.</param>
    /// <param name="cancellationToken">Ends the wait; a datagram whose turn has come is sent all the same.</param>
    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public Task SendToAsync(
        ReadOnlyMemory<byte> data, string host, int port, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        return SendAsync(
            data, async () => (await _runner.ResolveAsync(host, cancellationToken), port), cancellationToken);
    }

    /// <summary>Sends a datagram to somebody, such as the sender of one that was received.</summary>
    /// <param name="data">1 to <see cref="MaxDatagramBytes"/> bytes.</param>
    /// <param name="remoteEndPoint">To whom.</param>
    /// <param name="cancellationToken">Ends the wait; a datagram whose turn has come is sent all the same.</param>
    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public Task SendToAsync(
        ReadOnlyMemory<byte> data, IPEndPoint remoteEndPoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(remoteEndPoint);
        return SendToAsync(data, remoteEndPoint.Address.ToString(), remoteEndPoint.Port, cancellationToken);
    }

    /// <summary>Takes the oldest received datagram, or waits for one.</summary>
    /// <param name="cancellationToken">Ends the wait; nothing is lost.</param>
    /// <exception cref="LinkException">The link has failed, and all that had arrived before was taken.</exception>
    /// <exception cref="ObjectDisposedException">The link is or was disposed meanwhile.</exception>
    public Task<Datagram> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        return _loop.InvokeAsync(() => _received.ReceiveAsync(cancellationToken));
    }

    /// <summary>All received datagrams, one after the other, until the link is disposed.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LinkException">The link has failed, and all that had arrived before was taken.</exception>
    public async IAsyncEnumerable<Datagram> ReceiveAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Datagram datagram;
            try
            {
                datagram = await ReceiveAsync(cancellationToken).ConfigureAwait(_loop.StaysOnContext);
            }
            catch (ObjectDisposedException) when (Volatile.Read(ref _isDisposed) != 0)
            {
                yield break;
            }

            yield return datagram;
        }
    }

    /// <summary>Closes the link; at most <see cref="LinkStream.DisposeLimit"/>. Does not throw; may be repeated.</summary>
    public async ValueTask DisposeAsync()
    {
        var isFirst = Interlocked.Exchange(ref _isDisposed, 1) == 0;
        await _loop.InvokeAsync(() => CloseAsync(isFirst)).ConfigureAwait(_loop.StaysOnContext);
        GC.SuppressFinalize(this);
    }

    private async Task CloseAsync(bool isFirst)
    {
        if (isFirst)
        {
            _received.End(() => new ObjectDisposedException(nameof(UdpLink)));
            _link.RequestClose();
        }

        try
        {
            await LoopWait.ForAsync(_link.Ended, LinkStream.DisposeLimit, _time);
        }
        catch (TimeoutException)
        {
            // The module does not answer; the channel is finding that out, and the link ends with it.
        }
    }

    private Task SendAsync(
        ReadOnlyMemory<byte> data, Func<Task<(string Host, int Port)>> findPeer, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        if (data.IsEmpty || data.Length > MaxDatagramBytes)
        {
            throw new ArgumentException(
                $"A datagram of {data.Length} bytes cannot be sent; this module carries 1 to {MaxDatagramBytes}.",
                nameof(data));
        }

        // The module may still be taking it when the caller has gone.
        var copy = data.ToArray();
        return _loop.InvokeAsync(async () =>
        {
            var (host, port) = await findPeer();
            _runner.RequirePeer(_link, host, port);
            await _runner.Links.SendDatagramAsync(_link, copy, host, port, cancellationToken);
        });
    }
}
