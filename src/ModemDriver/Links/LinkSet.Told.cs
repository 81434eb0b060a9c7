namespace ModemDriver.Links;

/// <summary>Openings of modules that say at once that they have begun, and later how it ended.</summary>
internal sealed partial class LinkSet
{
    // Other links and other commands go on meanwhile.
    private async Task<Link?> WaitUntilToldAsync(
        OpenLinkCommand command, Link link, LinkFailure refusal, TimeSpan limit)
    {
        try
        {
            await Scheduling.LoopWait.ForAsync(link.Told, limit, _time, command.CallerGone);
        }
        catch (OperationCanceledException)
        {
            // Nobody wants it any more, whether it comes up or not.
            await GiveUpAsync(link);
            Free(link, isKnownClosed: false);
            throw;
        }
        catch (TimeoutException exception)
        {
            await GiveUpAsync(link);
            OnAttemptFailed(LinkFailure.TimedOut);
            throw OpenFailed(
                link, LinkFailure.TimedOut, $"the module did not say within {limit} whether it came up", exception);
        }

        if (link.State != LinkState.Opening)
        {
            var lost = link.Fault?.Reason ?? LinkFailure.Unknown;
            throw OpenFailed(link, lost, "it was lost while it was opened", link.Fault);
        }

        if (link.WasConnected)
        {
            return Opened(link);
        }

        if (link.Refusal == LinkFailure.NumberInUse)
        {
            _table.Suspect(link.Id);
        }

        var reason = link.Refusal is { } said and not LinkFailure.Unknown ? said : refusal;
        OnAttemptFailed(reason);
        throw OpenFailed(link, reason, "the module said that it did not come up", null);
    }

    private async Task GiveUpAsync(Link link)
    {
        if (link.State == LinkState.Opening && HoldsNumber(link) && _channel.BrokenReason is null)
        {
            await CloseQuietlyAsync(link);
        }
    }
}
