using ModemDriver.Commands;
using ModemDriver.Diagnostics;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;

namespace ModemDriver.Links;

/// <summary>Closing: what was written goes out first; a number whose end is not known is not used again.</summary>
internal sealed partial class LinkSet
{
    // The line that tells of the loss comes behind those of the links: six of them take 75 ms at 9,600 bit/s.
    private static readonly TimeSpan LossGrace = TimeSpan.FromMilliseconds(150);

    // The close that the module has been sent and has not answered, and its number. The next one may have been sent before whoever
    // waits for this one goes on.
    private AtCommand? _closeBeingSent;
    private int? _numberBeingClosed;

    private void OnClosed(Link? link, int linkId)
    {
        if (!_channel.IsRestDue)
        {
            _table.Clear(linkId);
        }

        switch (link?.State)
        {
            case LinkState.Opening:
                // Before the connection it is the late end of an earlier attempt, or the reason of the failure that
                // the result code will tell; after it the peer has already gone.
                link.WasClosed = link.WasConnected;
                break;
            case LinkState.Open when _channel.IsRestDue:
                Lose(link, LinkFailure.ReceiveFailed, "its end was told while the rest of a payload was due, and may be a part of it", null);
                break;
            case LinkState.Open when link.Datagrams is not null:
                link.WasClosed = true;
                Fault(link, LinkFailure.Unknown, "the module has closed it", null);
                Free(link, isKnownClosed: true);
                break;
            case LinkState.Open when linkId == _numberBeingClosed:
                // The close was for the link before it. The module had given the number away when it came.
                link.WasClosed = true;
                Fault(link, LinkFailure.Unknown, "a command that was to close the link before it on this number has closed it", null);
                Free(link, isKnownClosed: true);
                break;
            case LinkState.Open when HasNoNetwork?.Invoke() == true:
                link.WasClosed = true;
                Fault(link, LinkFailure.NetworkLost, "the module has closed it, and had told before that it has no network", null);
                Free(link, isKnownClosed: true);
                break;
            case LinkState.Open when _transparent is { IsSuspect: true } session && session.Link == link:
                // What it withholds must reach the reader before the end does, or the end is none.
                link.WasClosed = true;
                break;
            case LinkState.Open when _transparent is { ShowsWhileSuspended: false } session && session.Link == link:
                link.WasClosed = true;
                Lose(
                    link,
                    LinkFailure.ClosedByPeer,
                    "its session is suspended, and the module may have kept what came last",
                    null);
                break;
            case LinkState.Open:
                link.WasClosed = true;
                BecomePeerClosed(link);
                break;
            case LinkState.Closing or LinkState.Faulted:
                link.WasClosed = true;
                link.OnSentAll?.Invoke();
                break;
        }
    }

    // Bytes that arrived before the peer closed can be read after it closed. Firmware that reports the end early keeps
    // them until they are fetched; it answers a fetch with a failure when there is nothing left.
    private void BecomePeerClosed(Link link)
    {
        link.PeerHasClosed();
        if (link.IsPassive && !link.IsTransparent && _commands is { Capabilities.ReportsCloseEarly: true } && link.Waiting == 0)
        {
            link.Waiting = 1;
        }

        if (!link.IsDrained)
        {
            _pump.Kick();
        }
        else if (!link.IsTransparent && _commands is { Capabilities.ReportsCloseBeforeLoss: true })
        {
            _loop.Watch(FinishUnlessLostAsync(link));
        }
        else
        {
            FinishPeerClosed(link);
        }
    }

    // A reader must not take the loss of the network for the end of what its peer had to say.
    private async Task FinishUnlessLostAsync(Link link)
    {
        await Task.Delay(LossGrace, _time);
        if (link.State == LinkState.PeerClosed && link.IsDrained && !link.Ended.IsCompleted)
        {
            FinishPeerClosed(link);
        }
    }

    private void FinishPeerClosed(Link link)
    {
        link.EndReceiving();
        Log.LinkClosed(_logger, _port, link.Id, "by the peer");
        Free(link, isKnownClosed: true);
    }

    private async Task CloseByCallerAsync(Link link)
    {
        if (link.State is not (LinkState.Open or LinkState.PeerClosed))
        {
            return;
        }

        if (link.State == LinkState.PeerClosed)
        {
            // The module has closed it already; what nobody will read needs not be fetched.
            link.Waiting = 0;
            FinishPeerClosed(link);
            return;
        }

        link.Become(LinkState.Closing);
        await SendRestAsync(link);
        if (link.State == LinkState.Closing)
        {
            await CloseAsync(link);
        }
    }

