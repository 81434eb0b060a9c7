using System.Globalization;
using System.Net;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs.WiFi;

/// <summary>What a module says of its radio, read once, for people or programs.</summary>
internal static class WiFiFacts
{
    public static async Task<WiFiReport> ReadAsync(Modem modem, CancellationToken cancellationToken)
    {
        WiFiInterface wiFi = modem.WiFi;
        WiFiState state = await wiFi.ReadStateAsync(cancellationToken).ConfigureAwait(false);
        AccessPointInfo? accessPoint = await wiFi.ReadAccessPointAsync(cancellationToken).ConfigureAwait(false);
        ModuleAddresses addresses = await wiFi.ReadAddressesAsync(cancellationToken).ConfigureAwait(false);
        IPConfiguration? configuration = await IfAsync(
            modem, ModemFeature.StaticAddress, () => wiFi.ReadConfigurationAsync(cancellationToken)!).ConfigureAwait(false);
        IReadOnlyList<IPAddress>? servers = await IfAsync(
            modem, ModemFeature.NameServerChoice, () => modem.ReadNameServersAsync(cancellationToken)!).ConfigureAwait(false);
        string? hostName = await IfAsync(
            modem, ModemFeature.HostName, () => wiFi.ReadHostNameAsync(cancellationToken)).ConfigureAwait(false);
        WiFiCountry? country = await IfAsync(
            modem, ModemFeature.WiFiCountry, () => wiFi.ReadCountryAsync(cancellationToken)).ConfigureAwait(false);
        string? powerSave = await IfAsync(
            modem,
            ModemFeature.PowerSave,
            async () => (await wiFi.ReadPowerSaveAsync(cancellationToken).ConfigureAwait(false))?.ToString())
            .ConfigureAwait(false);
        return new WiFiReport(
            state.ToString(),
            accessPoint is null
                ? null
                : new AccessPointReport(
                    accessPoint.Ssid, accessPoint.Bssid, accessPoint.Channel, accessPoint.RssiDbm),
            addresses.Address?.ToString(),
            configuration?.Gateway?.ToString(),
            configuration?.Netmask?.ToString(),
            configuration?.UsesDhcp,
            addresses.HardwareAddress,
            servers?.Select(server => server.ToString()).ToArray(),
            hostName,
            country?.Code,
            powerSave);
    }

    public static async Task ShowAsync(ToolContext context, WiFiReport report, bool json)
    {
        if (json)
        {
            await context.Out.WriteLineAsync(ToolJson.Print(report, type => type.WiFiReport)).ConfigureAwait(false);
            return;
        }

        CultureInfo plain = CultureInfo.InvariantCulture;
        AccessPointReport? network = report.AccessPoint;
        Screen.For(context.Out).Write(Screen.Facts(
            ("State", report.State),
            ("Network", network?.Ssid is string ssid ? SafeText.Show(ssid) : null),
            ("Access point", network?.Bssid),
            ("Channel", network?.Channel?.ToString(plain)),
            ("RSSI", network?.RssiDbm is int rssi ? string.Create(plain, $"{rssi} dBm {SignalBars.Of(rssi)}") : null),
            ("Address", report.Address),
            ("By DHCP", report.Dhcp is bool dhcp ? (dhcp ? "yes" : "no") : null),
            ("Gateway", report.Gateway),
            ("Netmask", report.Netmask),
            ("Name servers", report.NameServers is null ? null : string.Join(", ", report.NameServers)),
            ("MAC", report.Mac),
            ("Host name", report.HostName is string name ? SafeText.Show(name) : null),
            ("Country", report.Country is string country ? SafeText.Show(country) : null),
            ("Power save", report.PowerSave)));
    }

    // A question that this firmware, or a clone of it, does not know is left open; the others are still answered.
    private static async Task<T?> IfAsync<T>(Modem modem, ModemFeature feature, Func<Task<T?>> read)
        where T : class
    {
        if (!modem.Supports(feature))
        {
            return null;
        }

        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (CommandFailedException)
        {
            return null;
        }
    }
}
