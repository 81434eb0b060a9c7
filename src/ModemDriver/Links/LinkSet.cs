using Microsoft.Extensions.Logging;
using ModemDriver.Channel;
using ModemDriver.Diagnostics;
using ModemDriver.Framing;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;

namespace ModemDriver.Links;

/// <summary>The links of a module: opens and closes them, and takes what the module says about them.</summary>
/// <remarks>Used on the loop only. docs/states.md has the states of a link.</remarks>
internal sealed partial class LinkSet : ILinkOwner
{
    // A close that is not answered; then the number is not used again until the module has been asked.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(15);

    private readonly ModemLoop _loop;
    private readonly TimeProvider _time;
    private readonly CommandChannel _channel;
    private readonly ILogger _logger;
    private readonly string _port;
    private readonly int _bufferBytes;
    private readonly ModemMetrics _metrics;
    private readonly LinkTable _table;
    private readonly LinkPump _pump;
    private readonly LoopGate _opening = new();
    private readonly List<TaskCompletionSource> _waitingForNumber = [];

    private ILinkCommands? _commands;
    private Link? _unnumbered;
    private bool _hasListed;
    private (LinkFailure Failure, string What, Exception? Reason)? _suspended;

    /// <summary>Makes a set that cannot open links until it is configured.</summary>
    public LinkSet(
        ModemLoop loop, TimeProvider time, CommandChannel channel, ILogger logger, LinkSetOptions options)
    {
        _loop = loop;
        _time = time;
        _channel = channel;
        _logger = logger;
        _port = options.Port;
        _bufferBytes = options.BufferBytes;
        _metrics = options.Metrics;
        _table = new LinkTable(time);
        _pump = new LinkPump(channel, _table, this, loop, time);
    }

    /// <summary>Single or multiple links.</summary>
    public ConnectionMode Mode { get; private set; }

    /// <summary>How many links hold a number; may be read from any thread.</summary>
    public int HeldCount => _table.HeldCount;

    /// <summary>The links that hold a number.</summary>
    public IReadOnlyList<LinkInfo> Infos => [.. _table.Links.Select(link => link.Info)];

    private ILinkCommands Commands =>
        _commands ?? throw new NotSupportedException("This module has no links that the driver knows how to open.");

    /// <summary>Told, on the loop, of an attempt to open a link that failed for a reason of the module or the network.
    /// </summary>
    public Action? AttemptFailed { get; set; }

    /// <summary>Whether the module has told that it has no network: an end that it tells then is not the peer's.</summary>
    public Func<bool>? HasNoNetwork { get; init; }

    /// <summary>Asks the module which links exist.</summary>
    /// <param name="mayAsk">Looked at when the question could be sent; without it, it is not.</param>
    /// <exception cref="CommandFailedException">It cannot tell any more.</exception>
    /// <exception cref="ModemClosedException">It was not asked.</exception>
    public Task CheckAsync(Func<bool> mayAsk)
    {
        var list = Commands.List(Mode);
        list.MayWrite = mayAsk;
        return ListAsync(list);
    }

    /// <summary>Told, on the loop, when links that nobody here knew were closed: how long it took, and what is left of
    /// them.</summary>
    public Action<TimeSpan, Exception?>? UnknownClosed { get; set; }

    /// <summary>Asks the module which links exist, and closes those that are not ours.</summary>
    public async Task TakeStockAsync()
    {
        var started = _time.GetTimestamp();
        FinalResult? refused = null;
        var hasClosed = false;
        var list = Commands.List(Mode);
        if (!await ListAsync(list))
        {
            return;
        }

        foreach (var id in list.LinkIds.Where(id => _table.Find(id) is null))
        {
            if (await CloseUnlessHeldAsync(id) is { } result)
            {
                hasClosed = true;
                refused ??= result.IsSuccess ? null : result;
                Log.UnknownLinkClosed(_logger, _port, id);
            }
        }

        if (hasClosed)
        {
            await ConfirmClosedAsync(Commands, Mode, started, isDoubtful: refused is not null);
        }

        for (var id = 0; id < _table.Count; id++)
        {
            _table.Clear(id);
        }

        WakeWaiting();
    }

