using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ModemDriver.Cli.Output;
using ModemDriver.Mqtt;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary><c>modem mqtt bridge</c>: passes messages between a broker behind the module and one of this computer's network.</summary>
internal sealed class BridgeVerb(ToolContext context)
{
    // The user's --timeout is shorter: until there is a broker the run waits for one.
    private static readonly TimeSpan Patience = TimeSpan.FromDays(24);

    private readonly ClientOptions _client = new();

    private readonly BrokerOptions _far = new(context, "far", "--broker", "The broker behind the module.");

    private readonly BrokerOptions _near = new(context, "near", "--local", "The broker of this computer's network.", "local-");

    private readonly Option<string[]> _in = new("--in")
    {
        Description = "What to pass on from --broker to --local; may be repeated.",
        HelpName = "FILTER",
    };

    private readonly Option<string[]> _out = new("--out")
    {
        Description = "What to pass on from --local to --broker; may be repeated.",
        HelpName = "FILTER",
    };

    private readonly Option<int> _qos = ClientOptions.Qos("The highest level at which messages are passed on.");

    private readonly Option<string?> _outbox = Outbox("--outbox", "--broker");

    private readonly Option<string?> _localOutbox = Outbox("--local-outbox", "--local");

    public Command Create()
    {
        var command = new Command(
            "bridge", "Passes messages between a broker behind the module and one of this computer's network, until Ctrl-C. "
            + "What one side cannot take waits in a file.")
        {
            _in, _out, _qos, _outbox, _localOutbox,
        };
        _far.AddTo(command);
        _near.AddTo(command);
        _client.AddTo(command);
        command.Validators.Add(Check);
        VerbRunner.Run(command, context, _client.Session.Timeout, _client.Session.Log, RunAsync, _ => true);
        return command;
    }

    private static Option<string?> Outbox(string name, string broker) => new(name)
    {
        Description = $"The file in which messages for {broker} wait; without it, one in this user's folder.",
        HelpName = "FILE",
    };

    // A message that goes there and back again would never end. Where both ways can take a topic, the brokers must keep a
    // client's own messages from it, which those of MQTT 5 can ("no local").
    private void Check(CommandResult result)
    {
        string[] inward = result.GetValue(_in) ?? [];
        string[] outward = result.GetValue(_out) ?? [];
        if (inward.Length + outward.Length == 0)
        {
            result.AddError("Say what to pass on, with --in or --out");
        }

        if (!_client.IsVersion5(result)
            && inward.FirstOrDefault(one => outward.Any(other => TopicFilters.Overlap(one, other))) is string both)
        {
            result.AddError($"'{both}' goes both ways, which would be a loop: --protocol 5 prevents it");
        }
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string far = _far.NameOf(parsed);
        string near = _near.NameOf(parsed);
        MqttRun run = await MqttRun.OpenAsync(context, _client, parsed, cancellationToken).ConfigureAwait(false);
        await using (run.ConfigureAwait(false))
        {
            ManagedMqttClient farClient = await OpenAsync(
                parsed, run, _far, run.Modem, OutboxPlace.Of(context, parsed.GetValue(_outbox), "bridge", far, near))
                .ConfigureAwait(false);
            ManagedMqttClient nearClient = await OpenAsync(
                parsed, run, _near, null, OutboxPlace.Of(context, parsed.GetValue(_localOutbox), "bridge-local", near, far))
                .ConfigureAwait(false);
            var inward = new BridgeWay(farClient, nearClient, parsed.GetValue(_in) ?? [], context);
            var outward = new BridgeWay(nearClient, farClient, parsed.GetValue(_out) ?? [], context);
            try
            {
                await run.WorkAsync(token => PassAsync(
                    [
                        stop => inward.RunAsync(stop),
                        stop => outward.RunAsync(stop),
                        stop => SubscribeAsync(parsed, far, farClient, _in, stop),
                        stop => SubscribeAsync(parsed, near, nearClient, _out, stop),
                    ],
                    token)).ConfigureAwait(false);
            }
            finally
            {
                await ReportAsync(parsed, new BridgeReport(far, near, inward.Passed, outward.Passed)).ConfigureAwait(false);
            }
        }

        return ExitCode.Ok;
    }

    private Task<ManagedMqttClient> OpenAsync(
        ParseResult parsed, MqttRun run, BrokerOptions broker, Modem? modem, string outbox) =>
        run.OpenClientAsync(_client.ToOptions(
            parsed, broker.ToSource(parsed, modem), broker.ToSignIn(parsed, outbox)) with
        {
            Acknowledgement = MqttAcknowledgement.Manual,
            Outbox = new MqttOutboxOptions { Path = outbox },
        });

    private async Task SubscribeAsync(
        ParseResult parsed,
        string broker,
        ManagedMqttClient client,
        Option<string[]> filters,
        CancellationToken cancellationToken)
    {
        if (parsed.GetValue(filters) is not { Length: > 0 } wanted)
        {
            return;
        }

        bool isVersion5 = _client.IsVersion5(parsed);
        IReadOnlyList<MqttSubscribeResult> results = await client.SubscribeAsync(
            [
                .. wanted.Distinct().Select(filter => new MqttSubscription(filter)
                {
                    QualityOfService = ClientOptions.Level(parsed.GetValue(_qos)),
                    NoLocal = isVersion5,
                    RetainAsPublished = isVersion5,
                }),
            ],
            Patience,
            cancellationToken).ConfigureAwait(false);
        foreach (MqttSubscribeResult result in results)
        {
            if (!result.IsGranted)
            {
                throw new ToolException(
                    ExitCode.Refused, $"{broker} refuses the filter {SafeText.Show(result.Filter)}: {result.Code}.");
            }

            await context.Error.WriteLineAsync(
                $"{broker}: {SafeText.Show(result.Filter)} is passed on at QoS {(int)result.Code}.").ConfigureAwait(false);
        }
    }

    // All at the same time: messages may come before the answer to SUBSCRIBE, which stands behind them on the connection.
    private static async Task PassAsync(Func<CancellationToken, Task>[] parts, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> running = [.. parts.Select(part => part(stop.Token))];

        // The subscribing ends. A way runs until it fails or is cancelled; one alone is no bridge.
        while (await Task.WhenAny(running).ConfigureAwait(false) is { IsCompletedSuccessfully: true } done && running.Count > 1)
        {
            running.Remove(done);
        }

        await stop.CancelAsync().ConfigureAwait(false);
        await (running.FirstOrDefault(part => part.IsFaulted) ?? Task.WhenAll(running)).ConfigureAwait(false);
    }

    private async Task ReportAsync(ParseResult parsed, BridgeReport report)
    {
        if (parsed.GetValue(_client.Session.Json))
        {
            await context.Out.WriteLineAsync(ToolJson.Print(report, json => json.BridgeReport)).ConfigureAwait(false);
        }
        else
        {
            await context.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Passed on: {report.In} to {report.Local}, {report.Out} to {report.Broker}.")).ConfigureAwait(false);
        }
    }
}
