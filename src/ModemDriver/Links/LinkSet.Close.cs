using ModemDriver.Diagnostics;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;

namespace ModemDriver.Links;

/// <summary>Closing: what was written goes out first; a number whose end is not known is not used again.</summary>
internal sealed partial class LinkSet
{
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
            await CloseTransparentAsync(session);
        }

        foreach (var link in _table.Links.ToArray())
        {
            link.CutShort(NewException(
                LinkFailure.ModemClosed, link, $"Link {link.Id} to {link.EndPoint} has ended: the modem was closed.", null));
            await CloseByCallerAsync(link);
        }

        // Streams that were disposed just before: what they had accepted is on its way.
        await Task.WhenAll(_table.Links.Where(link => link.State == LinkState.Closing).Select(link => link.Ended));
    }

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

    // A failure result says that it was not open, which is what was wanted. No result says nothing.
    private async Task CloseQuietlyAsync(Link link)
    {
        try
        {
            var close = Commands.Close(Mode, link.Id);
            close.MayWrite = link.HoldsNumber;
            await _channel.ExecuteAsync(close);
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
        var close = Commands.Close(Mode, linkId);
        close.MayWrite = () => _table.Find(linkId) is null;
        try
        {
            return await _channel.ExecuteAsync(close);
        }
        catch (ModemClosedException) when (_table.Find(linkId) is not null)
        {
            return null;
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
