using System.Threading.Channels;
using ModemDriver.Mqtt;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary>Stores each line of the input as a message, and prints its key once it is stored.</summary>
internal sealed class KeyedInput(Stream input, TextWriter output, ManagedMqttClient client, MqttMessage pattern)
{
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
                Task<MqttReceipt> storing = client.PublishAsync(
                    pattern with { Key = line.Key, Payload = line.Payload }, cancellationToken).AsTask();
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

    // In the order of the lines, each by itself: what has been printed is stored, whatever happens to this process.
    private async Task PrintAsync(CancellationToken cancellationToken)
    {
        await foreach ((string key, Task<MqttReceipt> storing) in _accepted.Reader.ReadAllAsync(cancellationToken)
                           .ConfigureAwait(false))
        {
            await storing.ConfigureAwait(false);
            await output.WriteLineAsync(key).ConfigureAwait(false);
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
