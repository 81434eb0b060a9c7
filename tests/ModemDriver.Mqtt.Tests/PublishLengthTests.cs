using ModemDriver.Mqtt.Session;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>The length of a PUBLISH, against what the codec makes.</summary>
public sealed class PublishLengthTests
{
    public static TheoryData<MqttMessage> Messages() =>
    [
        new MqttMessage("a", ""),
        new MqttMessage("a", "x") { QualityOfService = MqttQualityOfServiceLevel.AtMostOnce },
        new MqttMessage("a", "x") { Expiry = TimeSpan.FromMinutes(1) },
        new MqttMessage("a", new byte[200]) { ContentType = "text/plain", ResponseTopic = "antwort/ü" },
        new MqttMessage("a", new byte[20_000]) { CorrelationData = new byte[300] },
        new MqttMessage("温度", new byte[3_000_000]) { Properties = [new MqttProperty("单位", "度"), new MqttProperty("", "")] },
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void It_is_that_of_the_packet(MqttMessage message)
    {
        MqttPublishPacket packet = ConnectPackets.Publish(
            message,
            (ushort)(message.QualityOfService == MqttQualityOfServiceLevel.AtMostOnce ? 0 : 7),
            isDuplicate: false,
            message.Expiry);
        MqttPacketFormatterAdapter codec = new(MqttProtocolVersion.V500, new MqttBufferWriter(4096, 65_535));

        Assert.Equal(codec.Encode(packet).Length, PublishLength.Of(message, message.Expiry));
    }

    [Fact]
    public void A_broker_is_given_what_fits_to_the_byte()
    {
        MqttMessage message = new("a", new byte[100]) { Properties = [new MqttProperty("单位", "度")] };
        long length = PublishLength.Of(message, null);
        BrokerLimits limits = BrokerLimits.Read(
            new MqttConnAckPacket { MaximumPacketSize = (uint)length, MaximumQoS = MqttQualityOfServiceLevel.ExactlyOnce },
            new ManagedMqttOptions(MqttStreamSource.ForTcp("x"), MqttSignIn.Anonymous("x"))
            {
                ProtocolVersion = MqttProtocolVersion.V500,
            });

        Assert.Null(limits.Refuses(message, null));
        Assert.Equal(
            MqttPubAckReasonCode.QuotaExceeded, limits.Refuses(message with { Payload = new byte[101] }, null));
    }
}