    /// <summary>Fails every link: the module started anew, the network or the port is gone.</summary>
    public void FailAll(LinkFailure failure, string what, Exception? reason)
    {
        _pump.Stop();
        _suspended = (failure, what, reason);
        if (_server is { } server)
        {
            // The module may have forgotten it. What nobody has accepted is lost with its link.
            server.IsSuspended = true;
            server.TakeAll();
        }

        foreach (var link in _table.Links.ToArray())
        {
            Fault(link, failure, what, reason);
            _table.Release(link.Id, isKnownClosed: failure == LinkFailure.ModuleReset);
            if (failure == LinkFailure.NetworkLost)
            {
                _table.Suspect(link.Id);
            }

            link.End();
        }

        WakeWaiting();
    }

    /// <summary>Links can be opened again.</summary>
    public void Resume() => _suspended = null;

    /// <summary>Takes what the module says about a link.</summary>
    public void OnNotice(in ModuleNotice notice)
    {
        var link = _table.Find(notice.LinkId);
        switch (notice.Kind)
        {
            case NoticeKind.LinkConnected:
                OnConnected(link, notice);
                break;
            case NoticeKind.LinkClosed:
                OnClosed(link, notice.LinkId);
                break;
            case NoticeKind.LinkConnectFailed or NoticeKind.LinkNumberInUse when link is { State: LinkState.Opening }:
                link.OnTold(notice.Kind == NoticeKind.LinkNumberInUse ? LinkFailure.NumberInUse : LinkFailure.Unknown);
                break;
            case NoticeKind.LinkInDoubt when _table.Links.Any():
                _loop.Watch(CheckStandingAsync());
                break;
            case NoticeKind.DataWaiting when link is { IsPassive: false }:
                if (IsConnected(link))
                {
                    // The header of a payload that has lost its end on the line; the payload is gone with it.
                    OnBytesLost(link.Id, new ModemProtocolException("a payload that is pushed", "the notice of one"));
                }

                break;
            case NoticeKind.DataWaiting when link is not null && IsConnected(link):
                link.OnNotice(notice.Count, Commands.Capabilities.MaxFetchBytes);
                _pump.Kick();
                break;
        }
    }

    /// <summary>Takes payload that the module pushed.</summary>
    public void OnPushed(in AtFrame piece)
    {
        var link = _table.Find(piece.LinkId < 0 ? 0 : piece.LinkId);
        if (link is null || link.State is not (LinkState.Open or LinkState.Opening) || !IsConnected(link))
        {
            if (piece.Offset == 0)
            {
                Log.StrayPayload(_logger, _port, piece.LinkId, piece.Announced);
            }

            return;
        }

        if (link.Datagrams is not null)
        {
            TakeDatagram(link, piece);
            return;
        }

        if (_channel.IsRestDue)
        {
            OnBytesLost(link.Id, new ModemProtocolException("the rest of a payload that broke off", "another payload"));
            return;
        }

        // A suspended session is pushed to as well, and its buffer may be full already.
        if (link.HeldBytes + piece.Text.Length > link.Room + (link.IsTransparent ? link.BufferBytes : 0))
        {
            Lose(
                link,
                LinkFailure.Overflow,
                $"its reader left {link.BufferBytes} bytes unread, and this firmware can only push",
                null);
            return;
        }

        if (_transparent is { IsSuspect: true } session && session.Link == link)
        {
            session.TakePushed(piece.Text);
            return;
        }

        if (piece.Offset == 0 && link.HeldBytes > 0)
        {
            OnBytesLost(link.Id, new ModemProtocolException("the end of a payload", "another payload"));
        }
        else if (IsPushedTo(link))
        {
            link.Hold(piece.Text, piece.Announced);
        }
        else
        {
            link.Append(piece.Text, piece.IsLast);
        }
    }

    /// <summary>What the module has pushed last was whole.</summary>
    public void OnPushedWhole(int linkId)
    {
        if (_table.Find(linkId < 0 ? 0 : linkId) is not { } link)
        {
            return;
        }

        if (link.Datagrams is { } datagrams)
        {
            datagrams.Complete();
        }
        else if (IsPushedTo(link))
        {
            link.Release();
        }
    }

    /// <summary>Bytes of a link, or of any, may have been lost.</summary>
    public void OnBytesLost(int linkId, ModemProtocolException reason)
    {
        foreach (var link in _table.Links.ToArray())
        {
            if (link.Datagrams is not null)
            {
                LoseDatagram(link);
                continue;
            }

            // What waits in the module for a fetch cannot be lost on the line.
            var mayHaveLost = linkId == link.Id || (linkId < 0 && IsPushedTo(link));
            if (mayHaveLost && link.State is LinkState.Opening or LinkState.Open)
            {
                link.Forget();
                Lose(link, LinkFailure.ReceiveFailed, "bytes were lost on the line", reason);
            }
        }
    }

