using ModemDriver.Commands;
using ModemDriver.Dialects;
using ModemDriver.Protocol;
using ModemDriver.WiFi;

namespace ModemDriver.Lifecycle;

/// <summary>What users do to the radio, as far as it touches the modem's state.</summary>
internal sealed partial class ModemRunner
{
    // The module says that it has left right before or after its answer.
    private static readonly TimeSpan LeftLimit = TimeSpan.FromSeconds(2);

    /// <summary>Leaves the network; links of it are failed. From now on the modem does not come back to it.</summary>
    public async Task LeaveNetworkAsync(CancellationToken cancellationToken)
    {
        await _joining.EnterAsync(cancellationToken);
        try
        {
            var wiFi = Require(d => d.WiFi, ModemFeature.WiFiStation);
            _goal = null;
            _isLeaving = true;
            Raise(ModemEvent.NetworkReleased, null);
            await LeaveAsync(wiFi, cancellationToken);
        }
        finally
        {
            _isLeaving = false;
            _joining.Leave();
        }
    }

    /// <summary>Carries out a setting, and keeps it for the time after the module has started anew.</summary>
    /// <exception cref="CommandFailedException">The module refused; what was kept before stays so.</exception>
    public async Task SetAsync(
        ModemFeature feature,
        Func<Dialect, IEnumerable<AtCommand>> commands,
        bool isKept,
        CancellationToken cancellationToken)
    {
        // All are built before the first is sent: what cannot be sent is refused as a whole.
        var all = commands(Require(feature)).ToArray();
        await CallAsync(
            async () =>
            {
                foreach (var command in all)
                {
                    await ExecuteOrThrowAsync(command, cancellationToken);
                }

                return all.Length;
            },
            cancellationToken);

        if (isKept)
        {
            Kept.Keep(feature, commands);
        }
        else
        {
            Kept.Forget(feature);
        }
    }

    private async Task LeaveAsync(IWiFiCommands wiFi, CancellationToken cancellationToken)
    {
        var joined = wiFi.ReadAccessPoint();
        await ExecuteAsync(joined, cancellationToken);
        var left = _notices.WaitAsync(NoticeKind.NetworkLeft, LeftLimit, cancellationToken);
        await ExecuteOrThrowAsync(wiFi.Leave(), cancellationToken);
        if (joined.AccessPoint is not null && !await left)
        {
            // Early firmware has been seen to say yes and to stay.
            var still = wiFi.ReadAccessPoint();
            await ExecuteOrThrowAsync(still, cancellationToken);
            if (still.AccessPoint is { } there)
            {
                throw new ModemProtocolException("to have left the network", $"still joined to {there.Ssid}")
                {
                    Port = PortName,
                    State = State,
                };
            }
        }
    }
}
