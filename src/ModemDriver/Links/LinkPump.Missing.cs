using ModemDriver.Protocol;

namespace ModemDriver.Links;

/// <content>Bytes that were announced, and that a fetch did not bring.</content>
internal sealed partial class LinkPump
{
    // A module that has no memory for an answer may have some a moment later; one that never gives them never will.
    private const int MostRefusedFetches = 3;

    // A line that was garbled on its way to the module is refused as well, and then all is still there. But a module has
    // answered with a failure and thrown the bytes away, and a reader must not get what comes behind them.
    private async Task LookForAsync(ILinkCommands commands, Link link, FetchCommand fetch, FinalResult final)
    {
        var left = await AskLeftAsync(commands, link);
        if (link.State is not (LinkState.Open or LinkState.PeerClosed))
        {
            return;
        }

        var what = $"the module answered {final.Text} to a fetch of {fetch.Missing} bytes that it had announced";
        if (left is null)
        {
            _owner.Lose(link, LinkFailure.ReceiveFailed, what + ", and does not tell whether it still has them", null);
        }
        else if (left < fetch.Missing || fetch.WasAnnouncedSince)
        {
            _owner.Lose(link, LinkFailure.ReceiveFailed, what + ", and they are lost", null);
        }
        else if (++link.RefusedFetches == MostRefusedFetches)
        {
            _owner.Lose(link, LinkFailure.ReceiveFailed, what + ", again and again", null);
        }
        else
        {
            link.OnAsked(left.Value);
        }
    }

    // Null: the module does not say.
    private async Task<int?> AskLeftAsync(ILinkCommands commands, Link link)
    {
        int? left = null;
        foreach (var ask in commands.ReadWaiting(_mode, [link.Id]))
        {
            if (await TryExecuteAsync(ask, null, LinkFailure.ReceiveFailed) is not { IsSuccess: true })
            {
                return null;
            }

            foreach (var (id, count) in ask.Counts)
            {
                left = id == link.Id ? count : left;
            }
        }

        return left;
    }
}
