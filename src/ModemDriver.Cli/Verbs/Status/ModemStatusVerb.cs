using System.CommandLine;
using System.Threading.Channels;
using ModemDriver.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ModemDriver.Cli.Verbs.Status;

/// <summary><c>modem status</c>: where a modem stands, once, or as it goes with its recoveries.</summary>
internal sealed class ModemStatusVerb(ToolContext context)
{
    // As many as stand below the facts on a small terminal.
    private const int ShownEntries = 12;

    private readonly SessionOptions _options = new();

    private readonly Option<bool> _watch = new("--watch")
    {
        Description = "Goes online, and tells changes of state and recoveries as they come, until Ctrl-C.",
    };

    private readonly Option<int?> _count = new("--count")
    {
        Description = "With --watch: ends after so many readings.",
        HelpName = "N",
        CustomParser = result => CommonOptions.WholeNumber(result, "--count", 1, 1_000_000),
    };

    private readonly Option<TimeSpan?> _interval = CommonOptions.Seconds(
        "--interval", "With --watch: seconds between readings of links and signal (5 unless given).");

    public Command Create()
    {
        var command = new Command("status", "Says where a modem stands: state, links, signal, recoveries.")
        {
            _watch,
            _count,
            _interval,
        };
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync, parsed => parsed.GetValue(_watch));
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ModemSession session = await ModemSession.OpenAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            if (parsed.GetValue(_watch))
            {
                await WatchAsync(parsed, session.Modem, cancellationToken).ConfigureAwait(false);
                return ExitCode.Ok;
            }

            if (parsed.GetValue(_options.Ssid) is not null)
            {
                await session.Modem.GoOnlineAsync(cancellationToken).ConfigureAwait(false);
            }

            StatusReport report = await ReadAsync(session.Modem, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(_options.Json))
            {
                await context.Out.WriteLineAsync(ToolJson.Print(report, json => json.StatusReport)).ConfigureAwait(false);
            }
            else
            {
                Screen.For(context.Out).Write(Facts(report));
            }

            return ExitCode.Ok;
        }
    }

    private async Task WatchAsync(ParseResult parsed, Modem modem, CancellationToken cancellationToken)
    {
        // What happens comes from other threads, and is written by this one.
        Channel<StatusEntry> entries = System.Threading.Channels.Channel.CreateUnbounded<StatusEntry>();
        modem.StateChanged += (_, change) => entries.Writer.TryWrite(StatusEntry.Of(change, context.Time.GetUtcNow()));
        modem.RecoveryReported += (_, report) => entries.Writer.TryWrite(StatusEntry.Of(report, context.Time.GetUtcNow()));
        Task reading = ReadAgainAsync(parsed, modem, entries.Writer, cancellationToken);
        IAnsiConsole screen = Screen.For(context.Out);
        if (screen.Profile.Out.IsTerminal && !parsed.GetValue(_options.Json))
        {
            await DrawAsync(screen, entries.Reader, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            bool isJson = parsed.GetValue(_options.Json);
            await foreach (StatusEntry entry in entries.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await context.Out.WriteLineAsync(isJson ? entry.Json : entry.Line).ConfigureAwait(false);
            }
        }

        await reading.ConfigureAwait(false);
    }

    // Ends the entries with its own end, whatever that is.
    private async Task ReadAgainAsync(
        ParseResult parsed, Modem modem, ChannelWriter<StatusEntry> entries, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await modem.GoOnlineAsync(cancellationToken).ConfigureAwait(false);
            TimeSpan interval = parsed.GetValue(_interval) ?? TimeSpan.FromSeconds(5);
            for (int? left = parsed.GetValue(_count); ; )
            {
                entries.TryWrite(StatusEntry.Of(await ReadAsync(modem, cancellationToken).ConfigureAwait(false)));
                if (--left <= 0)
                {
                    return;
                }

                await Task.Delay(interval, context.Time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            entries.TryComplete(failure);
        }
    }

    private static Task DrawAsync(
        IAnsiConsole screen, ChannelReader<StatusEntry> entries, CancellationToken cancellationToken)
    {
        var happened = new Queue<string>();
        IRenderable facts = new Text("Going online ...");
        return screen.Live(facts).StartAsync(async live =>
        {
            await foreach (StatusEntry entry in entries.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (entry.Status is { } status)
                {
                    facts = Facts(status);
                }
                else
                {
                    happened.Enqueue(entry.Line);
                    if (happened.Count > ShownEntries)
                    {
                        happened.Dequeue();
                    }
                }

                live.UpdateTarget(new Rows([facts, .. happened.Select(line => new Text(line))]));
            }
        });
    }

    private async Task<StatusReport> ReadAsync(Modem modem, CancellationToken cancellationToken)
    {
        IReadOnlyList<LinkInfo> links = await modem.ReadLinksAsync(cancellationToken).ConfigureAwait(false);
        ModuleIdentity identity = modem.Identity;
        SignalReport? signal = await ReadSignalAsync(modem, cancellationToken).ConfigureAwait(false);
        return new StatusReport(
            "status",
            context.Time.GetUtcNow(),
            modem.Port,
            modem.BitRate,
            $"{modem.State}",
            identity.Manufacturer,
            identity.Model,
            identity.Firmware,
            identity.Dialect,
            [
                .. links.Select(link => new StatusLinkReport(
                    link.Id, link.EndPoint, $"{link.State}", link.BytesSent, link.BytesReceived)),
            ],
            signal);
    }

    // While a modem recovers its signal is not known, and that is no failure.
    private async Task<SignalReport?> ReadSignalAsync(Modem modem, CancellationToken cancellationToken)
    {
        if (!modem.Supports(ModemFeature.SignalQuality))
        {
            return null;
        }

        try
        {
            SignalQuality signal = await modem.ReadSignalAsync(cancellationToken).ConfigureAwait(false);
            return new SignalReport(
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
        catch (ModemException)
        {
            return null;
        }
    }

    private static Grid Facts(StatusReport report) => Screen.Facts(
    [
        ("State", report.State),
        ("Port", report.Port),
        ("Bit rate", report.BitRate is { } rate ? $"{rate} bit/s" : null),
        ("Module", string.Join(' ', new[] { report.Manufacturer, report.Model }.Where(text => text is not null))),
        ("Firmware", report.Firmware),
        ("Signal", report.Signal is { } signal ? $"{signal.Class}{(signal.RsrpDbm is { } dbm ? $", {dbm} dBm" : string.Empty)}" : null),
        .. report.Links.Select(link => (
            $"Link {link.Number}",
            (string?)SafeText.Show($"{link.EndPoint}, {link.State}, {link.BytesSent} sent, {link.BytesReceived} received"))),
    ]);
}
