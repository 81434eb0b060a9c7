using System.Globalization;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.CrashChild;

/// <summary>
/// Publishes numbers through an outbox in a file and prints each once it is stored. The crash test kills it and starts it
/// again at the first number that was not printed.
/// </summary>
internal static class Program
{
    // Far longer than a run that is not killed takes.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <param name="args">The broker's port, the file, the QoS, the first number, the number of numbers.</param>
    private static async Task<int> Main(string[] args)
    {
        int[] numbers = [.. args.Where((_, i) => i != 1).Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        (int port, int level, int first, int count) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        ManagedMqttOptions options = new(MqttStreamSource.ForTcp("127.0.0.1", port), MqttSignIn.Anonymous("crash-child"))
        {
            Outbox = new MqttOutboxOptions { Path = args[1] },
            Reconnect = new MqttReconnectOptions { FirstDelay = TimeSpan.FromMilliseconds(50) },
        };
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(options);
        for (int i = first; i < count; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            await client.PublishAsync(new MqttMessage("numbers", number)
            {
                QualityOfService = (MqttQualityOfServiceLevel)level,
                Key = number,
            });
            await Console.Out.WriteLineAsync(number);
        }

        await client.DrainAsync(Limit);
        await Console.Out.WriteLineAsync("drained");
        return 0;
    }
}
