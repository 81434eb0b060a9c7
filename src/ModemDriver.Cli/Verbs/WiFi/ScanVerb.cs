using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ModemDriver.Cli.Verbs.WiFi;

/// <summary><c>modem wifi scan</c>: the access points that the module hears.</summary>
internal sealed class ScanVerb(ToolContext context)
{
    private readonly SessionOptions _options = new(kind: NetworkKind.None);

    private readonly Option<string?> _ssid = new("--ssid")
    {
        Description = "Only access points of this name; finds also one that hides it.",
        HelpName = "NAME",
    };

    private readonly Option<int?> _weakest = new("--weakest")
    {
        Description = "Only those that are at least so strong, in dBm, such as -75.",
        HelpName = "DBM",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int dbm)
                && dbm is >= -120 and <= 0)
            {
                return dbm;
            }

            result.AddError($"--weakest must be from -120 to 0, not '{text}'");
            return null;
        },
    };

    private readonly Option<bool> _watch = new("--watch")
    {
        Description = "Scans again and again, and shows the list in place, until Ctrl-C.",
    };

    private readonly Option<int?> _count = new("--count")
    {
        Description = "With --watch: ends after so many scans.",
        HelpName = "N",
        CustomParser = result => CommonOptions.WholeNumber(result, "--count", 1, 1_000_000),
    };

    private readonly Option<TimeSpan?> _interval = CommonOptions.Seconds(
        "--interval", "With --watch: seconds between scans (2 unless given).");

    public Command Create()
    {
        var command = new Command("scan", "Lists the access points that the module hears, the strongest first.")
        {
            _ssid,
            _weakest,
            _watch,
            _count,
            _interval,
        };
        _options.AddTo(command);
        VerbRunner.Run(
            command, context, _options.Timeout, _options.Log, RunAsync, parsed => parsed.GetValue(_watch));
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = new WiFiScanRequest { Ssid = parsed.GetValue(_ssid), WeakestRssiDbm = parsed.GetValue(_weakest) };
        ModemSession session = await ModemSession.OpenAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            Task<IReadOnlyList<ScannedAccessPoint>> Scan() => session.Modem.WiFi.ScanAsync(request, cancellationToken);
            if (parsed.GetValue(_watch))
            {
                await WatchAsync(parsed, Scan, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await ShowAsync(parsed, await Scan().ConfigureAwait(false)).ConfigureAwait(false);
            }

            return ExitCode.Ok;
        }
    }

    private async Task WatchAsync(
        ParseResult parsed, Func<Task<IReadOnlyList<ScannedAccessPoint>>> scan, CancellationToken cancellationToken)
    {
        IAnsiConsole screen = Screen.For(context.Out);
        if (screen.Profile.Out.IsTerminal && !parsed.GetValue(_options.Json))
        {
            await screen.Live(new Text("The module listens ...")).StartAsync(live => RepeatAsync(
                parsed, scan, heard => Update(live, heard), cancellationToken)).ConfigureAwait(false);
        }
        else
        {
            await RepeatAsync(parsed, scan, heard => ShowAsync(parsed, heard), cancellationToken).ConfigureAwait(false);
        }

        static Task Update(LiveDisplayContext live, IReadOnlyList<ScannedAccessPoint> heard)
        {
            live.UpdateTarget(ToTable(heard));
            return Task.CompletedTask;
        }
    }

    private async Task RepeatAsync(
        ParseResult parsed,
        Func<Task<IReadOnlyList<ScannedAccessPoint>>> scan,
        Func<IReadOnlyList<ScannedAccessPoint>, Task> show,
        CancellationToken cancellationToken)
    {
        TimeSpan interval = parsed.GetValue(_interval) ?? TimeSpan.FromSeconds(2);
        int? left = parsed.GetValue(_count);
        while (true)
        {
            await show(await scan().ConfigureAwait(false)).ConfigureAwait(false);
            if (--left <= 0)
            {
                return;
            }

            await Task.Delay(interval, context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ShowAsync(ParseResult parsed, IReadOnlyList<ScannedAccessPoint> heard)
    {
        if (parsed.GetValue(_options.Json))
        {
            ScannedReport[] reports = [.. heard.Select(ToReport)];
            await context.Out.WriteLineAsync(ToolJson.Print(reports, json => json.ScannedReportArray))
                .ConfigureAwait(false);
        }
        else if (heard.Count == 0)
        {
            await context.Error.WriteLineAsync("The module hears no access point.").ConfigureAwait(false);
        }
        else
        {
            Screen.For(context.Out).Write(ToTable(heard));
        }
    }

    private static Table ToTable(IReadOnlyList<ScannedAccessPoint> heard)
    {
        CultureInfo plain = CultureInfo.InvariantCulture;
        Table table = Screen.NewTable("Network", "Signal", "RSSI", "Channel", "Security", "BSSID");
        foreach (ScannedAccessPoint found in heard)
        {
            IEnumerable<IRenderable> cells = Screen.Cells(
                found.IsHidden ? "(hidden)" : SafeText.Show(found.Ssid),
                SignalBars.Of(found.RssiDbm),
                string.Create(plain, $"{found.RssiDbm} dBm"),
                found.Channel?.ToString(plain),
                found.Security.ToString(),
                found.Bssid);
            table.AddRow(cells);
        }

        return table;
    }

    private static ScannedReport ToReport(ScannedAccessPoint found) => new(
        found.Ssid,
        Convert.ToHexStringLower(found.SsidBytes.Span),
        found.Bssid,
        found.RssiDbm,
        found.Channel,
        found.Security.ToString(),
        found.IsHidden);
}