    /// <inheritdoc/>
    public LinkException Lose(Link link, LinkFailure failure, string what, Exception? innerException)
    {
        if (link.State is LinkState.Faulted or LinkState.Closed)
        {
            return link.WhyNotSent();
        }

        var wasClosed = link.WasClosed;
        Fault(link, wasClosed ? LinkFailure.ClosedByPeer : failure, what, innerException);
        if (wasClosed)
        {
            Free(link, isKnownClosed: true);
        }
        else if (_channel.BrokenReason is null)
        {
            link.IsEnding = true;
            var session = _transparent;
            _loop.Watch(session?.Link == link ? EndTransparentAsync(session) : CloseAsync(link));
        }

        return link.WhyNotSent();
    }

    /// <inheritdoc/>
    public void OnProgress(Link link)
    {
        if (link.State == LinkState.PeerClosed && link.IsDrained)
        {
            FinishPeerClosed(link);
        }
        else if (link.State == LinkState.Closing && !link.HasDataToSend)
        {
            link.OnSentAll?.Invoke();
        }

        _pump.Kick();
    }

    // A suspended session is pushed to whatever the other links are.
    private static bool IsPushedTo(Link link) => !link.IsPassive || link.IsTransparent;

    // What comes before the connection is of an earlier link on the same number.
    private static bool IsConnected(Link link) => link.State != LinkState.Opening || link.WasConnected;

    // A module that could tell once, and cannot any more, has lost its TCP stack (defect Q39): no link will work.
    private async Task<bool> ListAsync(ListLinksCommand list)
    {
        var result = await _channel.ExecuteAsync(list);
        if (!result.IsSuccess && _hasListed)
        {
            throw new CommandFailedException(list.Line.Display, result, list.Remarks) { Port = _port };
        }

        _hasListed |= result.IsSuccess;
        return result.IsSuccess;
    }

    private void OnConnected(Link? link, in ModuleNotice notice)
    {
        var linkId = notice.LinkId;
        if (_channel.IsRestDue && _table.IsNumber(linkId) && link is not { State: LinkState.Opening })
        {
            // Whether there is one at all is asked before the number is used.
            _table.Suspect(linkId);
        }
        else if (_table.IsNumber(linkId) && IsBegunByPeer(link, notice))
        {
            OnBegunByPeer(link, notice);
        }
        else if (link is { State: LinkState.Opening })
        {
            link.WasConnected = true;
            link.WasClosed = false;
            link.OnTold(null);
        }
        else if (link is null && _unnumbered is { } opening && _table.IsNumber(linkId))
        {
            // The module has picked a number; one command at a time, so it is for the command that let it pick.
            _unnumbered = null;
            _table.Lease(linkId, opening);
            opening.WasConnected = true;
        }
        else if (link is null && _table.IsNumber(linkId))
        {
            _table.Suspect(linkId);
            _loop.Watch(CloseUnknownAsync(linkId));
        }
    }

    private void Fault(Link link, LinkFailure failure, string what, Exception? innerException)
    {
        var reason = NewException(
            failure, link, $"Link {link.Id} to {link.EndPoint} has failed ({failure}): {what}.", innerException);
        Log.LinkFaulted(_logger, _port, link.Id, failure, reason);
        link.Fail(reason);
    }

    private LinkException NewException(LinkFailure failure, Link link, string message, Exception? innerException) =>
        new(failure, link.Id < 0 ? null : link.Id, link.EndPoint, message, innerException) { Port = _port };

    private void Free(Link link, bool isKnownClosed)
    {
        if (ReferenceEquals(_table.Find(link.Id), link))
        {
            _table.Release(link.Id, isKnownClosed);
        }

        link.End();
        WakeWaiting();
    }

    private void WakeWaiting()
    {
        foreach (var waiting in _waitingForNumber)
        {
            waiting.TrySetResult();
        }

        _waitingForNumber.Clear();
    }
}

/// <summary>What a set of links needs to know once.</summary>
/// <param name="Port">The port, for people.</param>
/// <param name="BufferBytes">How much is kept for each direction of a link.</param>
/// <param name="Metrics">What the modem measures.</param>
internal sealed record LinkSetOptions(string Port, int BufferBytes, ModemMetrics Metrics);
