using System.Buffers;
using System.Security.Cryptography;
using ModemDriver.Mqtt;
using ModemDriver.Simulator;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace ModemDriver.EndToEnd.Tests.Mqtt;

/// <summary>A broker that was not written here, over real sockets of this computer.</summary>
public sealed class MosquittoTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Mosquitto_takes_and_returns_every_quality_of_service(MqttProtocolVersion version)
    {
        Mosquitto.SkipUnlessInstalled();
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        await using Mosquitto broker = await Mosquitto.StartAsync(deadline.Token);
        await using MqttModem modem = await MqttModem.StartAsync(new HostNetwork(), deadline.Token);
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        var received = System.Threading.Channels.Channel.CreateUnbounded<MqttApplicationMessage>();
        client.ApplicationMessageReceivedAsync += message =>
        {
            received.Writer.TryWrite(message.ApplicationMessage);
            return Task.CompletedTask;
        };

        await client.ConnectAsync(
            new MqttClientOptionsBuilder()
                .WithProtocolVersion(version).WithModem(modem.Modem, "127.0.0.1", broker.Port).Build(),
            deadline.Token);
        await client.SubscribeAsync("t", MqttQualityOfServiceLevel.ExactlyOnce, deadline.Token);
        foreach (MqttQualityOfServiceLevel level in Enum.GetValues<MqttQualityOfServiceLevel>())
        {
            byte[] payload = RandomNumberGenerator.GetBytes(20_000);
            await client.PublishAsync(
                new MqttApplicationMessageBuilder()
                    .WithTopic("t").WithPayload(payload).WithQualityOfServiceLevel(level).Build(),
                deadline.Token);

            MqttApplicationMessage back = await received.Reader.ReadAsync(deadline.Token);
            Assert.Equal(level, back.QualityOfServiceLevel);
            Assert.Equal(payload, back.Payload.ToArray());
        }

        await client.DisconnectAsync(cancellationToken: deadline.Token);
    }
}
