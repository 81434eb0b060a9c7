using ModemDriver.Mqtt;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary>One direction of a bridge.</summary>
internal sealed class BridgeWay(
    ManagedMqttClient from, ManagedMqttClient to, string[] filters, ToolContext context)
{
    // How long the way stands still when the other side's outbox is full.
    private static readonly TimeSpan FullPause = TimeSpan.FromSeconds(1);

    private long _passed;

    /// <summary>How many messages the other side's outbox has taken.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    /// <summary>Passes on what comes, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (MqttInboxMessage message in from.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            // A session may have subscriptions of an earlier run, with other filters.
            if (filters.Any(filter => TopicFilters.Matches(filter, message.Topic)))
            {
                await PassAsync(message, cancellationToken).ConfigureAwait(false);
                Interlocked.Increment(ref _passed);
            }

            // Once it is stored on the other side: one that is not yet comes again after a crash.
            message.Acknowledge();
        }
    }

    private async Task PassAsync(MqttInboxMessage message, CancellationToken cancellationToken)
    {
        var copy = new MqttMessage(message.Topic, message.Payload)
        {
            QualityOfService = message.QualityOfService,
            Retain = message.IsRetained,
            ContentType = message.ContentType,
            ResponseTopic = message.ResponseTopic,
            CorrelationData = message.CorrelationData,
            Properties = message.Properties,
        };
        bool isTold = false;
        while (true)
        {
            try
            {
                await to.PublishAsync(copy, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (MqttOutboxException full) when (full.Reason == MqttOutboxFailure.LimitReached)
            {
                if (!isTold)
                {
                    isTold = true;
                    await context.Error.WriteLineAsync($"The bridge waits: {full.Message}").ConfigureAwait(false);
                }

                await Task.Delay(FullPause, context.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
