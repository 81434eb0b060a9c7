using ModemDriver.Diagnostics;
using ModemDriver.Scheduling;

namespace ModemDriver.Links;

/// <summary>A number for a link that is to be opened, and the turn in which it is.</summary>
internal sealed partial class LinkSet
{
    // With a number the turn is the caller's. What was begun runs to its end even if the caller goes, and its turn with it.
    private async Task<bool> FindInTurnAsync(LinkPlan plan, CancellationToken cancellationToken)
    {
        await _opening.EnterAsync(cancellationToken);
        var finding = RestoreAndFindAsync(plan, cancellationToken);
        var isKept = false;
        try
        {
            await LoopWait.ForAsync(finding, cancellationToken);
            return isKept = await finding;
        }
        catch (OperationCanceledException) when (!finding.IsCompleted)
        {
            isKept = true;
            _loop.Watch(LeaveAfterAsync(finding, plan));
            throw;
        }
        finally
        {
            if (!isKept)
            {
                _opening.Leave();
            }
        }
    }

    private async Task<bool> RestoreAndFindAsync(LinkPlan plan, CancellationToken cancellationToken)
    {
        if (_suspended is null)
        {
            await RestoreIfDueAsync();
        }

        return await FindNumberAsync(plan, cancellationToken);
    }

    private async Task LeaveAfterAsync(Task finding, LinkPlan plan)
    {
        try
        {
            await finding;
        }
        catch (Exception exception) when (exception is ModemException or OperationCanceledException)
        {
            // The caller has gone; a mode that is due stays due, and a number in doubt stays in doubt.
            Log.LinkOpenFailed(_logger, _port, plan.EndPoint, LinkFailure.Unknown);
        }
        finally
        {
            _opening.Leave();
        }
    }

    // Whether the request can have a number now. Throws when waiting would not help.
    private async Task<bool> FindNumberAsync(LinkPlan plan, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_suspended is { } suspended)
        {
            // It was waiting for its turn when the links were lost; the module is not ready for it.
            throw new LinkException(
                suspended.Failure,
                null,
                plan.EndPoint,
                $"No link to {plan.EndPoint}: {suspended.What}",
                suspended.Reason)
            {
                Port = _port,
            };
        }

        if (plan.Allocation == LinkIdAllocation.ModuleAssigned && _server is { KnowsOrigin: false })
        {
            throw NewListenerException(
                LinkFailure.ListenerActive,
                "While a listener is active, this firmware does not tell which link got which number; "
                + "use automatic or manual allocation.",
                null);
        }

        RefuseBesideTls(plan);
        if (plan.LinkId is not { } id)
        {
            if (_table.FindFree() is null && _table.HasSuspects)
            {
                await TakeStockForAsync(plan);
            }

            return _table.FindFree() is not null;
        }

        if (_table.Find(id) is { } holder)
        {
            throw NewException(
                LinkFailure.NumberInUse,
                holder,
                $"Link number {id} is in use by the link to {holder.EndPoint} ({holder.State}).",
                null);
        }

        if (!_table.IsFree(id))
        {
            await TakeStockForAsync(plan);
        }

        return true;
    }

    private async Task TakeStockForAsync(LinkPlan plan)
    {
        try
        {
            await TakeStockAsync();
        }
        catch (ModemException exception)
        {
            AttemptFailed?.Invoke();
            throw new LinkException(
                LinkFailure.Unknown,
                plan.LinkId,
                plan.EndPoint,
                $"No link to {plan.EndPoint}: the module does not tell which numbers are free: {exception.Message}",
                exception)
            {
                Port = _port,
            };
        }
    }

    private void RefuseBesideTls(LinkPlan plan)
    {
        var inTheWay = plan.Kind == LinkKind.Tls ? _table.Links.Where(link => link.Kind == LinkKind.Tls).ToArray() : [];
        if (inTheWay.Length > 0 && inTheWay.Length >= Commands.MaxTlsLinks)
        {
            throw NewException(
                LinkFailure.TlsFailed,
                inTheWay[0],
                $"This module holds {Commands.MaxTlsLinks} link(s) with TLS of its own; "
                + $"link {inTheWay[0].Id} to {inTheWay[0].EndPoint} is in the way.",
                null);
        }
    }

    private async Task WaitForNumberAsync(CancellationToken cancellationToken)
    {
        var freed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waitingForNumber.Add(freed);
        try
        {
            await LoopWait.ForAsync(freed.Task, cancellationToken);
        }
        finally
        {
            _waitingForNumber.Remove(freed);
        }
    }
}
