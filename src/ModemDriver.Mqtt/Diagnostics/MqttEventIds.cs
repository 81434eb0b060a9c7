namespace ModemDriver.Mqtt.Diagnostics;

/// <summary>The numbers of the log events of this project, in the range of the clients; never reused.</summary>
internal static class MqttEventIds
{
    public const int ClientStateChanged = 7101;
    public const int SessionBegun = 7102;
    public const int PacketSent = 7103;
    public const int PacketReceived = 7104;
    public const int StrayAnswer = 7105;
    public const int MessageRefused = 7106;
    public const int MessageMissing = 7107;
    public const int SubscriptionRefused = 7108;
    public const int StreamHangs = 7109;
    public const int OutboxOpened = 7110;
    public const int OutboxSweepFailed = 7111;
    public const int ClientHandlerFailed = 7112;
    public const int ClientFailed = 7113;
    public const int UnansweredRefused = 7114;
}
