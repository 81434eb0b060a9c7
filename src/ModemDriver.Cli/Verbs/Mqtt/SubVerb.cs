using System.CommandLine;
using ModemDriver.Cli.Output;
using ModemDriver.Mqtt;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary><c>modem mqtt sub</c>: prints what is published to filters, until Ctrl-C.</summary>
internal sealed class SubVerb(ToolContext context)
{
    // The user's --timeout is shorter: until there is a broker the run waits for one.
    private static readonly TimeSpan Patience = TimeSpan.FromDays(24);

    private static readonly TimeSpan VerdictGrace = TimeSpan.FromSeconds(2);

    private readonly ClientOptions _client = new();

    private readonly BrokerOptions _broker = new(
        context, "sub", "--broker", "The broker, as seen from the module's network.", mayBeOnModule: true);

    private readonly Argument<string[]> _filters = new("FILTER")
    {
        Description = "Topics to receive: + stands for one level, a final # for all below.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int> _qos = ClientOptions.Qos("The highest level at which messages are wanted.");

    private readonly Option<int?> _count = new("--count")
    {
        Description = "Ends after so many messages; else by Ctrl-C.",
        HelpName = "N",
        CustomParser = result => CommonOptions.WholeNumber(result, "--count", 1, 1_000_000_000),
    };

    private readonly Option<string?> _outbox = new("--outbox")
    {
        Description = "A file that remembers what came at QoS 2, so that not even a killed run makes it come twice; with "
            + "--client-id.",
        HelpName = "FILE",
    };

    public Command Create()
    {
        var command = new Command(
            "sub", "Subscribes, and prints a line for each message: its topic and its payload. With --client-id the broker "
            + "keeps the subscription, and what is published while nobody runs.")
        {
            _filters, _qos, _count, _outbox,
        };
        _broker.AddTo(command);
        _client.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_outbox) is not null && !_broker.HasGivenName(result))
            {
                result.AddError("--outbox goes with --client-id or --preset");
            }
        });
        VerbRunner.Run(command, context, _client.Session.Timeout, _client.Session.Log, RunAsync, _ => true);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        MqttRun run = await MqttRun.OpenAsync(context, _client, parsed, cancellationToken).ConfigureAwait(false);
        await using (run.ConfigureAwait(false))
        {
            bool[] granted = [];
            ManagedMqttClient client = await run.OpenClientAsync(ToOptions(parsed, run.Modem)).ConfigureAwait(false);
            await run.WorkAsync(async token =>
                granted = await SubscribeAndPrintAsync(parsed, client, token).ConfigureAwait(false)).ConfigureAwait(false);
            return granted.Contains(false)
                ? throw new ToolException(ExitCode.Refused, "The broker refused a filter.")
                : ExitCode.Ok;
        }
    }

    private ManagedMqttOptions ToOptions(ParseResult parsed, Modem? modem)
    {
        bool isNamed = _broker.GivenName(parsed) is not null;
        ManagedMqttOptions options = _client.ToOptions(
            parsed,
            _broker.ToSource(parsed, modem),
            // Without a name of its own each run is another client: two must not push each other out.
            _broker.ToSignIn(parsed, Guid.NewGuid().ToString()));
        return options with
        {
            CleanSession = options.CleanSession || !isNamed,
            Acknowledgement = MqttAcknowledgement.Manual,
            Outbox = parsed.GetValue(_outbox) is string file
                ? new MqttOutboxOptions { Path = Path.GetFullPath(file) }
                : new MqttOutboxOptions { Storage = MqttOutboxStorage.Memory },
        };
    }

    /// <summary>
    /// Subscribes and prints at the same time: messages may come before the broker's word, which stands behind them on the
    /// connection.
    /// </summary>
    /// <returns>Whether each filter was granted; empty where the messages came before the broker's word.</returns>
    private async Task<bool[]> SubscribeAndPrintAsync(
        ParseResult parsed, ManagedMqttClient client, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task printing = PrintAsync(parsed, client, stop.Token);
        Task<bool[]> subscribing = SubscribeAsync(parsed, client, stop.Token);
        try
        {
            if (await Task.WhenAny(printing, subscribing).ConfigureAwait(false) == printing)
            {
                await printing.ConfigureAwait(false);
                // A word that came before the last message is about to be told; one that has not come need not be waited for.
                await ((Task)subscribing).WaitAsync(VerdictGrace, context.Time, stop.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            else if ((await subscribing.ConfigureAwait(false)).Contains(true))
            {
                await printing.ConfigureAwait(false);
            }

            return subscribing.IsCompletedSuccessfully ? await subscribing.ConfigureAwait(false) : [];
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(printing, subscribing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Subscribes, and says for each filter what the broker said.</summary>
    /// <returns>Whether each was granted.</returns>
    private async Task<bool[]> SubscribeAsync(
        ParseResult parsed, ManagedMqttClient client, CancellationToken cancellationToken)
    {
        MqttSubscription[] wanted =
        [
            .. parsed.GetRequiredValue(_filters).Distinct().Select(filter => new MqttSubscription(filter)
            {
                QualityOfService = ClientOptions.Level(parsed.GetValue(_qos)),
            }),
        ];
        client.SubscriptionRefused += (_, result) => context.Error.WriteLine(Verdict(result));
        IReadOnlyList<MqttSubscribeResult> results = await client.SubscribeAsync(wanted, Patience, cancellationToken)
            .ConfigureAwait(false);
        foreach (MqttSubscribeResult result in results)
        {
            await context.Error.WriteLineAsync(Verdict(result)).ConfigureAwait(false);
        }

        return [.. results.Select(result => result.IsGranted)];
    }

    private static string Verdict(MqttSubscribeResult result) => result.IsGranted
        ? $"{SafeText.Show(result.Filter)}: granted at QoS {(int)result.Code}."
        : $"{SafeText.Show(result.Filter)}: refused, {result.Code}.";

    private async Task PrintAsync(ParseResult parsed, ManagedMqttClient client, CancellationToken cancellationToken)
    {
        int left = parsed.GetValue(_count) ?? int.MaxValue;
        bool json = parsed.GetValue(_client.Session.Json);
        await foreach (MqttInboxMessage message in client.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await context.Out.WriteLineAsync(json ? Document(message) : Line(message)).ConfigureAwait(false);
            await context.Out.FlushAsync(cancellationToken).ConfigureAwait(false);
            // Once it is printed: one that is not yet comes again after a crash.
            message.Acknowledge();
            if (--left == 0)
            {
                return;
            }
        }
    }

    private static string Line(MqttInboxMessage message) =>
        $"{SafeText.Show(message.Topic)} {PayloadText.Show(message.Payload.Span)}";

    private static string Document(MqttInboxMessage message) => ToolJson.PrintLine(
        new ReceivedReport(
            message.Topic,
            PayloadText.Decode(message.Payload.Span),
            Convert.ToBase64String(message.Payload.Span),
            (int)message.QualityOfService,
            message.IsRetained,
            message.IsDuplicate),
        json => json.ReceivedReport);
}
