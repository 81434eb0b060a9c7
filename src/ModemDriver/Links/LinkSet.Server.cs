using ModemDriver.Commands;
using ModemDriver.Diagnostics;
using ModemDriver.Protocol;

namespace ModemDriver.Links;

/// <summary>Listening: links that a peer begins.</summary>
/// <remarks>
/// Such a link registers at the notice of its connection, so that what stands right behind it on the wire is kept. A
/// module gives it the lowest free number, and it may be one for which an attempt of ours is on its way: where the module
/// says which side began a link, that tells them apart; where it does not, a connection whose attempt was refused
/// afterwards was the peer's.
/// </remarks>
internal sealed partial class LinkSet
{
    private LinkServer? _server;

    /// <summary>Has the module listen.</summary>
    /// <exception cref="LinkException">There is a listener already; the message names its port.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    public async Task<LinkServer> ListenAsync(ListenRequest request, CancellationToken cancellationToken)
    {
        await _opening.EnterAsync(cancellationToken);
        try
        {
            await RestoreIfDueAsync();
            RefuseToListen(request);
            var server = new LinkServer(request);
            _server = server;
            try
            {
                await StartAsync(server);
                return server;
            }
            catch (CommandFailedException)
            {
                await EndServerAsync(server);
                throw;
            }
            catch (ModemException)
            {
                // A module that does not answer is not waited for any longer.
                _loop.Watch(EndServerAsync(server));
                throw;
            }
        }
        finally
        {
            _opening.Leave();
        }
    }

    /// <summary>Ends a listener by its owner: what was accepted and taken is kept, the rest is closed.</summary>
    public Task EndServerAsync(LinkServer server) =>
        StopAsync(server, () => new ObjectDisposedException(nameof(LinkListener)));

    /// <summary>Ends the listener for good: the modem is closed or given up.</summary>
    public void FailServer(Exception? reason)
    {
        if (_server is not { } server)
        {
            return;
        }

        _server = null;
        Log.ListenerEnded(_logger, _port, server.Request.Port, reason);
        server.End(() => NewListenerException(
            LinkFailure.ModemClosed, $"The listener on port {server.Request.Port} has ended: {reason?.Message}", reason));
    }

    /// <summary>Starts the listener again in a module that may have forgotten it.</summary>
    public async Task RestoreServerAsync(CancellationToken cancellationToken)
    {
        if (_server is not { IsSuspended: true })
        {
            return;
        }

        await _opening.EnterAsync(cancellationToken);
        try
        {
            if (_server is { IsSuspended: true } server)
            {
                await RestartAsync(server);
            }
        }
        finally
        {
            _opening.Leave();
        }
    }

    private async Task RestartAsync(LinkServer server)
    {
        try
        {
            await StartAsync(server);
            if (!ReferenceEquals(_server, server))
            {
                // It was ended meanwhile, and the order to stop may have stood before the one to start.
                await _channel.ExecuteAsync(Commands.Server!.Stop()); // it has been started
            }
        }
        catch (CommandFailedException refused)
        {
            // It may listen all the same: the refusal may have been of what comes behind the start.
            if (ReferenceEquals(_server, server))
            {
                FailServer(refused);
            }

            await _channel.ExecuteAsync(Commands.Server!.Stop()); // there was one to start
        }
    }

