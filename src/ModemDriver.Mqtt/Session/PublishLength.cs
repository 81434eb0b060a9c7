using System.Text;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Session;

/// <summary>How long a PUBLISH is: MQTT 5 section 3.3; one of MQTT 3.1.1 is the same without properties.</summary>
internal static class PublishLength
{
    /// <summary>The longest packet that can be announced, with its first byte and the four of its length.</summary>
    public const long Highest = 268_435_455 + 5;

    /// <summary>The whole packet of MQTT 5, in bytes.</summary>
    /// <param name="message">The message.</param>
    /// <param name="expiry">Where one is sent.</param>
    public static long Of(MqttMessage message, TimeSpan? expiry)
    {
        long properties = expiry is null ? 0 : 1 + 4;
        properties += Property(message.ContentType) + Property(message.ResponseTopic);
        properties += message.CorrelationData.IsEmpty ? 0 : 1 + 2 + message.CorrelationData.Length;
        foreach (MqttProperty pair in message.Properties)
        {
            properties += 1 + Text(pair.Name) + Text(pair.Value);
        }

        long rest = Text(message.Topic)
            + (message.QualityOfService == MqttQualityOfServiceLevel.AtMostOnce ? 0 : 2)
            + Number(properties) + properties + message.Payload.Length;
        return 1 + Number(rest) + rest;
    }

    private static long Property(string? text) => text is null ? 0 : 1 + Text(text);

    private static long Text(string text) => 2 + Encoding.UTF8.GetByteCount(text);

    // 1.5.5: seven bits a byte.
    private static int Number(long value) => value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;
}
