using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ModemDriver.Cli.Verbs.Cellular;

/// <summary><c>modem signal</c>: how well the module receives its cell, now or over time.</summary>
internal sealed class SignalVerb(ToolContext context)
{
    private const int HistoryLength = 60;

    // The figures that are shown, with the range of their bars.
    private static readonly (string Name, string Unit, Func<SignalQuality, double?> Value, double Least, double Most)[] Figures =
    [
        ("RSRP", "dBm", signal => signal.RsrpDbm, -130, -70),
        ("RSRQ", "dB", signal => signal.RsrqDb, -20, -3),
        ("SINR", "dB", signal => signal.SinrDb, -5, 30),
        ("RSCP", "dBm", signal => signal.RscpDbm, -115, -60),
        ("Ec/No", "dB", signal => signal.EcNoDb, -20, 0),
        ("RSSI", "dBm", signal => signal.RssiDbm, -113, -51),
    ];

    private readonly SessionOptions _options = new(kind: NetworkKind.None);

    private readonly Option<bool> _watch = new("--watch")
    {
        Description = "Reads again and again, and draws the values over time in place, until Ctrl-C.",
    };

    private readonly Option<int?> _count = new("--count")
    {
        Description = "With --watch: ends after so many readings.",
        HelpName = "N",
        CustomParser = result => CommonOptions.WholeNumber(result, "--count", 1, 1_000_000),
    };

    private readonly Option<TimeSpan?> _interval = CommonOptions.Seconds(
        "--interval", "With --watch: seconds between readings (2 unless given).");

    public Command Create()
    {
        var command = new Command("signal", "Says how well the module receives its cell, in dBm and dB.")
        {
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
        ModemSession session = await ModemSession.OpenAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            // It tells the technology, without which the figures of some mean little.
            await session.Modem.Cellular.ReadRegistrationAsync(cancellationToken).ConfigureAwait(false);
            IAnsiConsole screen = Screen.For(context.Out);
            bool isDrawn = parsed.GetValue(_watch) && screen.Profile.Out.IsTerminal && !parsed.GetValue(_options.Json);
            if (isDrawn)
            {
                await DrawAsync(screen, parsed, session.Modem, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await RepeatAsync(
                    parsed,
                    session.Modem,
                    signal => WriteAsync(signal, parsed.GetValue(_options.Json), parsed.GetValue(_watch)),
                    cancellationToken).ConfigureAwait(false);
            }

            return ExitCode.Ok;
        }
    }

    private Task DrawAsync(IAnsiConsole screen, ParseResult parsed, Modem modem, CancellationToken cancellationToken)
    {
        var history = new Queue<SignalQuality>();
        bool isUnicode = screen.Profile.Capabilities.Unicode;
        return screen.Live(new Text("Reading ...")).StartAsync(live => RepeatAsync(
            parsed,
            modem,
            signal =>
            {
                history.Enqueue(signal);
                if (history.Count > HistoryLength)
                {
                    history.Dequeue();
                }

                live.UpdateTarget(ToTable(signal, history, isUnicode));
                return Task.CompletedTask;
            },
            cancellationToken));
    }

    private async Task RepeatAsync(
        ParseResult parsed, Modem modem, Func<SignalQuality, Task> show, CancellationToken cancellationToken)
    {
        TimeSpan interval = parsed.GetValue(_interval) ?? TimeSpan.FromSeconds(2);
        int? left = parsed.GetValue(_watch) ? parsed.GetValue(_count) : 1;
        while (true)
        {
            await show(await modem.ReadSignalAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            if (--left <= 0)
            {
                return;
            }

            await Task.Delay(interval, context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(SignalQuality signal, bool isJson, bool isOneLine)
    {
        if (isJson)
        {
            await context.Out.WriteLineAsync(ToolJson.Print(ToReport(signal), json => json.SignalReport))
                .ConfigureAwait(false);
        }
        else if (isOneLine)
        {
            // A file or a pipe gets a line for each reading.
            string figures = string.Join(", ", Known(signal).Select(figure => $"{figure.Name} {figure.Text}"));
            await context.Out.WriteLineAsync($"{context.Time.GetLocalNow():HH:mm:ss} {signal.Class}: {figures}")
                .ConfigureAwait(false);
        }
        else
        {
            Screen.For(context.Out).Write(Screen.Facts(
            [
                ("Signal", signal.Class.ToString()),
                ("Decided by", signal.DecidedBy?.ToString()),
                ("Technology", signal.Technology?.ToString()),
                .. Known(signal),
            ]));
        }
    }

    private static IEnumerable<(string Name, string? Text)> Known(SignalQuality signal) => Figures
        .Where(figure => figure.Value(signal) is not null)
        .Select(figure => (figure.Name, (string?)Words(figure.Value(signal), figure.Unit)));

    private static Table ToTable(SignalQuality signal, IReadOnlyCollection<SignalQuality> history, bool isUnicode)
    {
        Table table = Screen.NewTable(
            "Figure", "Now", $"{signal.Class}{(signal.DecidedBy is { } figure ? $", by {figure}" : string.Empty)}");
        foreach ((string name, string unit, Func<SignalQuality, double?> value, double least, double most) in Figures)
        {
            if (history.Any(reading => value(reading) is not null))
            {
                IEnumerable<IRenderable> cells = Screen.Cells(
                    name, Words(value(signal), unit), Sparkline.Of(history.Select(value), least, most, isUnicode));
                table.AddRow(cells);
            }
        }

        return table;
    }

    private static string? Words(double? value, string unit) =>
        value is double known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.#} {unit}") : null;

    private SignalReport ToReport(SignalQuality signal) => new(
        context.Time.GetUtcNow(),
        signal.Class.ToString(),
        signal.DecidedBy?.ToString(),
        signal.Technology?.ToString(),
        signal.RsrpDbm,
        signal.RsrqDb,
        signal.SinrDb,
        signal.RssiDbm,
        signal.RscpDbm,
        signal.EcNoDb,
        signal.BitErrorClass);
}
