namespace ModemDriver.Links;

/// <summary>Which links still stand, where the module has said no more than that something happened.</summary>
internal sealed partial class LinkSet
{
    private bool _isCheckingStanding;

    /// <summary>
    /// Answers were given to other commands than theirs, or commands taken for payload: a close that seemed to have succeeded
    /// proves nothing, so the module is asked before a number is used again.
    /// </summary>
    public void DoubtFreeNumbers() => _table.SuspectFree();

    // Only links that were open before the question can be missing in its answer.
    private async Task CheckStandingAsync()
    {
        if (_isCheckingStanding || _transparent is not null)
        {
            return;
        }

        _isCheckingStanding = true;
        try
        {
            Link[] standing = [.. _table.Links.Where(link => link.State == LinkState.Open)];
            var list = Commands.List(Mode);
            if (!await ListAsync(list))
            {
                return;
            }

            foreach (var link in standing.Where(link => link.State == LinkState.Open && HoldsNumber(link)))
            {
                if (!list.LinkIds.Contains(link.Id))
                {
                    link.WasClosed = true;
                    Lose(link, LinkFailure.ClosedByPeer, "the module no longer has it", null);
                }
            }
        }
        catch (ModemException)
        {
            // No answer: what fails next, or the question whether the network is well, will tell.
            AttemptFailed?.Invoke();
        }
        finally
        {
            _isCheckingStanding = false;
        }
    }
}
