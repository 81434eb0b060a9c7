using ModemDriver.Diagnostics;
using ModemDriver.Dialects;

namespace ModemDriver.Lifecycle;

/// <summary>Getting onto the network, by whatever way the module has.</summary>
internal sealed partial class ModemRunner
{
    // What the modem comes back to after a failure; null: the owner has not asked for a network.
    private AttachGoal? _goal;

    /// <summary>Gets the module online; of a Wi-Fi module links of another network are failed.</summary>
    public Task GoOnlineAsync(WiFiOptions? network, bool isForced, CancellationToken cancellationToken) =>
        ModemTracing.RunAsync(
            ModemTracing.GoOnline,
            PortName,
            _time,
            async _ =>
            {
                await JoinOrAttachAsync(network, isForced, cancellationToken);
                return true;
            });

    private async Task JoinOrAttachAsync(WiFiOptions? network, bool isForced, CancellationToken cancellationToken)
    {
        await _joining.EnterAsync(cancellationToken);
        try
        {
            if (network is null && Dialect?.Cellular is not null)
            {
                Require(ModemFeature.PacketData);
                if (State != ModemState.Online)
                {
                    await AttachCellularAsync(AttachGoal.Online, cancellationToken);
                }
            }
            else
            {
                await JoinAsync(network, isForced, cancellationToken);
            }
        }
        catch (Exception exception)
            when (exception is ModemException or OperationCanceledException or ArgumentException)
        {
            Raise(ModemEvent.AttemptFailed, exception);
            throw;
        }
        finally
        {
            _joining.Leave();
        }
    }

    private async Task JoinAsync(WiFiOptions? network, bool isForced, CancellationToken cancellationToken)
    {
        var wiFi = Require(d => d.WiFi, ModemFeature.WiFiStation);
        if (State == ModemState.Online && !isForced)
        {
            return;
        }

        var wanted = network ?? _wiFi.Network;
        RequireFeaturesOf(wanted);
        Raise(ModemEvent.NetworkRequested, null);
        await AttemptAsync(
            token => isForced && wanted is not null
                ? _wiFi.JoinAsync(wiFi, wanted, token)
                : _wiFi.AttachAsync(wiFi, wanted, token),
            cancellationToken);

        // Only one that could be joined is gone back to after a failure.
        _wiFi.Network = wanted;
        await OnJoinedAsync(cancellationToken);
    }

    private async Task OnJoinedAsync(CancellationToken cancellationToken)
    {
        await Links.RestoreServerAsync(cancellationToken);
        _goal = AttachGoal.Online;
        Raise(ModemEvent.NetworkJoined, null);
    }

    private void RequireFeaturesOf(WiFiOptions? network)
    {
        if (network?.StaticAddress is not null)
        {
            Require(ModemFeature.StaticAddress);
        }

        if (network?.Reconnect is not null)
        {
            Require(ModemFeature.WiFiReconnectPolicy);
        }
    }

    // An attempt ends when the modem leaves the state in which it was begun: from then on the channel is the recovery's.
    private async Task AttemptAsync(Func<CancellationToken, Task> body, CancellationToken cancellationToken)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _joinAttempt = attempt;
        _isJoining = true;
        try
        {
            await body(attempt.Token);
            attempt.Token.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _status.ThrowIfUnusable();
            throw;
        }
        finally
        {
            _joinAttempt = null;
            _isJoining = false;
        }
    }

    private IAttachment? AttachmentOf(Dialect? dialect) =>
        dialect?.Cellular is not null ? _cellular
        : dialect?.WiFi is not null ? _wiFi
        : null;
}
