namespace ModemDriver.Simulator.Network.Mqtt;

/// <summary>The kinds of MQTT packets, by the number in their first byte: MQTT 3.1.1, section 2.2.1.</summary>
internal enum MqttPacketType
{
    Connect = 1,
    ConnectAcknowledge = 2,
    Publish = 3,
    PublishAcknowledge = 4,
    PublishReceived = 5,
    PublishRelease = 6,
    PublishComplete = 7,
    Subscribe = 8,
    SubscribeAcknowledge = 9,
    Unsubscribe = 10,
    UnsubscribeAcknowledge = 11,
    PingRequest = 12,
    PingResponse = 13,
    Disconnect = 14,
}
