using System.CommandLine;
using System.Threading.Channels;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs.WiFi;

/// <summary><c>modem wifi ap</c>: the module is an access point for as long as the verb runs.</summary>
internal sealed class SoftApVerb(ToolContext context)
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly SessionOptions _options = new(kind: NetworkKind.None);

    private readonly Argument<string> _ssid = new("NAME") { Description = "The name of the access point." };

    private readonly Option<string?> _password = CommonOptions.Password();

    private readonly Option<bool> _open = new("--open") { Description = "Without a password: everybody may join." };

    private readonly Option<int> _channel = new("--channel")
    {
        Description = "Its channel, 1 to 14.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
        CustomParser = result => CommonOptions.WholeNumber(result, "--channel", 1, 14),
    };

    private readonly Option<int> _stations = new("--stations")
    {
        Description = "How many stations may join, 1 to 8.",
        HelpName = "N",
        DefaultValueFactory = _ => 4,
        CustomParser = result => CommonOptions.WholeNumber(result, "--stations", 1, 8),
    };

    private readonly Option<bool> _hidden = new("--hidden") { Description = "Hides its name." };

    private readonly Option<TimeSpan?> _duration = CommonOptions.Seconds(
        "--duration", "Ends by itself after so many seconds; else by Ctrl-C.");

    public Command Create()
    {
        var command = new Command("ap", "Makes the module an access point until Ctrl-C, and tells who comes and goes.")
        {
            _ssid,
            _password,
            _open,
            _channel,
            _stations,
            _hidden,
            _duration,
        };
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync, _ => true);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        SoftApOptions options = ToOptions(parsed);
        ModemSession session = await ModemSession.OpenAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            WiFiInterface wiFi = session.Modem.WiFi;
            await wiFi.StartSoftApAsync(options, cancellationToken).ConfigureAwait(false);
            try
            {
                await ServeAsync(parsed, wiFi, cancellationToken).ConfigureAwait(false);
                return ExitCode.Ok;
            }
            finally
            {
                // Also after Ctrl-C: an access point that nobody looks after is not left behind.
                using var limit = new CancellationTokenSource(StopLimit, context.Time);
                await wiFi.StopSoftApAsync(limit.Token).ConfigureAwait(false);
            }
        }
    }

    private SoftApOptions ToOptions(ParseResult parsed)
    {
        string? password = parsed.GetValue(_password) ?? context.Variable(CommonOptions.PasswordVariable);
        bool isOpen = parsed.GetValue(_open);
        return isOpen || password is not null
            ? new SoftApOptions(parsed.GetRequiredValue(_ssid), isOpen ? null : password)
            {
                Channel = parsed.GetValue(_channel),
                MaxStations = parsed.GetValue(_stations),
                IsHidden = parsed.GetValue(_hidden),
            }
            : throw new ToolException(
                ExitCode.Usage, $"Give the access point a password in {CommonOptions.PasswordVariable}, or say --open.");
    }

    private async Task ServeAsync(ParseResult parsed, WiFiInterface wiFi, CancellationToken cancellationToken)
    {
        Channel<WiFiEvent> queue = System.Threading.Channels.Channel.CreateUnbounded<WiFiEvent>();
        wiFi.Changed += (_, change) => queue.Writer.TryWrite(change);
        SoftApInfo info = await wiFi.ReadSoftApAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new ToolException(ExitCode.Refused, "The module says that its access point is off.");
        await context.Error.WriteLineAsync(
            $"The module is the access point {SafeText.Show(info.Ssid)} ({info.Security}) on channel {info.Channel}, "
            + $"address {info.Address}. Ctrl-C ends it.").ConfigureAwait(false);

        var events = new List<StationEventReport>();
        try
        {
            await FollowAsync(parsed, queue.Reader, events, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (parsed.GetValue(_options.Json))
            {
                await ReportAsync(wiFi, info, events).ConfigureAwait(false);
            }
        }
    }

    private async Task ReportAsync(WiFiInterface wiFi, SoftApInfo info, List<StationEventReport> events)
    {
        using var limit = new CancellationTokenSource(StopLimit, context.Time);
        IReadOnlyList<SoftApStation> stations = await wiFi.ReadStationsAsync(limit.Token).ConfigureAwait(false);
        var report = new SoftApReport(
            info.Ssid,
            info.Security.ToString(),
            info.Channel,
            info.Address?.ToString(),
            info.HardwareAddress,
            [.. stations.Select(station => new StationReport(station.HardwareAddress, station.Address?.ToString()))],
            [.. events]);
        await context.Out.WriteLineAsync(ToolJson.Print(report, json => json.SoftApReport)).ConfigureAwait(false);
    }

    private async Task FollowAsync(
        ParseResult parsed,
        ChannelReader<WiFiEvent> queue,
        List<StationEventReport> events,
        CancellationToken cancellationToken)
    {
        TimeSpan duration = parsed.GetValue(_duration) ?? Timeout.InfiniteTimeSpan;
        using var clock = new CancellationTokenSource(duration, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            await foreach (WiFiEvent change in queue.ReadAllAsync(either.Token).ConfigureAwait(false))
            {
                events.Add(new StationEventReport(
                    change.Kind.ToString(), change.Station?.HardwareAddress, change.Station?.Address?.ToString()));
                if (!parsed.GetValue(_options.Json))
                {
                    await context.Out.WriteLineAsync(change.ToString()).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The duration is over.
        }
    }
}