    private void RefuseToListen(ListenRequest request)
    {
        if (Mode != ConnectionMode.Multiple)
        {
            throw new InvalidOperationException(
                "Listening needs several links: ConnectionMode.Multiple, by the options or by SetConnectionModeAsync.");
        }

        RefuseBesideListener($"to listen on port {request.Port}");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            request.MaxLinks, Commands.Capabilities.MaxLinks, nameof(request.MaxLinks));
    }

    private void RefuseBesideListener(string what)
    {
        if (_server is { } other)
        {
            throw NewListenerException(
                LinkFailure.ListenerActive, $"The listener on port {other.Request.Port} is in the way {what}.", null);
        }
    }

    private LinkException NewListenerException(LinkFailure failure, string message, Exception? reason) =>
        new(failure, null, null, message, reason) { Port = _port };

    // The limit of links goes before the start; the idle time behind it, because some firmware refuses it before.
    private async Task StartAsync(LinkServer server)
    {
        var request = server.Request;
        var commands = Commands.Server!; // the caller has seen to it
        server.KnowsOrigin = commands.AskOrigin() is { } ask
            && (await ApplyAsync(ask)).Result.IsSuccess
            && ask.IsKnown;
        await _channel.ExecuteAsync(commands.Stop());
        var limit = commands.SetMaxLinks(request.MaxLinks);
        var result = await _channel.ExecuteAsync(limit);
        if (!result.IsSuccess && request.MaxLinks < Commands.Capabilities.MaxLinks)
        {
            throw new CommandFailedException(limit.Line.Display, result, limit.Remarks) { Port = _port };
        }

        server.IsSuspended = false;
        await RequireAsync(commands.Start(request.Port));
        if (request.IdleTimeout is { } idle)
        {
            await RequireAsync(commands.SetIdleTimeout((int)idle.TotalSeconds));
        }

        Log.ListenerStarted(_logger, _port, request.Port);
    }

    // The command that decided, and its result. What is asked, and found to be so, is no failure even if the module had no
    // better answer.
    private async Task<(AtCommand Command, FinalResult Result)> ApplyAsync(AtCommand command)
    {
        var result = await _channel.ExecuteAsync(command);
        return command is AskSettingCommand { Change: { } change }
            ? (change, await _channel.ExecuteAsync(change))
            : (command, result);
    }

    private async Task RequireAsync(AtCommand command)
    {
        var result = await _channel.ExecuteAsync(command);
        if (!result.IsSuccess)
        {
            throw new CommandFailedException(command.Line.Display, result, command.Remarks) { Port = _port };
        }
    }

    private async Task StopAsync(LinkServer server, Func<Exception> reason)
    {
        server.End(reason);
        if (!ReferenceEquals(_server, server))
        {
            return;
        }

        // From here on a link that a peer begins is closed as not ours.
        _server = null;
        Exception? failure = null;
        try
        {
            await _channel.ExecuteAsync(Commands.Server!.Stop()); // it has been started
        }
        catch (ModemException exception)
        {
            // A module that does not answer is recovered, and forgets it.
            failure = exception;
        }

        Log.ListenerEnded(_logger, _port, server.Request.Port, failure);
        foreach (var link in server.TakeAll())
        {
            await CloseByCallerAsync(link);
        }
    }

    private bool IsBegunByPeer(Link? holder, in ModuleNotice notice) => notice.Origin switch
    {
        LinkOrigin.Accepted => true,
        LinkOrigin.Ours => false,
        _ => _server is not null && (holder is null
            ? _unnumbered is null
            : holder.State == LinkState.Opening ? !holder.IsAsked : holder.WasClosed),
    };

    private void OnBegunByPeer(Link? holder, in ModuleNotice notice)
    {
        if (holder is not null)
        {
            Displace(holder);
        }

        if (_server is { IsSuspended: true })
        {
            // The module is on its way back, and listens to nobody yet. Whatever is open will be closed.
            _table.Suspect(notice.LinkId);
            return;
        }

        _table.Clear(notice.LinkId);
        if (_server is not { } server)
        {
            _table.Suspect(notice.LinkId);
            _loop.Watch(CloseUnknownAsync(notice.LinkId));
            return;
        }

        var link = NewLink("unknown");
        link.TakeAsAccepted(notice.Remote);
        link.IsPassive = Commands.IsPassive(LinkKind.Tcp, notice.LinkId);
        _table.Lease(notice.LinkId, link);
        HandOver(server, link);
    }

    private void HandOver(LinkServer server, Link link)
    {
        link.Become(LinkState.Open);
        link.CountOpened();
        Log.LinkAccepted(_logger, _port, link.Id, link.EndPoint);
        if (server.Add(link) is { } left)
        {
            Log.LinkClosed(_logger, _port, left.Id, "unaccepted, and too many are");
        }

        _pump.AskWhenQuiet(link);
        _pump.Kick();
    }

    // Its number belongs to another link now, so nothing may be sent or fetched for it any more.
    private void Displace(Link holder)
    {
        Log.LinkDisplaced(_logger, _port, holder.Id, holder.EndPoint);
        _table.Release(holder.Id, isKnownClosed: true);
        switch (holder.State)
        {
            case LinkState.Opening:
                holder.IsDisplaced = true;
                return;
            case LinkState.PeerClosed when holder.IsDrained:
                holder.EndReceiving();
                break;
            case LinkState.PeerClosed:
                Fault(holder, LinkFailure.ReceiveFailed, "the module gave its number away before all was fetched", null);
                break;
            case LinkState.Open:
                Fault(holder, LinkFailure.ClosedByPeer, "the module gave its number to an accepted link", null);
                break;
            case LinkState.Closing:
                holder.WasClosed = true;
                holder.OnSentAll?.Invoke();
                break;
        }

        holder.End();
    }
}
