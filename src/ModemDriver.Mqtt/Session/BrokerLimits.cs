using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Session;

/// <summary>What a broker said about itself in CONNACK; with MQTT 3.1.1, nothing.</summary>
/// <param name="Window">How many messages may await acknowledgement.</param>
/// <param name="KeepAlive">The keep-alive that holds.</param>
/// <param name="MaxPacketBytes">The largest packet that it takes.</param>
/// <param name="MaxLevel">The highest QoS that it takes.</param>
/// <param name="TakesRetained">Whether it keeps messages.</param>
internal sealed record BrokerLimits(
    int Window,
    TimeSpan KeepAlive,
    long MaxPacketBytes,
    MqttQualityOfServiceLevel MaxLevel,
    bool TakesRetained)
{
    /// <summary>Reads CONNACK (MQTT 5 section 3.2.2.3); a field that is missing has the standard's default.</summary>
    public static BrokerLimits Read(MqttConnAckPacket answer, ManagedMqttOptions options)
    {
        if (options.ProtocolVersion != MqttProtocolVersion.V500)
        {
            return new BrokerLimits(
                options.MaxInFlight, options.KeepAlive, long.MaxValue, MqttQualityOfServiceLevel.ExactlyOnce, true);
        }

        return new BrokerLimits(
            answer.ReceiveMaximum == 0 ? options.MaxInFlight : Math.Min(options.MaxInFlight, answer.ReceiveMaximum),
            // 0 also stands for "not given" in the codec; a broker that means 0 ("no keep-alive") is pinged nevertheless.
            answer.ServerKeepAlive == 0 ? options.KeepAlive : TimeSpan.FromSeconds(answer.ServerKeepAlive),
            answer.MaximumPacketSize == 0 ? long.MaxValue : answer.MaximumPacketSize,
            answer.MaximumQoS,
            answer.RetainAvailable);
    }

    /// <summary>Why the broker would close the connection at a message; <see langword="null"/> where it takes it.</summary>
    public MqttPubAckReasonCode? Refuses(MqttMessage message, TimeSpan? expiry) =>
        MaxPacketBytes != long.MaxValue && PublishLength.Of(message, expiry) > MaxPacketBytes
            ? MqttPubAckReasonCode.QuotaExceeded
        : message.QualityOfService > MaxLevel || (message.Retain && !TakesRetained)
            ? MqttPubAckReasonCode.ImplementationSpecificError
            : null;
}
