using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Session;

/// <summary>A Stream behind which not every message can be carried.</summary>
internal interface IRefusesMessages
{
    /// <summary>Why a message would not get through, however often it were sent; <see langword="null"/> if it does.</summary>
    MqttPubAckReasonCode? Refuses(MqttMessage message);

    /// <summary>Whom to tell, from any thread, the topic of a message of QoS 0 that did not get through.</summary>
    void WhenRefused(Action<string> told);
}