    /// <summary>Closes all links in order, for a modem that is being closed.</summary>
    public async Task CloseAllAsync()
    {
        if (_server is { } server)
        {
            await StopAsync(server, () => NewListenerException(LinkFailure.ModemClosed, "The modem was closed.", null));
        }

        if (_transparent is { } session)
        {
            CutShort(session.Link);
            await CloseTransparentAsync(session);
        }

        foreach (var link in _table.Links.ToArray())
        {
            CutShort(link);
            await CloseByCallerAsync(link);
        }

        // Streams that were disposed just before: what they had accepted is on its way.
        foreach (var link in _table.Links.Where(link => link.State == LinkState.Closing).ToArray())
        {
            // One after the other: whoever waits for several tasks at once goes on in the thread pool, and not on the loop.
            await link.Ended;
        }
    }

    private void CutShort(Link link) => link.CutShort(NewException(
        LinkFailure.ModemClosed, link, $"Link {link.Id} to {link.EndPoint} has ended: the modem was closed.", null));

    private async Task SendRestAsync(Link link)
    {
        if (!link.HasDataToSend)
        {
            return;
        }

        var sentAll = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        link.OnSentAll = () => sentAll.TrySetResult();
        _pump.Kick();
        try
        {
            await LoopWait.ForAsync(sentAll.Task, DrainLimit, _time);
        }
        catch (TimeoutException)
        {
            Log.LinkClosed(_logger, _port, link.Id, "with bytes unsent after the time limit");
        }
    }

    private async Task CloseAsync(Link link)
    {
        if (!link.WasClosed && HoldsNumber(link))
        {
            await CloseQuietlyAsync(link);
        }

        await RestoreNumberAsync(link);
        if (!link.Ended.IsCompleted)
        {
            Log.LinkClosed(_logger, _port, link.Id, "by us");
            Free(link, link.WasClosed);
        }
    }

    // A failure result says that it was not open, or that the line was damaged: where the module has not told of its end, it
    // is asked before the number is used again. No result, or "busy", says nothing.
    private async Task CloseQuietlyAsync(Link link)
    {
        try
        {
            var result = await ExecuteCloseAsync(link.Id, () => HoldsNumber(link));
            var isInDoubt = !result.IsSuccess && !link.WasClosed;
            if ((isInDoubt || CmeError.Read(result.Text) is { Reason: CmeReason.Busy }) && HoldsNumber(link))
            {
                _table.Suspect(link.Id);
            }
        }
        catch (ModemException)
        {
            if (HoldsNumber(link))
            {
                _table.Suspect(link.Id);
            }
        }
    }

    // The module was to pick a number, and has told none that can be: whatever is open and not ours is closed.
    private async Task CloseUnnumberedAsync()
    {
        try
        {
            await TakeStockAsync();
        }
        catch (ModemException)
        {
            _table.SuspectFree();
        }
    }

    // Null: it was not closed. While the command waits for its turn, the number may come to a link of ours.
    private async Task<FinalResult?> CloseUnlessHeldAsync(int linkId)
    {
        try
        {
            return await ExecuteCloseAsync(linkId, () => _table.Find(linkId) is null);
        }
        catch (ModemClosedException) when (_table.Find(linkId) is not null)
        {
            return null;
        }
    }

    private async Task<FinalResult> ExecuteCloseAsync(int linkId, Func<bool> mayWrite)
    {
        var close = Commands.Close(Mode, linkId);
        close.MayWrite = () =>
        {
            var may = mayWrite();
            _closeBeingSent = may ? close : null;
            _numberBeingClosed = may ? linkId : null;
            return may;
        };
        try
        {
            return await _channel.ExecuteAsync(close);
        }
        finally
        {
            if (_closeBeingSent == close)
            {
                (_closeBeingSent, _numberBeingClosed) = (null, null);
            }
        }
    }

    private bool HoldsNumber(Link link) => ReferenceEquals(_table.Find(link.Id), link);

    private async Task CloseUnknownAsync(int linkId)
    {
        try
        {
            if (await CloseUnlessHeldAsync(linkId) is not null)
            {
                Log.UnknownLinkClosed(_logger, _port, linkId);
                _table.Clear(linkId);
            }
        }
        catch (ModemException exception)
        {
            // It stays under suspicion, and is asked about before the number is used.
            Log.LinkClosed(_logger, _port, linkId, $"not, and not ours: {exception.Message}");
        }
    }
}
