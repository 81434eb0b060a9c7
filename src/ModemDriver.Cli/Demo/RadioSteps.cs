using ModemDriver.Cli.Output;
using System.Globalization;
using System.Net;

namespace ModemDriver.Cli.Demo;

/// <summary>Steps of the tour about the radio and the network behind it.</summary>
internal sealed class RadioSteps(Modem modem, DemoServers? servers, TimeProvider time)
{
    private const string OwnNetwork = "modem tour";
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    public async Task<DemoOutcome> ScanAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ScannedAccessPoint> heard = await modem.WiFi.ScanAsync(cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        ScannedAccessPoint best = heard.MaxBy(found => found.RssiDbm)
            ?? throw new DemoFailedException("No access point was heard.");
        return new DemoOutcome(string.Create(
            CultureInfo.InvariantCulture,
            $"{heard.Count} access points; the strongest is {SafeText.Show(best.Ssid)} at {best.RssiDbm} dBm"));
    }

    public async Task<DemoOutcome> ShowSettingsAsync(CancellationToken cancellationToken)
    {
        string? nameBefore = await modem.WiFi.ReadHostNameAsync(cancellationToken).ConfigureAwait(false);
        await modem.WiFi.SetHostNameAsync("modem-tour", cancellationToken).ConfigureAwait(false);
        string? name = await modem.WiFi.ReadHostNameAsync(cancellationToken).ConfigureAwait(false);
        if (!string.Equals(name, "modem-tour", StringComparison.Ordinal))
        {
            throw new DemoFailedException($"The host name was set to modem-tour, and reads {name}.");
        }

        if (nameBefore is not null)
        {
            await modem.WiFi.SetHostNameAsync(nameBefore, cancellationToken).ConfigureAwait(false);
        }

        AccessPointInfo? joined = await modem.WiFi.ReadAccessPointAsync(cancellationToken).ConfigureAwait(false);
        ModuleAddresses addresses = await modem.WiFi.ReadAddressesAsync(cancellationToken).ConfigureAwait(false);
        string country = modem.Supports(ModemFeature.WiFiCountry)
            ? (await modem.WiFi.ReadCountryAsync(cancellationToken).ConfigureAwait(false))?.Code ?? "unknown"
            : "not told";
        return new DemoOutcome(string.Create(
            CultureInfo.InvariantCulture,
            $"MAC {addresses.HardwareAddress}, country {country}, {joined?.RssiDbm} dBm, host name set and read"));
    }

    public async Task<DemoOutcome> PingAsync(CancellationToken cancellationToken)
    {
        string host = servers!.Address.ToString();
        TimeSpan trip = await modem.PingAsync(host, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<IPAddress> names = await modem.ReadNameServersAsync(cancellationToken).ConfigureAwait(false);
        IPAddress resolved = await modem.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        return new DemoOutcome(string.Create(
            CultureInfo.InvariantCulture,
            $"{host} answers in {trip.TotalMilliseconds:0} ms, resolves to {resolved}; {names.Count} name servers"));
    }

    public async Task<DemoOutcome> ReadTimeAsync(CancellationToken cancellationToken)
    {
        await modem.SetTimeSourceAsync(new NetworkTimeOptions(), cancellationToken).ConfigureAwait(false);
        DateTimeOffset told = await modem.WaitForTimeAsync(TimeLimit, cancellationToken).ConfigureAwait(false);
        TimeSpan off = (told - time.GetUtcNow()).Duration();
        return off < TimeSpan.FromMinutes(5)
            ? new DemoOutcome(string.Create(CultureInfo.InvariantCulture, $"{told:yyyy-MM-dd HH:mm:ss} UTC"))
            : throw new DemoFailedException($"The module's time is {told:u}, {off} off.");
    }

    public async Task<DemoOutcome> BeAccessPointAsync(CancellationToken cancellationToken)
    {
        await modem.WiFi.StartSoftApAsync(
            new SoftApOptions(OwnNetwork, "not a secret") { Channel = 6, MaxStations = 2 }, cancellationToken)
            .ConfigureAwait(false);
        SoftApInfo? own = await modem.WiFi.ReadSoftApAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<SoftApStation> stations = await modem.WiFi.ReadStationsAsync(cancellationToken)
            .ConfigureAwait(false);
        await modem.WiFi.StopSoftApAsync(cancellationToken).ConfigureAwait(false);
        if (!string.Equals(own?.Ssid, OwnNetwork, StringComparison.Ordinal))
        {
            throw new DemoFailedException($"The access point is called {own?.Ssid}.");
        }

        return new DemoOutcome(string.Create(
            CultureInfo.InvariantCulture, $"'{own!.Ssid}' was on the air with {stations.Count} stations, and is off again"));
    }
}
