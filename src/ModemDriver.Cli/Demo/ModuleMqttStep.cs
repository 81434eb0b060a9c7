using System.Net;

namespace ModemDriver.Cli.Demo;

/// <summary>MQTT by the client inside the module, to a broker of this host, and back.</summary>
internal static class ModuleMqttStep
{
    private const string Topic = "modem-demo/tour";

    /// <summary>Publishes every value of a byte at each quality of service, and receives it.</summary>
    public static async Task<DemoOutcome> RunAsync(Modem modem, CancellationToken cancellationToken)
    {
        byte[] payload = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        DemoBroker broker = await DemoBroker.StartAsync(IPAddress.Loopback).ConfigureAwait(false);
        await using (broker.ConfigureAwait(false))
        {
            IModuleMqttClient mqtt = await modem.ConnectModuleMqttAsync(
                new ModuleMqttOptions(IPAddress.Loopback.ToString(), "modem-tour") { Port = broker.Port }, cancellationToken)
                .ConfigureAwait(false);
            await using (mqtt.ConfigureAwait(false))
            {
                await mqtt.SubscribeAsync(Topic, ModuleMqttQos.ExactlyOnce, cancellationToken).ConfigureAwait(false);
                ModuleMqttQos[] levels = Enum.GetValues<ModuleMqttQos>();
                foreach (ModuleMqttQos qos in levels)
                {
                    await mqtt.PublishAsync(Topic, payload, qos, cancellationToken: cancellationToken).ConfigureAwait(false);
                }

                await CompareAsync(mqtt, payload, levels.Length, cancellationToken).ConfigureAwait(false);
                return new DemoOutcome(
                    "all 256 byte values were published at QoS 0, 1 and 2 by the module's own client, and came back",
                    2L * levels.Length * payload.Length);
            }
        }
    }

    private static async Task CompareAsync(
        IModuleMqttClient mqtt, byte[] payload, int left, CancellationToken cancellationToken)
    {
        await foreach (ModuleMqttMessage message in mqtt.ReadMessagesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (message.Topic != Topic || !message.Payload.Span.SequenceEqual(payload))
            {
                throw new DemoFailedException($"Another message came back: {message}.");
            }

            if (--left == 0)
            {
                return;
            }
        }
    }
}
