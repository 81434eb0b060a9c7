using System.Globalization;
using System.Net;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Demo;

/// <summary>The network that a module has come to, for people.</summary>
/// <param name="Text">What there is to say of it.</param>
/// <param name="Address">The module's address in it; <see langword="null"/> where it is of no use to this computer.</param>
internal sealed record NetworkSight(string Text, IPAddress? Address)
{
    public static Task<NetworkSight> ReadAsync(Modem modem, CancellationToken cancellationToken) =>
        modem.Supports(ModemFeature.WiFiStation)
            ? ReadWiFiAsync(modem, cancellationToken)
            : ReadCellularAsync(modem, cancellationToken);

    private static async Task<NetworkSight> ReadWiFiAsync(Modem modem, CancellationToken cancellationToken)
    {
        ModuleAddresses addresses = await modem.WiFi.ReadAddressesAsync(cancellationToken).ConfigureAwait(false);
        AccessPointInfo? network = await modem.WiFi.ReadAccessPointAsync(cancellationToken).ConfigureAwait(false);
        string rssi = network?.RssiDbm is int dbm ? string.Create(CultureInfo.InvariantCulture, $" at {dbm} dBm") : "";
        return new NetworkSight(
            $"{SafeText.Show(network?.Ssid ?? "")}{rssi}, module {addresses.Address}", addresses.Address);
    }

    // A carrier's address leads nowhere from here, so it is shown and not used.
    private static async Task<NetworkSight> ReadCellularAsync(Modem modem, CancellationToken cancellationToken)
    {
        CellularInterface cellular = modem.Cellular;
        CellularRegistration registration = await cellular.ReadRegistrationAsync(cancellationToken).ConfigureAwait(false);
        CurrentOperator current = await cellular.ReadOperatorAsync(cancellationToken).ConfigureAwait(false);
        SignalQuality signal = await modem.ReadSignalAsync(cancellationToken).ConfigureAwait(false);
        IPAddress? address = await cellular.ReadAddressAsync(cancellationToken).ConfigureAwait(false);
        string strength = (signal.RsrpDbm, signal.RssiDbm) switch
        {
            ({ } rsrp, _) => string.Create(CultureInfo.InvariantCulture, $" at RSRP {rsrp} dBm"),
            (_, { } rssi) => string.Create(CultureInfo.InvariantCulture, $" at RSSI {rssi} dBm"),
            _ => "",
        };
        return new NetworkSight(
            $"{SafeText.Show(current.Name ?? "unknown operator")} ({registration.Status}, "
            + $"{registration.Technology?.ToString() ?? "unknown technology"}){strength}, module {address}",
            null);
    }
}
