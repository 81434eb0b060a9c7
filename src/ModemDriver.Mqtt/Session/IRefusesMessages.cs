using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Session;

/// <summary>A Stream behind which not every message can be carried.</summary>
internal interface IRefusesMessages
{
    /// <summary>Why a message would not get through, however often it were sent; <see langword="null"/> if it does.</summary>
    MqttPubAckReasonCode? Refuses(MqttMessage message);
}
