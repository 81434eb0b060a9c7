namespace ModemDriver;

/// <content>What can be set on the radio.</content>
public sealed partial class WiFiInterface
{
    /// <summary>Asks how the station is set into its network.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module cannot be asked.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<IPConfiguration> ReadConfigurationAsync(CancellationToken cancellationToken = default) =>
        CallAsync(ModemFeature.StaticAddress, async dialect =>
        {
            var addresses = dialect.WiFi!.ReadConfiguration(); // it is a station
            var usesDhcp = dialect.WiFi.ReadUsesDhcp();
            await _runner.ExecuteOrThrowAsync(addresses, cancellationToken);
            await _runner.ExecuteOrThrowAsync(usesDhcp, cancellationToken);
            return addresses.Answer with { UsesDhcp = usesDhcp.Answer };
        }, cancellationToken);

    /// <summary>Asks how the module by itself comes back to a lost access point.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The policy; <see langword="null"/> if the module did not say.</returns>
    /// <exception cref="FeatureNotSupportedException">The module cannot be asked.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<WiFiReconnect?> ReadReconnectAsync(CancellationToken cancellationToken = default) =>
        QueryAsync(ModemFeature.WiFiReconnectPolicy, dialect => dialect.WiFi!.ReadReconnect(), cancellationToken);

    /// <summary>Asks for the name under which the module asks for an address.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The name; <see langword="null"/> if the module did not say.</returns>
    /// <exception cref="FeatureNotSupportedException">The module cannot be asked.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<string?> ReadHostNameAsync(CancellationToken cancellationToken = default) =>
        QueryAsync(ModemFeature.HostName, dialect => dialect.WiFi!.ReadHostName(), cancellationToken);

    /// <summary>Sets the name under which the module asks for an address; it counts from the next join.</summary>
    /// <param name="name">1 to 32 letters, digits, hyphens and underscores (ASCII).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The name is none; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no such setting.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task SetHostNameAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaxHostNameLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ArgumentException(
                "A host name has 1 to 32 letters, digits, hyphens and underscores.", nameof(name));
        }

        return SetAsync(ModemFeature.HostName, dialect => [dialect.WiFi!.SetHostName(name)], cancellationToken);
    }

    /// <summary>Changes the hardware address of the station; an access point that is joined is left by it.</summary>
    /// <param name="address">As <c>aa:bb:cc:dd:ee:ff</c>, of one station and not of a group.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">It is no such address; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no such setting.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task SetHardwareAddressAsync(string address, CancellationToken cancellationToken = default)
    {
        HardwareAddressText.ThrowIfNotOfOne(address, nameof(address));
        return SetAsync(
            ModemFeature.HardwareAddressChange,
            dialect => [dialect.WiFi!.SetHardwareAddress(address)],
            cancellationToken);
    }

    /// <summary>Asks for the country whose rules the radio keeps.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The country; <see langword="null"/> if the module did not say.</returns>
    /// <exception cref="FeatureNotSupportedException">The module cannot be asked.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<WiFiCountry?> ReadCountryAsync(CancellationToken cancellationToken = default) =>
        QueryAsync(ModemFeature.WiFiCountry, dialect => dialect.WiFi!.ReadCountry(), cancellationToken);

    /// <summary>Sets the country whose rules the radio keeps. What is allowed there is for the caller to know.</summary>
    /// <param name="country">The country and its channels.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">It is out of range; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no such setting.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task SetCountryAsync(WiFiCountry country, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(country);
        country.Validate();
        return SetAsync(ModemFeature.WiFiCountry, dialect => [dialect.WiFi!.SetCountry(country)], cancellationToken);
    }

    /// <summary>Asks whether the radio rests between beacons.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// Whether it rests; <see langword="null"/> where the answer fits more than one way of resting.
    /// </returns>
    /// <exception cref="FeatureNotSupportedException">The module cannot be asked.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<WiFiPowerSave?> ReadPowerSaveAsync(CancellationToken cancellationToken = default) =>
        QueryAsync(ModemFeature.PowerSave, dialect => dialect.WiFi!.ReadPowerSave(), cancellationToken);

    /// <summary>Sets whether the radio rests between beacons. It then takes less, and answers later.</summary>
    /// <param name="mode">Off, as after opening, or modem sleep.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no such setting.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task SetPowerSaveAsync(WiFiPowerSave mode, CancellationToken cancellationToken = default)
    {
        if (!Enum.IsDefined(mode))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode.");
        }

        return SetAsync(ModemFeature.PowerSave, dialect => [dialect.WiFi!.SetPowerSave(mode)], cancellationToken);
    }
}
