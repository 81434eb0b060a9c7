using System.Threading.Channels;
using ModemDriver.Mqtt;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary>Stores each line of the input as a message, and prints its key once it is stored.</summary>
/// <remarks>While the outbox is full the input waits, as long as messages reach the broker.</remarks>
internal sealed class KeyedInput(
    Stream input,
    ToolContext context,
    ManagedMqttClient client,
    MqttOutboxOptions outbox,
    MqttMessage pattern,
    TimeSpan patience)
{
    // How long the input stands still when the outbox is full.
    private static readonly TimeSpan FullPause = TimeSpan.FromSeconds(1);

    // How many lines may wait for the disk: enough for one write of it to serve many, little enough to hold in memory.
    private const int LinesAhead = 256;

    private readonly Channel<(string Key, Task<MqttReceipt> Storing)> _accepted =
        System.Threading.Channels.Channel.CreateBounded<(string, Task<MqttReceipt>)>(LinesAhead);

    /// <summary>Until the end of the input.</summary>
    /// <exception cref="ToolException">A line is wrong; those before it are stored and printed.</exception>
    /// <exception cref="MqttOutboxException">The outbox did not take one; those before it are stored and printed.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // A read of standard input cannot be cancelled; on a thread of the pool it does not hold up the end.
        _ = Task.Run(() => ReadAsync(stop.Token), stop.Token);
        try
        {
            await PrintAsync(stop.Token).ConfigureAwait(false);
        }
        finally
        {
            // The reading is not waited for: it may stand in a read of standard input.
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (KeyedLine line in KeyedLines.ReadAsync(input, cancellationToken).ConfigureAwait(false))
            {
                Task<MqttReceipt> storing = await StoreAsync(
                    pattern with { Key = line.Key, Payload = line.Payload }, cancellationToken).ConfigureAwait(false);
                await _accepted.Writer.WriteAsync((line.Key, storing), cancellationToken).ConfigureAwait(false);
            }

            _accepted.Writer.Complete();
        }
#pragma warning disable CA1031 // Handed to whoever prints, after the lines before it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _accepted.Writer.Complete(failure);
        }
    }

    // With room in the outbox, a line does not wait for the disk before the next one is stored. Without, it waits for room by
    // itself, so that none behind it is stored first.
    private async Task<Task<MqttReceipt>> StoreAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        MqttClientStatistics counted = client.Statistics;
        if (counted.Waiting < outbox.MaxMessages
            && counted.WaitingBytes + message.Payload.Length + message.Topic.Length * 3 <= outbox.MaxBytes)
        {
            return client.PublishAsync(message, cancellationToken).AsTask();
        }

        DrainProgress? progress = null;
        while (true)
        {
            try
            {
                return Task.FromResult(await client.PublishAsync(message, cancellationToken).ConfigureAwait(false));
            }
            catch (MqttOutboxException full) when (
                full.Reason == MqttOutboxFailure.LimitReached && client.Statistics.Waiting > 0)
            {
                if (progress is null)
                {
                    progress = new DrainProgress(client, patience, context.Time);
                    await context.Error.WriteLineAsync($"The input waits: {full.Message}").ConfigureAwait(false);
                }

                progress.Check();
                await Task.Delay(FullPause, context.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // In the order of the lines, each by itself: what has been printed is stored, whatever happens to this process.
    private async Task PrintAsync(CancellationToken cancellationToken)
    {
        await foreach ((string key, Task<MqttReceipt> storing) in _accepted.Reader.ReadAllAsync(cancellationToken)
                           .ConfigureAwait(false))
        {
            await storing.ConfigureAwait(false);
            await context.Out.WriteLineAsync(key).ConfigureAwait(false);
            await context.Out.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
