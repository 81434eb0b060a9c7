using System.Net;
using ModemDriver.Lifecycle;
using ModemDriver.WiFi;

namespace ModemDriver;

/// <content>The network of the module.</content>
public sealed partial class Modem
{
    /// <summary>
    /// Gets the module onto its network: that of <see cref="ModemOptions.WiFi"/>, or the one that it joins by itself.
    /// Does nothing when it is online. From then on the modem keeps it there, and comes back after a failure.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; a join that was begun runs on in the module.</param>
    /// <exception cref="NetworkJoinException">The network could not be joined; the reason says why.</exception>
    /// <exception cref="CommandTimeoutException">The module did not answer.</exception>
    /// <exception cref="ModemClosedException">The modem is closed, faulted or recovering.</exception>
    public Task GoOnlineAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => _runner.GoOnlineAsync(network: null, isForced: false, cancellationToken));

    /// <summary>Joins an access point, also when another one is joined; links are then lost.</summary>
    /// <param name="network">The access point.</param>
    /// <param name="cancellationToken">Ends the wait; a join that was begun runs on in the module.</param>
    /// <exception cref="ArgumentException">A name or password that cannot be sent; nothing was sent.</exception>
    /// <exception cref="NetworkJoinException">It could not be joined; the reason says why.</exception>
    /// <exception cref="ModemClosedException">The modem is closed, faulted or recovering.</exception>
    public Task JoinAsync(WiFiOptions network, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        network.Validate();
        return _loop.InvokeAsync(() => _runner.GoOnlineAsync(network, isForced: true, cancellationToken));
    }

    /// <summary>Asks which access point is joined.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The access point; <see langword="null"/> for none.</returns>
    /// <exception cref="FeatureNotSupportedException">The module is no Wi-Fi station.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<AccessPointInfo?> ReadAccessPointAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(async () =>
        {
            var command = WiFi(ModemFeature.WiFiStation).ReadAccessPoint();
            await ExecuteAsync(command, cancellationToken);
            return command.AccessPoint;
        });

    /// <summary>Asks for the module's addresses.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module is no Wi-Fi station.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<ModuleAddresses> ReadAddressesAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(async () =>
        {
            var command = WiFi(ModemFeature.WiFiStation).ReadAddresses();
            await ExecuteAsync(command, cancellationToken);
            return command.Addresses;
        });

    /// <summary>Resolves a host name by the module's own network.</summary>
    /// <param name="host">The name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">A name that cannot be sent; nothing was sent.</exception>
    /// <exception cref="CommandFailedException">The name was not found.</exception>
    /// <exception cref="ModemProtocolException">The module answered with no address.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<IPAddress> ResolveAsync(string host, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        return _loop.InvokeAsync(async () =>
        {
            var command = WiFi(ModemFeature.NameResolution).Resolve(host);
            await ExecuteAsync(command, cancellationToken);
            return command.Address
                ?? throw new ModemProtocolException("an address", string.Join(" | ", _runner.Channel.LastLines()));
        });
    }

    private IWiFiCommands WiFi(ModemFeature feature) =>
        _runner.Dialect is { } dialect
            ? dialect.WiFi ?? throw ModemRunner.NotSupported(dialect, feature)
            : throw new ModemClosedException($"{Port} is {State}.");
}
