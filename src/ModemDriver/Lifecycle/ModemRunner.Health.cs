using ModemDriver.WiFi;

namespace ModemDriver.Lifecycle;

/// <summary>Losses that the module does not tell of are found when something fails.</summary>
internal sealed partial class ModemRunner
{
    // A peer that refuses is no sign of anything: who tries it again and again asks the module no more often than so.
    private static readonly TimeSpan HealthyFor = TimeSpan.FromSeconds(10);

    private long? _checkedAt;

    // Firmware has been seen to keep silent when its access point lost power (esp-at issue 184), and to lose its TCP
    // stack after heavy traffic (esp-at issue 322). Either fails every attempt to open a link.
    private void CheckHealth()
    {
        var isRecent = _checkedAt is { } before && _time.GetElapsedTime(before) < HealthyFor;
        if (!isRecent && State == ModemState.Online && Dialect?.WiFi is { } wiFi)
        {
            _checkedAt = _time.GetTimestamp();
            _loop.Watch(CheckHealthAsync(wiFi));
        }
    }

    private async Task CheckHealthAsync(IWiFiCommands wiFi)
    {
        try
        {
            // Twice, because a line with noise is no answer either.
            if (await HasLeftAsync(wiFi) && await HasLeftAsync(wiFi))
            {
                OnNetworkLeft("the module has left its network without a word");
            }
            else if (State == ModemState.Online)
            {
                await Links.CheckAsync();
            }
        }
        catch (CommandFailedException exception) when (State == ModemState.Online)
        {
            Channel.Break(exception);
        }
        catch (ModemException)
        {
            // No answer, or the modem is being recovered: the channel and the recovery deal with that.
        }
    }

    private async Task<bool> HasLeftAsync(IWiFiCommands wiFi)
    {
        var read = wiFi.ReadAccessPoint();
        var result = await Channel.ExecuteAsync(read);
        return State == ModemState.Online && result.IsSuccess && read.AccessPoint is null;
    }

    private void OnNetworkLeft(string what) =>
        Raise(ModemEvent.NetworkLost, new ModemClosedException($"{PortName}: {what}.") { Port = PortName });
}
