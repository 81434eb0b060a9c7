using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;
using Spectre.Console;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem info</c>: what stands at the other end of a port.</summary>
internal sealed class InfoVerb(ToolContext context)
{
    private readonly SessionOptions _options = new();

    public Command Create()
    {
        var command = new Command("info", "Says which module is on a port, what it can do and where it is joined.");
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ModemSession session = await ModemSession.OpenAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            if (parsed.GetValue(_options.Ssid) is not null)
            {
                await session.Modem.GoOnlineAsync(cancellationToken).ConfigureAwait(false);
            }

            InfoReport report = await ReadAsync(session.Modem, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(_options.Json))
            {
                await context.Out.WriteLineAsync(ToolJson.Print(report, json => json.InfoReport)).ConfigureAwait(false);
            }
            else
            {
                Show(report);
            }

            return ExitCode.Ok;
        }
    }

    private static async Task<InfoReport> ReadAsync(Modem modem, CancellationToken cancellationToken)
    {
        ModuleAddresses? addresses = null;
        AccessPointInfo? accessPoint = null;
        if (modem.Supports(ModemFeature.WiFiStation))
        {
            addresses = await modem.WiFi.ReadAddressesAsync(cancellationToken).ConfigureAwait(false);
            accessPoint = await modem.WiFi.ReadAccessPointAsync(cancellationToken).ConfigureAwait(false);
        }

        CellularRegistration? registration = null;
        if (modem.Supports(ModemFeature.Cellular))
        {
            registration = await modem.Cellular.ReadRegistrationAsync(cancellationToken).ConfigureAwait(false);
        }

        ModuleIdentity identity = modem.Identity;
        return new InfoReport(
            modem.Port,
            modem.BitRate,
            modem.State.ToString(),
            identity.Manufacturer,
            identity.Model,
            identity.Firmware,
            identity.Dialect,
            [.. identity.Lines],
            [.. Features().Where(modem.Supports).Select(feature => feature.ToString())],
            [.. Features().Where(feature => !modem.Supports(feature)).Select(feature => feature.ToString())],
            addresses?.Address?.ToString(),
            addresses?.HardwareAddress,
            accessPoint is null
                ? null
                : new AccessPointReport(
                    accessPoint.Ssid, accessPoint.Bssid, accessPoint.Channel, accessPoint.RssiDbm),
            registration?.Status.ToString(),
            registration?.Technology?.ToString());
    }

    // What a module has no radio for is not said of it.
    private static string? NetworkOf(InfoReport report) =>
        report.AccessPoint is { } network
            ? network.Ssid is string ssid ? SafeText.Show(ssid) : "joined, name not known"
            : report.Features.Contains(nameof(ModemFeature.WiFiStation)) ? "not joined" : null;

    private static ModemFeature[] Features() => Enum.GetValues<ModemFeature>();

    private void Show(InfoReport report)
    {
        CultureInfo plain = CultureInfo.InvariantCulture;
        AccessPointReport? network = report.AccessPoint;
        IAnsiConsole screen = Screen.For(context.Out);
        screen.Write(Screen.Facts(
            ("Port", report.Port),
            ("Bit rate", report.BitRate is int rate ? string.Create(plain, $"{rate} bit/s") : null),
            ("Manufacturer", report.Manufacturer),
            ("Model", report.Model),
            ("Firmware", report.Firmware),
            ("Dialect", report.Dialect),
            ("Network", NetworkOf(report)),
            ("Registration", report.Registration),
            ("Technology", report.Technology),
            ("Access point", network?.Bssid),
            ("Channel", network?.Channel?.ToString(plain)),
            ("RSSI", network?.RssiDbm is int rssi ? string.Create(plain, $"{rssi} dBm") : null),
            ("Address", report.Address),
            ("MAC", report.Mac)));
        Table table = Screen.NewTable("Feature", "This module");
        foreach (ModemFeature feature in Features())
        {
            string name = feature.ToString();
            table.AddRow(Screen.Cells(name, report.Features.Contains(name) ? "yes" : "no"));
        }

        screen.Write(table);
    }
}
