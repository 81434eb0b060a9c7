using MQTTnet.Packets;

namespace ModemDriver.Mqtt.Diagnostics;

/// <summary>Packets as text for the trace: never a payload, a user name or a password.</summary>
internal static class PacketText
{
    /// <summary>Kind, identifier, and what tells packets of a kind apart.</summary>
    public static string Of(MqttPacket packet) => packet switch
    {
        MqttConnectPacket connect =>
            $"CONNECT keep-alive {connect.KeepAlivePeriod} s, {(connect.CleanSession ? "clean" : "persistent")}",
        MqttConnAckPacket answer =>
            $"CONNACK {answer.ReasonCode}/{answer.ReturnCode}, session {(answer.IsSessionPresent ? "present" : "new")}",
        MqttPublishPacket publish =>
            $"PUBLISH {publish.PacketIdentifier} {publish.Topic} QoS {(int)publish.QualityOfServiceLevel}"
            + $"{(publish.Dup ? " DUP" : "")}{(publish.Retain ? " retain" : "")}, {publish.Payload.Length} bytes",
        MqttSubscribePacket subscribe => $"SUBSCRIBE {subscribe.PacketIdentifier}, {subscribe.TopicFilters.Count} filters",
        MqttSubAckPacket answer => $"SUBACK {answer.PacketIdentifier} {string.Join(' ', answer.ReasonCodes ?? [])}",
        MqttUnsubscribePacket unsubscribe =>
            $"UNSUBSCRIBE {unsubscribe.PacketIdentifier}, {unsubscribe.TopicFilters.Count} filters",
        MqttPubAckPacket answer => $"PUBACK {answer.PacketIdentifier} {answer.ReasonCode}",
        MqttPubRecPacket answer => $"PUBREC {answer.PacketIdentifier} {answer.ReasonCode}",
        MqttPacketWithIdentifier other => $"{other.GetRfcName()} {other.PacketIdentifier}",
        _ => packet.GetRfcName(),
    };
}
