using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ModemDriver.Cli.Output;
using ModemDriver.Mqtt;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary><c>modem mqtt pub</c>: stores messages, and sends them until the broker has them.</summary>
internal sealed class PubVerb(ToolContext context)
{
    private static readonly TimeSpan UsualDrain = TimeSpan.FromSeconds(60);

    private readonly ClientOptions _client = new();

    private readonly BrokerOptions _broker = new(
        context, "pub", "--broker", "The broker, as seen from the module's network.", mayBeOnModule: true);

    private readonly Argument<string> _topic = new("TOPIC") { Description = "The topic; no wildcards." };

    private readonly Option<string?> _message = new("--message", "-m")
    {
        Description = "The payload as text.",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _file = new("--file") { Description = "A file that is the payload.", HelpName = "FILE" };

    private readonly Option<bool> _stdin = new("--stdin")
    {
        Description = "Publishes each line KEY TAB PAYLOAD of standard input, and prints its key once it is stored. A key "
            + "that is already stored is not published a second time, so a run that was cut off can be repeated.",
    };

    private readonly Option<int> _qos = ClientOptions.Qos("How surely: 0 at most once, 1 at least once, 2 exactly once.");

    private readonly Option<bool> _retain = new("--retain") { Description = "The broker keeps the message for later subscribers." };

    private readonly Option<TimeSpan?> _expiry = CommonOptions.Seconds(
        "--expiry", "Seconds after which a message is not worth sending any more.");

    private readonly Option<string?> _outbox = new("--outbox")
    {
        Description = "The file in which messages wait; without it, one for each broker in this user's folder.",
        HelpName = "FILE",
    };

    private readonly Option<TimeSpan?> _drain = CommonOptions.Seconds(
        "--drain", "Seconds without progress that end the run, after the end of the input or while the outbox is full (60 "
            + "unless given).");

    public Command Create()
    {
        var command = new Command(
            "pub", "Publishes: stores messages in a file, and sends them until the broker has them. What is left at the end "
            + "of the run is sent by the next one.")
        {
            _topic, _message, _file, _stdin, _qos, _retain, _expiry, _outbox, _drain,
        };
        _broker.AddTo(command);
        _client.AddTo(command);
        command.Validators.Add(CheckSource);
        VerbRunner.Run(command, context, _client.Session.Timeout, _client.Session.Log, RunAsync);
        return command;
    }

    private void CheckSource(CommandResult result)
    {
        int sources = (result.GetResult(_message) is null ? 0 : 1) + (result.GetResult(_file) is null ? 0 : 1)
            + (result.GetValue(_stdin) ? 1 : 0);
        if (sources != 1)
        {
            result.AddError("Say what to publish with one of --message, --file and --stdin");
        }
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        MqttMessage message = ToMessage(parsed);
        string outbox = OutboxPlace.Of(
            context, parsed.GetValue(_outbox), _broker.NameOf(parsed), _broker.GivenName(parsed));
        var stored = new MqttOutboxOptions { Path = outbox };
        MqttRun run = await MqttRun.OpenAsync(context, _client, parsed, cancellationToken).ConfigureAwait(false);
        await using (run.ConfigureAwait(false))
        {
            ManagedMqttClient client = await run.OpenClientAsync(_client.ToOptions(
                parsed, _broker.ToSource(parsed, run.Modem), _broker.ToSignIn(parsed, outbox)) with
            {
                Outbox = stored,
            }).ConfigureAwait(false);
            long started = context.Time.GetTimestamp();
            try
            {
                await run.WorkAsync(async token =>
                {
                    await StoreAsync(parsed, client, stored, message, token).ConfigureAwait(false);
                    await DrainAsync(parsed, client, token).ConfigureAwait(false);
                }).ConfigureAwait(false);
            }
            finally
            {
                await ReportAsync(parsed, client, outbox, context.Time.GetElapsedTime(started)).ConfigureAwait(false);
            }

            return Judge(client.Statistics);
        }
    }

    private TimeSpan Patience(ParseResult parsed) => parsed.GetValue(_drain) ?? UsualDrain;

    private MqttMessage ToMessage(ParseResult parsed) =>
        new(parsed.GetRequiredValue(_topic), ReadPayload(parsed))
        {
            QualityOfService = ClientOptions.Level(parsed.GetValue(_qos)),
            Retain = parsed.GetValue(_retain),
            Expiry = parsed.GetValue(_expiry),
        };

    private byte[] ReadPayload(ParseResult parsed)
    {
        if (parsed.GetValue(_file) is not string file)
        {
            return System.Text.Encoding.UTF8.GetBytes(parsed.GetValue(_message) ?? "");
        }

        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ExitCode.Usage, $"--file {file} cannot be read: {exception.Message}", exception);
        }
    }

    private async Task StoreAsync(
        ParseResult parsed,
        ManagedMqttClient client,
        MqttOutboxOptions options,
        MqttMessage message,
        CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_stdin))
        {
            await new KeyedInput(context.OpenInput(), context, client, options, message, Patience(parsed))
                .RunAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await client.PublishAsync(message, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DrainAsync(ParseResult parsed, ManagedMqttClient client, CancellationToken cancellationToken)
    {
        TimeSpan limit = Patience(parsed);
        var progress = new DrainProgress(client, limit, context.Time);
        while (true)
        {
            try
            {
                await client.DrainAsync(limit / 8, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException)
            {
                progress.Check();
            }
        }
    }

    private async Task ReportAsync(ParseResult parsed, ManagedMqttClient client, string outbox, TimeSpan elapsed)
    {
        MqttClientStatistics counted = client.Statistics;
        if (counted.Waiting > 0)
        {
            await context.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Still waiting in {outbox}: {Count(counted.Waiting)}. The next run sends what waits.")).ConfigureAwait(false);
        }

        if (parsed.GetValue(_client.Session.Json))
        {
            var report = new PublishReport(
                _broker.NameOf(parsed),
                outbox,
                counted.Accepted,
                counted.Repeated,
                counted.Delivered,
                counted.Refused,
                counted.Expired,
                counted.Dropped,
                counted.Lost,
                counted.Waiting,
                elapsed.TotalSeconds);
            // Standard output has the keys.
            TextWriter writer = parsed.GetValue(_stdin) ? context.Error : context.Out;
            await writer.WriteLineAsync(ToolJson.Print(report, json => json.PublishReport)).ConfigureAwait(false);
        }
    }

    private static ExitCode Judge(MqttClientStatistics counted)
    {
        long gone = counted.Refused + counted.Expired + counted.Dropped + counted.Lost;
        return gone == 0
            ? ExitCode.Ok
            : throw new ToolException(ExitCode.Refused, string.Create(
                CultureInfo.InvariantCulture,
                $"{Count(gone)} did not reach the broker: {counted.Refused} refused, {counted.Expired} expired, "
                + $"{counted.Dropped} dropped, {counted.Lost} lost at QoS 0."));
    }

    private static string Count(long messages) =>
        messages == 1 ? "1 message" : string.Create(CultureInfo.InvariantCulture, $"{messages} messages");
}
