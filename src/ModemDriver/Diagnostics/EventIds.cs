namespace ModemDriver.Diagnostics;

/// <summary>The numbers of the log events; never reused. A retired number stays here as a comment.</summary>
internal static class EventIds
{
    // 1000 transport
    public const int TransportOpened = 1001;
    public const int TransportClosed = 1002;
    public const int TransportReopening = 1003;
    public const int LatencyNotLowered = 1004;

    // 2000 framing
    public const int BytesLost = 2001;

    // 3000 channel
    public const int CommandWritten = 3001;
    public const int CommandCompleted = 3002;
    public const int CommandTimedOut = 3003;
    public const int LateAnswer = 3004;
    public const int Busy = 3005;
    public const int Resynchronised = 3006;
    public const int ChannelBroken = 3007;
    public const int StrayLine = 3008;
    public const int LineReceived = 3009;

    // 4000 lifecycle
    public const int StateChanged = 4001;
    public const int ModuleIdentified = 4002;
    public const int RecoveryAttempt = 4003;
    public const int RecoveryFailed = 4004;
    public const int ProbeStep = 4005;
    public const int BitRateChanged = 4006;
    public const int BitRateNotRestored = 4007;
    public const int RecoverySucceeded = 4008;

    // 5000 links
    public const int LinkOpened = 5001;
    public const int LinkClosed = 5002;
    public const int LinkFaulted = 5003;
    public const int LinkOpenFailed = 5004;
    public const int UnknownLinkClosed = 5005;
    public const int StrayPayload = 5006;
    public const int LinkAccepted = 5011;
    public const int ListenerStarted = 5012;
    public const int ListenerEnded = 5013;
    public const int LinkDisplaced = 5014;
    public const int DatagramDropped = 5015;
    public const int SessionSuspect = 5021;

    // 6000 dialects
    public const int BringUpStepRefused = 6001;
    public const int SettingLost = 6002;

    // 7000 clients and handlers
    public const int HandlerFailed = 7001;
    public const int HandlerQueueFull = 7002;
    public const int ManagedTcpChanged = 7003;

    // 7010 short messages
    public const int MessageUnreadable = 7011;
    public const int MessageUnacknowledged = 7012;
    public const int MessagesDeferred = 7013;

    // 7020 dialogues by codes
    public const int UssdNotCancelled = 7021;

    // 7030 the character set
    public const int CharacterSetNotRestored = 7031;
}
