using System.Runtime.CompilerServices;
using ModemDriver.Links;
using ModemDriver.Scheduling;

namespace ModemDriver;

/// <summary>A TCP port of the module on which peers begin links.</summary>
/// <remarks>
/// <para>A link counts from the moment at which the module reports it: what the peer sends is kept, and the number is
/// taken, before anybody accepts it. Links that nobody has accepted are closed when the listener is disposed; those that
/// were accepted are Streams of their own and stay.</para>
/// <para>When the module starts anew or loses its network, all links are lost; the listener is started again by itself
/// once the modem is back, and whoever accepts goes on waiting.</para>
/// </remarks>
public sealed class LinkListener : IAsyncDisposable
{
    private readonly LinkServer _server;
    private readonly LinkSet _links;
    private readonly ModemLoop _loop;
    private readonly TimeProvider _time;
    private int _isDisposed;

    internal LinkListener(LinkServer server, LinkSet links, ModemLoop loop, TimeProvider time)
    {
        _server = server;
        _links = links;
        _loop = loop;
        _time = time;
    }

    /// <summary>The port on which the module listens.</summary>
    public int Port => _server.Request.Port;

    /// <summary>Waits for the next link; links are handed out in the order in which they were begun.</summary>
    /// <param name="cancellationToken">Ends the wait; no link is lost.</param>
    /// <returns>The link as a Stream. The peer may have closed it already; what it sent can be read.</returns>
    /// <exception cref="LinkException">The listener has ended: the modem was closed, or could not start it again.</exception>
    /// <exception cref="ObjectDisposedException">The listener is or was disposed meanwhile.</exception>
    public async Task<LinkStream> AcceptAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        var link = await _loop.InvokeAsync(() => _server.AcceptAsync(cancellationToken)).ConfigureAwait(_loop.StaysOnContext);
        return new LinkStream(link, _loop, _time);
    }

    /// <summary>All links, one after the other, until the listener is disposed.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LinkException">The listener has ended: the modem was closed, or could not start it again.</exception>
    public async IAsyncEnumerable<LinkStream> AcceptAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            LinkStream link;
            try
            {
                link = await AcceptAsync(cancellationToken).ConfigureAwait(_loop.StaysOnContext);
            }
            catch (ObjectDisposedException) when (Volatile.Read(ref _isDisposed) != 0)
            {
                yield break;
            }

            yield return link;
        }
    }

    /// <summary>
    /// Stops listening and closes the links that nobody has accepted. Bounded in time; does not throw; may be repeated.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isDisposed, 1);
        await _loop.InvokeAsync(() => _links.EndServerAsync(_server)).ConfigureAwait(_loop.StaysOnContext);
        GC.SuppressFinalize(this);
    }
}
