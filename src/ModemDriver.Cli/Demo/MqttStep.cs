using System.Buffers;
using System.Security.Cryptography;
using System.Threading.Channels;
using ModemDriver.Mqtt;
using MQTTnet;
using MQTTnet.Protocol;

namespace ModemDriver.Cli.Demo;

/// <summary>MQTT both ways at each quality of service: one client over the modem, one over this host's own network.</summary>
internal sealed class MqttStep(Modem modem, DemoServers servers, TimeProvider time)
{
    private const int PayloadBytes = 2048;

    private static readonly MqttQualityOfServiceLevel[] Levels =
    [
        MqttQualityOfServiceLevel.AtMostOnce, MqttQualityOfServiceLevel.AtLeastOnce, MqttQualityOfServiceLevel.ExactlyOnce,
    ];

    public async Task<DemoOutcome> RunAsync(CancellationToken cancellationToken)
    {
        BrokerAddress broker = servers.Mqtt;
        var factory = new MqttClientFactory();
        using IMqttClient overModem = factory.CreateMqttClient();
        using IMqttClient overHost = factory.CreateMqttClient();
        ChannelReader<MqttApplicationMessage> atModem = Collect(overModem);
        ChannelReader<MqttApplicationMessage> atHost = Collect(overHost);

        await ConnectAsync(
            overModem, new MqttClientOptionsBuilder().WithModem(modem, broker.Host, broker.Port), cancellationToken)
            .ConfigureAwait(false);
        await ConnectAsync(
            overHost, new MqttClientOptionsBuilder().WithTcpServer(broker.Host, broker.Port), cancellationToken)
            .ConfigureAwait(false);

        // A topic of this run's own: a broker given by --broker has other users.
        string root = $"modem-demo/{Guid.NewGuid():n}";
        await SubscribeAsync(overModem, $"{root}/down/#", cancellationToken).ConfigureAwait(false);
        await SubscribeAsync(overHost, $"{root}/up/#", cancellationToken).ConfigureAwait(false);
        foreach (MqttQualityOfServiceLevel level in Levels)
        {
            await ExchangeAsync(overModem, atHost, $"{root}/up/{(int)level}", level, cancellationToken)
                .ConfigureAwait(false);
            await ExchangeAsync(overHost, atModem, $"{root}/down/{(int)level}", level, cancellationToken)
                .ConfigureAwait(false);
        }

        await overModem.DisconnectAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await overHost.DisconnectAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return new DemoOutcome(
            $"QoS 0, 1 and 2 published and received, payloads equal ({broker.Host}:{broker.Port})",
            Levels.Length * 2L * PayloadBytes);
    }

    private static ChannelReader<MqttApplicationMessage> Collect(IMqttClient client)
    {
        var messages = System.Threading.Channels.Channel.CreateBounded<MqttApplicationMessage>(16);
        client.ApplicationMessageReceivedAsync += async received =>
            await messages.Writer.WriteAsync(received.ApplicationMessage).ConfigureAwait(false);
        return messages.Reader;
    }

    private static async Task ConnectAsync(
        IMqttClient client, MqttClientOptionsBuilder options, CancellationToken cancellationToken)
    {
        MqttClientConnectResult result = await client.ConnectAsync(options.Build(), cancellationToken)
            .ConfigureAwait(false);
        if (result.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw new DemoFailedException($"The broker refused the connection: {result.ResultCode}.");
        }
    }

    private static Task<MqttClientSubscribeResult> SubscribeAsync(IMqttClient client, string topic, CancellationToken cancellationToken) =>
        client.SubscribeAsync(topic, MqttQualityOfServiceLevel.ExactlyOnce, cancellationToken);

    private async Task ExchangeAsync(
        IMqttClient from,
        ChannelReader<MqttApplicationMessage> to,
        string topic,
        MqttQualityOfServiceLevel level,
        CancellationToken cancellationToken)
    {
        byte[] payload = RandomNumberGenerator.GetBytes(PayloadBytes);
        await from.PublishAsync(
            new MqttApplicationMessageBuilder()
                .WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(level).Build(),
            cancellationToken).ConfigureAwait(false);

        MqttApplicationMessage received = await to.ReadAsync(cancellationToken).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(20), time, cancellationToken).ConfigureAwait(false);
        if (received.Topic != topic || received.QualityOfServiceLevel != level
            || !received.Payload.ToArray().AsSpan().SequenceEqual(payload))
        {
            throw new DemoFailedException(
                $"Published {topic} at QoS {(int)level}, received {received.Topic} at QoS "
                + $"{(int)received.QualityOfServiceLevel} with {received.Payload.Length} bytes.");
        }
    }
}
