using ModemDriver.Protocol;

namespace ModemDriver.Links;

/// <summary>Waiting until a peer has acknowledged what was sent to it.</summary>
internal sealed partial class LinkSet
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // TCP repeats for longer, but a peer that has said nothing for so long is mostly one behind a NAT that has forgotten it.
    private static readonly TimeSpan ProgressLimit = TimeSpan.FromSeconds(60);

    // All of the target has been taken by the module before.
    private async Task ConfirmAsync(Link link, long target)
    {
        var since = _time.GetTimestamp();
        var pause = FirstPause;
        long best = -1;
        while (true)
        {
            await Task.Delay(pause, _time);
            var ask = await AskAcknowledgedAsync(link);

            // TLS of the module counts more bytes than are ours, so that only the rest tells.
            if (ask.Sent >= target && (ask.Outstanding == 0 || (link.Kind == LinkKind.Tcp && ask.Acknowledged >= target)))
            {
                return;
            }

            if (ask.Acknowledged > best)
            {
                best = ask.Acknowledged;
                since = _time.GetTimestamp();
            }
            else if (_time.GetElapsedTime(since) >= ProgressLimit)
            {
                throw Lose(
                    link,
                    LinkFailure.SendFailed,
                    $"the peer has acknowledged {Math.Max(best, 0)} bytes, and no more for {ProgressLimit}",
                    null);
            }

            pause = pause + pause < LongestPause ? pause + pause : LongestPause;
        }
    }

    private async Task<AcknowledgedCommand> AskAcknowledgedAsync(Link link)
    {
        if (link.State is not (LinkState.Open or LinkState.Closing))
        {
            throw link.WhyNotSent();
        }

        var ask = Commands.ReadAcknowledged(Mode, link.Id)!; // the feature was required when it was opened
        ask.MayWrite = link.HoldsNumber;
        FinalResult result;
        try
        {
            result = await _channel.ExecuteAsync(ask);
        }
        catch (ModemException exception)
        {
            throw link.State == LinkState.Open
                ? Lose(link, LinkFailure.SendFailed, exception.Message, exception)
                : link.WhyNotSent();
        }

        return result.IsSuccess
            ? ask
            : throw Lose(link, LinkFailure.SendFailed, $"the module answered {result.Text} to {ask.Line.Display}", null);
    }
}
