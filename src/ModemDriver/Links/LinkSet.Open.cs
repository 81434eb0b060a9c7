using ModemDriver.Diagnostics;
using ModemDriver.Protocol;

namespace ModemDriver.Links;

/// <summary>Opening: a number, a command, and what the module says.</summary>
internal sealed partial class LinkSet
{
    /// <summary>Opens a link. Ends by the request's time limit.</summary>
    /// <exception cref="LinkException">It could not be opened; the reason says why.</exception>
    public Task<Link> OpenAsync(LinkRequest request, CancellationToken cancellationToken) =>
        OpenAsync(LinkPlan.For(request, Commands), cancellationToken);

    private async Task<Link> OpenInTimeAsync(LinkPlan plan, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(plan.TimeLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await OpenWithNumberAsync(plan, both.Token);
        }
        catch (OperationCanceledException)
            when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw OutOfTime(plan);
        }
    }

    private void Check(LinkPlan plan)
    {
        if (plan.Allocation == LinkIdAllocation.ModuleAssigned
            && (!Commands.Capabilities.CanAssignNumbers || Mode == ConnectionMode.Single))
        {
            throw new NotSupportedException(
                "This module does not pick link numbers itself in this mode; use automatic or manual allocation.");
        }

        if (plan.LinkId is { } id && !_table.IsNumber(id))
        {
            throw new ArgumentOutOfRangeException(
                nameof(plan), id, $"Link numbers of this module go from 0 to {_table.Count - 1} in this mode.");
        }
    }

    private async Task<Link> OpenWithNumberAsync(LinkPlan plan, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindInTurnAsync(plan, cancellationToken))
            {
                if (await OpenAndLeaveAsync(plan, cancellationToken) is { } link)
                {
                    return link;
                }

                // An accepted link has taken the number; another one is looked for.
                continue;
            }

            await WaitForNumberAsync(cancellationToken);
        }
    }

    // Once sent, the command runs to its end even if the caller goes: then the link is closed again.
    private async Task<Link?> OpenAndLeaveAsync(LinkPlan plan, CancellationToken cancellationToken)
    {
        var link = NewLink(plan.EndPoint, plan.Kind, plan.Datagrams);
        link.Confirm = plan.WaitsForPeer ? target => ConfirmAsync(link, target) : null;
        var opening = RunOpenAsync(plan, link, cancellationToken);
        try
        {
            return await opening.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!opening.IsCanceled)
        {
            _loop.Watch(AbandonAsync(opening));
            throw;
        }
    }

    private Link NewLink(string endPoint, LinkKind kind = LinkKind.Tcp, DatagramQueue? datagrams = null)
    {
        var link = new Link(_loop, endPoint, _table.NextGeneration(), _bufferBytes)
        {
            OnWork = _ => _pump.Kick(),
            OnCloseRequested = l => _loop.Watch(CloseByCallerAsync(l)),
            Kind = kind,
            Metrics = _metrics,
            Datagrams = datagrams,
        };
        link.HoldsNumber = () => HoldsNumber(link);
        return link;
    }

    private async Task AbandonAsync(Task<Link?> opening)
    {
        try
        {
            if (await opening is { } link)
            {
                await CloseByCallerAsync(link);
            }
        }
        catch (Exception exception)
            when (exception is ModemException or ArgumentException or OperationCanceledException)
        {
            // The attempt has failed, or was never begun, after its caller had gone: there is nothing to close, and nobody to tell.
            Log.LinkOpenFailed(_logger, _port, "(abandoned)", LinkFailure.Unknown);
        }
    }

    // Null: an accepted link has taken the number.
    private async Task<Link?> RunOpenAsync(LinkPlan plan, Link link, CancellationToken callerGone)
    {
        var isOurTurn = true;
        try
        {
            var id = plan.Allocation == LinkIdAllocation.ModuleAssigned ? null : plan.LinkId ?? _table.FindFree();
            if (plan.Allocation != LinkIdAllocation.ModuleAssigned && (id is not { } found || _table.Find(found) is not null))
            {
                return null; // taken since it was found
            }

            var command = plan.Open(Mode, id);
            var steps = plan.Prepare(Mode, id);
            command.CallerGone = callerGone;
            command.MayWrite = () => link.IsAsked = !link.IsDisplaced;
            if (id is { } number)
            {
                _table.Lease(number, link);
            }

            await PrepareAsync(plan, link, steps, callerGone);
            link.IsPassive = Commands.IsPassive(plan.Kind, id);
            _unnumbered = id is null ? link : null;
            return await ExecuteOpenAsync(command, link, plan.Refusal, LeaveTurn);
        }
        finally
        {
            LeaveTurn();
        }

        void LeaveTurn()
        {
            if (isOurTurn)
            {
                isOurTurn = false;
                _unnumbered = null;
                _opening.Leave();
            }
        }
    }

    private async Task<Link?> ExecuteOpenAsync(
        OpenLinkCommand command, Link link, LinkFailure refusal = LinkFailure.Refused, Action? begun = null)
    {
        FinalResult result;
        try
        {
            result = await _channel.ExecuteAsync(command);
        }
        catch (OperationCanceledException)
        {
            Free(link, isKnownClosed: true);
            throw;
        }
        catch (ModemException exception) when (!link.IsDisplaced)
        {
            // The outcome is unknown: the module may yet open it.
            if (link.Id >= 0)
            {
                _table.Suspect(link.Id);
            }

            var failure = link.Fault?.Reason
                ?? (exception is CommandTimeoutException ? LinkFailure.TimedOut : LinkFailure.ModemClosed);
            OnAttemptFailed(failure);
            throw OpenFailed(link, failure, exception.Message, exception);
        }
        catch (ModemException)
        {
            // The number was given to an accepted link before the command was written, or the module did not answer it.
            return Displaced(link);
        }

        if (link.IsDisplaced)
        {
            return Displaced(link);
        }

        if (result.IsSuccess && command.ToldWithin is { } limit)
        {
            begun?.Invoke();
            return await WaitUntilToldAsync(command, link, refusal, limit);
        }

        // The result code does not decide: a handshake that the peer broke off has been seen to end with OK
        // (WiFiEsp issue 162). A link is open if the module said that it is connected.
        if (link.State != LinkState.Opening)
        {
            var lost = link.Fault?.Reason ?? LinkFailure.Unknown;
            throw OpenFailed(link, lost, "it was lost while it was opened", link.Fault);
        }

        if (result.IsSuccess && link.WasConnected)
        {
            return Opened(link);
        }

        // It was connected, but not for us: the peer began it, and the module has no words for that.
        if (!result.IsSuccess && link is { WasConnected: true, WasClosed: false } && _server is { KnowsOrigin: false } server)
        {
            link.TakeAsAccepted(null);
            HandOver(server, link);
            return null;
        }

        var text = command.FailureText ?? result.Text;
        if (result.IsSuccess || link is { WasConnected: true, WasClosed: false })
        {
            await (link.Id >= 0 ? CloseQuietlyAsync(link) : CloseUnnumberedAsync());
        }

        if (command.Failure == LinkFailure.NumberInUse && link.Id >= 0)
        {
            _table.Suspect(link.Id);
        }

        var reason = command.Failure == LinkFailure.Unknown ? refusal : command.Failure;
        OnAttemptFailed(reason);
        throw OpenFailed(link, reason, $"the module answered {text}", null);
    }

    private static Link? Displaced(Link link)
    {
        link.End();
        return null;
    }

    private Link Opened(Link link)
    {
        link.Become(LinkState.Open);
        link.CountOpened();
        Log.LinkOpened(_logger, _port, link.Id, link.EndPoint);
        if (link.WasClosed)
        {
            BecomePeerClosed(link);
        }
        else
        {
            _pump.AskWhenQuiet(link);
            _pump.Kick();
        }

        return link;
    }
}
