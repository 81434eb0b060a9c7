using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Dialects;
using ModemDriver.Protocol;
using ModemDriver.WiFi;

namespace ModemDriver.Lifecycle;

/// <summary>Gets a Wi-Fi module onto its network, and tells why not.</summary>
internal sealed class NetworkAttachment(CommandChannel channel, NoticeBoard notices, TimeProvider time) : IAttachment
{
    // After it was let in, a module has its address within a second or two; DHCP servers have been seen to take ten.
    private static readonly TimeSpan AddressLimit = TimeSpan.FromSeconds(15);

    // A module that joins by itself after its start does so within five seconds.
    private static readonly TimeSpan SelfJoinLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private bool _hasFixedAddress;

    /// <summary>What to join; <see langword="null"/>: whatever the module joins by itself.</summary>
    public WiFiOptions? Network { get; set; }

    /// <inheritdoc/>
    public ModemEvent Loss => ModemEvent.NetworkLost;

    /// <inheritdoc/>
    public void Forget() => _hasFixedAddress = false;

    // Joining and having an address is one step here.
    /// <inheritdoc/>
    public Task AttachAsync(Dialect dialect, AttachGoal goal, CancellationToken cancellationToken) =>
        AttachAsync(dialect.WiFi!, Network, cancellationToken); // chosen for a dialect that has it

    /// <inheritdoc/>
    public async Task<bool> HasLeftAsync(Dialect dialect, Func<bool> mayAsk)
    {
        var read = dialect.WiFi!.ReadAccessPoint();
        read.MayWrite = mayAsk;
        var result = await channel.ExecuteAsync(read);
        return result.IsSuccess && read.AccessPoint is null;
    }

    /// <summary>Joins the network unless that is so already, and waits for an address.</summary>
    /// <param name="commands">The dialect's commands.</param>
    /// <param name="network">What to join; <see langword="null"/>: whatever the module joins by itself.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NetworkJoinException">It could not be joined.</exception>
    public async Task AttachAsync(IWiFiCommands commands, WiFiOptions? network, CancellationToken cancellationToken)
    {
        var current = await ReadAccessPointAsync(commands, cancellationToken);
        if (network is null)
        {
            await WaitForSelfJoinAsync(commands, current, cancellationToken);
        }
        else if (current is not null && IsWanted(current, network))
        {
            await SetAddressAsync(commands, network, cancellationToken);
            await SetReconnectAsync(commands, network, cancellationToken);
            await WaitForAddressAsync(commands, network.Ssid, AddressLimit, cancellationToken);
        }
        else
        {
            await JoinAsync(commands, network, cancellationToken);
        }
    }

    /// <summary>Joins the network, whatever the module has joined before.</summary>
    /// <exception cref="NetworkJoinException">It could not be joined.</exception>
    public async Task JoinAsync(IWiFiCommands commands, WiFiOptions network, CancellationToken cancellationToken)
    {
        var join = commands.Join(network);
        await SetAddressAsync(commands, network, cancellationToken);
        FinalResult result;
        try
        {
            result = await channel.ExecuteAsync(join, cancellationToken);
        }
        catch (CommandTimeoutException exception)
        {
            throw Failed(network.Ssid, NetworkJoinFailure.TimedOut, exception.Message, exception);
        }

        if (!result.IsSuccess)
        {
            throw Failed(network.Ssid, join.Failure, $"the module answered {result.Text}", null);
        }

        await SetReconnectAsync(commands, network, cancellationToken);
        await WaitForAddressAsync(commands, network.Ssid, AddressLimit, cancellationToken);
    }

    private static bool IsWanted(AccessPointInfo current, WiFiOptions network) =>
        current.Ssid == network.Ssid
        && (network.Bssid is null || string.Equals(current.Bssid, network.Bssid, StringComparison.OrdinalIgnoreCase));

    // A network with a fixed address, then one without: the module has to be told, or it keeps the address of the first.
    private async Task SetAddressAsync(
        IWiFiCommands commands, WiFiOptions network, CancellationToken cancellationToken)
    {
        if (network.StaticAddress is null && !_hasFixedAddress)
        {
            return;
        }

        await SetAsync(commands.SetAddress(network.StaticAddress), cancellationToken);
        _hasFixedAddress = network.StaticAddress is not null;
    }

    // A join sets a pause of its own, so this comes behind it.
    private async Task SetReconnectAsync(
        IWiFiCommands commands, WiFiOptions network, CancellationToken cancellationToken)
    {
        if (network.Reconnect is { } policy)
        {
            await SetAsync(commands.SetReconnect(policy), cancellationToken);
        }
    }

    private async Task SetAsync(AtCommand setting, CancellationToken cancellationToken)
    {
        var result = await channel.ExecuteAsync(setting, cancellationToken);
        if (!result.IsSuccess)
        {
            throw new CommandFailedException(setting.Line.Display, result, setting.Remarks) { Port = channel.Port };
        }
    }

    private async Task<AccessPointInfo?> ReadAccessPointAsync(
        IWiFiCommands commands, CancellationToken cancellationToken)
    {
        var read = commands.ReadAccessPoint();
        await channel.ExecuteAsync(read, cancellationToken);
        return read.AccessPoint;
    }

    private async Task WaitForSelfJoinAsync(
        IWiFiCommands commands, AccessPointInfo? current, CancellationToken cancellationToken)
    {
        try
        {
            await WaitForAddressAsync(commands, current?.Ssid ?? "(none)", SelfJoinLimit, cancellationToken);
        }
        catch (NetworkJoinException) when (current is null)
        {
            throw Failed(
                "(none)",
                NetworkJoinFailure.NotConfigured,
                "no network was given, and the module has not joined one by itself",
                null);
        }
    }

    private async Task WaitForAddressAsync(
        IWiFiCommands commands, string network, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var read = commands.ReadAddresses();
            await channel.ExecuteAsync(read, cancellationToken);
            if (read.Addresses.Address is not null)
            {
                return;
            }

            if (time.GetElapsedTime(started) >= limit)
            {
                throw Failed(network, NetworkJoinFailure.NoAddress, $"no address within {limit}", null);
            }

            await notices.WaitAsync(NoticeKind.AddressObtained, AskAgain, cancellationToken);
        }
    }

    private NetworkJoinException Failed(
        string network, NetworkJoinFailure reason, string what, Exception? innerException) =>
        new(network, reason, $"Network \"{network}\" was not joined ({reason}): {what}.", innerException)
        {
            Port = channel.Port,
        };
}
