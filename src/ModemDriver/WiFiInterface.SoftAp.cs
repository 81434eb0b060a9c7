namespace ModemDriver;

/// <content>The module's own access point.</content>
public sealed partial class WiFiInterface
{
    /// <summary>
    /// Switches the module's own access point on, beside the station. One that is on takes over the new settings; those
    /// who had joined it are then turned out.
    /// </summary>
    /// <param name="options">Its name, password, and how.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The options are out of range; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no access point of its own.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task StartSoftApAsync(SoftApOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return SetAsync(ModemFeature.SoftAp, dialect => dialect.SoftAp!.Start(options), cancellationToken);
    }

    /// <summary>Switches the module's own access point off; the station stays as it is.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no access point of its own.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task StopSoftApAsync(CancellationToken cancellationToken = default) =>
        SetAsync(ModemFeature.SoftAp, dialect => dialect.SoftAp!.Stop(), cancellationToken, isKept: false);

    /// <summary>Asks how the module's own access point is set.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its settings without the password; <see langword="null"/> while it is off.</returns>
    /// <exception cref="FeatureNotSupportedException">The module has no access point of its own.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<SoftApInfo?> ReadSoftApAsync(CancellationToken cancellationToken = default) =>
        CallAsync(ModemFeature.SoftAp, async dialect =>
        {
            var isOn = dialect.SoftAp!.ReadIsOn(); // it has one
            await _runner.ExecuteOrThrowAsync(isOn, cancellationToken);
            if (isOn.Answer != true)
            {
                return null;
            }

            var settings = dialect.SoftAp.ReadSettings();
            var addresses = dialect.WiFi!.ReadAddresses(); // an access point of a station
            await _runner.ExecuteOrThrowAsync(settings, cancellationToken);
            await _runner.ExecuteOrThrowAsync(addresses, cancellationToken);
            return settings.Answer is { } info
                ? info with
                {
                    Address = addresses.SoftAp.Address,
                    HardwareAddress = addresses.SoftAp.HardwareAddress,
                }
                : null;
        }, cancellationToken);

    /// <summary>Lists the stations that have joined the module's own access point.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no access point of its own.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<IReadOnlyList<SoftApStation>> ReadStationsAsync(CancellationToken cancellationToken = default) =>
        CallAsync<IReadOnlyList<SoftApStation>>(ModemFeature.SoftAp, async dialect =>
        {
            var command = dialect.SoftAp!.ReadStations(); // it has one
            await _runner.ExecuteOrThrowAsync(command, cancellationToken);
            return command.Answer;
        }, cancellationToken);

    /// <summary>Turns a station out of the module's own access point. It may come back.</summary>
    /// <param name="hardwareAddress">The station, as <c>aa:bb:cc:dd:ee:ff</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">It is no such address; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task DisconnectStationAsync(string hardwareAddress, CancellationToken cancellationToken = default)
    {
        HardwareAddressText.ThrowIfInvalid(hardwareAddress, nameof(hardwareAddress));
        return SetAsync(
            ModemFeature.SoftApDisconnect,
            dialect => [dialect.SoftAp!.Disconnect(hardwareAddress)],
            cancellationToken,
            isKept: false);
    }
}
