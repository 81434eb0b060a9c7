using ModemDriver.Dialects;

namespace ModemDriver.Lifecycle;

/// <summary>Losses that the module does not tell of are found when something fails.</summary>
internal sealed partial class ModemRunner
{
    // A peer that refuses is no sign of anything: who tries it again and again asks the module no more often than so.
    private static readonly TimeSpan HealthyFor = TimeSpan.FromSeconds(10);

    private long? _checkedAt;
    private bool _isAskingRegularly;

    // While it is online, where the options say so; an idle modem would not notice otherwise.
    private void AskRegularly()
    {
        var isWanted = State == ModemState.Online && !_life.IsCancellationRequested;
        if (isWanted && !_isAskingRegularly && _options.HealthInterval is { } interval)
        {
            _isAskingRegularly = true;
            _loop.Watch(AskRegularlyAsync(interval));
        }
    }

    private async Task AskRegularlyAsync(TimeSpan interval)
    {
        try
        {
            while (State is ModemState.Online or ModemState.OnlineData)
            {
                await Task.Delay(interval, _time, _life.Token);
                CheckHealth();
            }
        }
        catch (OperationCanceledException) when (_life.IsCancellationRequested)
        {
            // The modem was closed.
        }
        finally
        {
            _isAskingRegularly = false;
        }

        // It may have gone and come back meanwhile.
        AskRegularly();
    }

    // Firmware has been seen to keep silent when its access point lost power (defect Q37), and to lose its TCP
    // stack after heavy traffic (defect Q39). Either fails every attempt to open a link.
    private void CheckHealth()
    {
        var isRecent = _checkedAt is { } before && _time.GetElapsedTime(before) < HealthyFor;
        if (!isRecent && MayAsk() && AttachmentOf(Dialect) is { } attachment)
        {
            _checkedAt = _time.GetTimestamp();
            _loop.Watch(CheckHealthAsync(attachment, Dialect!));
        }
    }

    private async Task CheckHealthAsync(IAttachment attachment, Dialect dialect)
    {
        try
        {
            // Twice, because a line with noise is no answer either.
            if (await HasLeftAsync(attachment, dialect) && await HasLeftAsync(attachment, dialect))
            {
                Raise(attachment.Loss, Closed("the module has left its network without a word"));
            }
            else if (MayAsk())
            {
                await Links.CheckAsync(MayAsk);
            }
        }
        catch (CommandFailedException exception) when (State == ModemState.Online)
        {
            Channel.Break(exception);
        }
        catch (ModemException)
        {
            // No answer, or the modem is being recovered: the channel and the recovery deal with that. Or it was not asked.
        }
    }

    private async Task<bool> HasLeftAsync(IAttachment attachment, Dialect dialect) =>
        await attachment.HasLeftAsync(dialect, MayAsk) && State == ModemState.Online;

    // On its way into another mode, or onto its network, a module may have no address.
    private bool MayAsk() => State == ModemState.Online && !Links.IsChangingMode;

    private void OnNetworkLeft(string what) =>
        Raise(ModemEvent.NetworkLost, Closed(what));
}
