using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs.Cellular;

/// <summary><c>modem location</c>: where the module is, by the cells that it hears or by satellites.</summary>
internal sealed class LocationVerb(ToolContext context)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly SessionOptions _options = new(kind: NetworkKind.Cellular);

    private readonly Option<bool> _gnss = new("--gnss")
    {
        Description = "By satellites: switches the receiver on, waits for a fix until --timeout, and leaves it on.",
    };

    public Command Create()
    {
        var command = new Command("location", "Says where the module is, by the cells that it hears or by satellites.") { _gnss };
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ModemSession session = await ModemSession.OpenAsync(_options, parsed, context, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            LocationReport report = parsed.GetValue(_gnss)
                ? await FixAsync(session.Modem.Board, cancellationToken).ConfigureAwait(false)
                : await LocateAsync(session.Modem, cancellationToken).ConfigureAwait(false);
            await context.Out.WriteLineAsync(parsed.GetValue(_options.Json)
                ? ToolJson.Print(report, json => json.LocationReport)
                : string.Create(CultureInfo.InvariantCulture, $"{report.Latitude:0.######} {report.Longitude:0.######}"))
                .ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }

    private static async Task<LocationReport> LocateAsync(Modem modem, CancellationToken cancellationToken)
    {
        if (modem.Supports(ModemFeature.CellLocation))
        {
            await modem.Cellular.RegisterAsync(cancellationToken).ConfigureAwait(false);
        }

        CellLocation location = await modem.Board.LocateByCellAsync(cancellationToken).ConfigureAwait(false);
        return new LocationReport("Cell", location.Latitude, location.Longitude, null, null, null, null, null);
    }

    private async Task<LocationReport> FixAsync(BoardInterface board, CancellationToken cancellationToken)
    {
        await board.SetGnssAsync(true, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            GnssReading? reading = await board.ReadGnssAsync(cancellationToken).ConfigureAwait(false);
            if (reading is { HasFix: true, Latitude: { } latitude, Longitude: { } longitude })
            {
                return new LocationReport(
                    "Gnss", latitude, longitude, reading.AltitudeMetres, reading.SpeedKmh, reading.HorizontalDilution,
                    reading.SatellitesUsed, reading.Time);
            }

            await Task.Delay(AskAgain, context.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
