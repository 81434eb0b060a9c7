namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Why an MQTT command failed, in the low half of an <see cref="ErrorCode.ExecutionFailed"/>: user guide, "MQTT AT
/// error codes"; a whole one is in esp-at issue 867.</summary>
internal static class MqttError
{
    internal const int NotConfigured = ErrorCode.ExecutionFailed | 0x6001;
    internal const int WrongState = ErrorCode.ExecutionFailed | 0x6002;
    internal const int Uninitialised = ErrorCode.ExecutionFailed | 0x6003;
    internal const int AlreadyConnected = ErrorCode.ExecutionFailed | 0x6004;
    internal const int Count = ErrorCode.ExecutionFailed | 0x6008;
    internal const int TlsSettings = ErrorCode.ExecutionFailed | 0x6009;
    internal const int StartFailed = ErrorCode.ExecutionFailed | 0x600B;
    internal const int PublishFailed = ErrorCode.ExecutionFailed | 0x600C;
    internal const int SubscribeFailed = ErrorCode.ExecutionFailed | 0x600D;
    internal const int UnsubscribeFailed = ErrorCode.ExecutionFailed | 0x600E;
    internal const int LinkId = ErrorCode.ExecutionFailed | 0x6011;
    internal const int Scheme = ErrorCode.ExecutionFailed | 0x6013;
    internal const int NoClientId = ErrorCode.ExecutionFailed | 0x6015;
    internal const int ClientIdLength = ErrorCode.ExecutionFailed | 0x6016;
    internal const int UserNameLength = ErrorCode.ExecutionFailed | 0x6019;
    internal const int PasswordLength = ErrorCode.ExecutionFailed | 0x601C;
    internal const int ClientSlot = ErrorCode.ExecutionFailed | 0x601E;
    internal const int AuthoritySlot = ErrorCode.ExecutionFailed | 0x6020;
    internal const int PathLength = ErrorCode.ExecutionFailed | 0x6029;
    internal const int KeepAlive = ErrorCode.ExecutionFailed | 0x602D;
    internal const int CleanSession = ErrorCode.ExecutionFailed | 0x602F;
    internal const int WillTopicLength = ErrorCode.ExecutionFailed | 0x6032;
    internal const int WillMessageLength = ErrorCode.ExecutionFailed | 0x6035;
    internal const int WillQos = ErrorCode.ExecutionFailed | 0x6037;
    internal const int WillRetain = ErrorCode.ExecutionFailed | 0x6039;
    internal const int HostLength = ErrorCode.ExecutionFailed | 0x603C;
    internal const int Port = ErrorCode.ExecutionFailed | 0x603E;
    internal const int Reconnect = ErrorCode.ExecutionFailed | 0x6040;
    internal const int NoTopic = ErrorCode.ExecutionFailed | 0x6042;
    internal const int TopicLength = ErrorCode.ExecutionFailed | 0x6043;
    internal const int DataLength = ErrorCode.ExecutionFailed | 0x6046;
    internal const int Qos = ErrorCode.ExecutionFailed | 0x6048;
    internal const int Retain = ErrorCode.ExecutionFailed | 0x604A;
    internal const int PublishLength = ErrorCode.ExecutionFailed | 0x604C;
    internal const int Disconnected = ErrorCode.ExecutionFailed | 0x6051;
}
