namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>How a generation of the firmware words things. Two tables, <see cref="NonOs"/> and <see cref="EspAt"/>;
/// versions vary them.</summary>
/// <remarks>Formats after the published AT libraries' own strings, and the vendor's AT command manuals.</remarks>
internal sealed record WireForms
{
    internal static WireForms EspAt { get; } = new();

    internal static WireForms NonOs { get; } = new()
    {
        EchoesCarriageReturnAlone = true,
        LengthPrompt = "\r\nOK\r\n> ",
        BusySending = "\r\nbusy s...\r\n",
        JoinFailureEnd = "\r\nFAIL\r\n",
        SaysReasons = true,
        SendFail = "SEND FAIL\r\n",
        QuitText = "+QUITT\r\n",
        BootConnectFailure = "CONNECT FAIL\r\n",
        QuotesPeerAddress = false,
        PassiveReadHeader = "\r\n+CIPRECVDATA,{0}:",
        PassiveReadShowsPeer = false,
        LengthOfClosedLink = "0",
        HoldsOnlyTcp = true,
        LengthsEnd = "",
        ListsAllLengths = true,
        TrueWord = "TRUE",
        FalseWord = "FALSE",
        DhcpStationBit = 1,
        PingAnswer = "+{0}\r\n",
        PingTimeout = "+timeout\r\n",
        QuotesDomain = false,
        LightSleep = 1,
        ModemSleep = 2,
        MaxSleep = 2,
        JoinTail = [JoinField.ProtectedOnly],
        IdleTimeoutNeedsServer = true,
        ScanFrequencies = "32767,0",
        RamFields = 1,
        PrintsUnsetStoredRateAsZeros = true,
        EchoesEmptyLine = false,
        DhcpTimeout = "DHCP TIMEOUT\r\n",
        ReconnectsByItself = true,
        CountsFrom1970 = false,
        StationPrefix = "",
        RepeatsSleepTime = false,
    };

    internal bool EchoesCarriageReturnAlone { get; init; }

    internal bool EchoesEmptyLine { get; init; } = true;

    internal string LengthPrompt { get; init; } = "\r\nOK\r\n\r\n>";

    internal string BusyProcessing { get; init; } = "\r\nbusy p...\r\n";

    /// <summary>The refusal between the last payload byte and the verdict.</summary>
    internal string BusySending { get; init; } = "\r\nbusy p...\r\n";

    internal string JoinFailureEnd { get; init; } = "\r\nERROR\r\n";

    /// <summary>Whether the reason of a failure is part of the answer; else it is a line of the log.</summary>
    internal bool SaysReasons { get; init; }

    internal string SendFail { get; init; } = "\r\nSEND FAIL\r\n";

    /// <summary>Transparent mode was left; said where AT+SYSMSG wants it.</summary>
    internal string QuitText { get; init; } = "\r\n+QUITT\r\n";

    /// <summary>The stored link of transparent mode did not come up.</summary>
    internal string BootConnectFailure { get; init; } = "";

    internal bool QuotesPeerAddress { get; init; } = true;

    /// <summary>{0} is the number of bytes, {1} that of the link.</summary>
    internal string PassiveReadHeader { get; init; } = "+CIPRECVDATA:{0},";

    internal bool PassiveReadShowsPeer { get; init; } = true;

    /// <summary>Whether passive mode is for TCP, and not for UDP and TLS.</summary>
    internal bool HoldsOnlyTcp { get; init; }

    internal string LengthOfClosedLink { get; init; } = "-1";

    internal string LengthsEnd { get; init; } = "\r\n";

    internal bool ListsAllLengths { get; init; }

    internal string TrueWord { get; init; } = "true";

    internal string FalseWord { get; init; } = "false";

    /// <summary>The bit of the station in +CWDHCP; the SoftAP has the other one.</summary>
    internal int DhcpStationBit { get; init; }

    internal string PingAnswer { get; init; } = "+PING:{0}\r\n";

    internal string PingTimeout { get; init; } = "+PING:TIMEOUT\r\n";

    internal bool QuotesDomain { get; init; } = true;

    internal int ModemSleep { get; init; } = 1;

    internal int LightSleep { get; init; } = 2;

    internal int MaxSleep { get; init; } = 3;

    /// <summary>What stands behind the signal strength in +CWJAP.</summary>
    internal IReadOnlyList<JoinField> JoinTail { get; init; } =
        [JoinField.ProtectedOnly, JoinField.ReconnectInterval, JoinField.ListenInterval, JoinField.ScanMode,
            JoinField.ProtectedFrames];

    /// <summary>What CWJAP takes behind the BSSID, in order.</summary>
    internal IReadOnlyList<JoinField> JoinOptions { get; init; } = [];

    internal bool IdleTimeoutNeedsServer { get; init; }

    internal string ScanFrequencies { get; init; } = "-1,-1";

    internal int RamFields { get; init; } = 2;

    internal bool PrintsUnsetStoredRateAsZeros { get; init; }

    internal string DhcpTimeout { get; init; } = "";

    /// <summary>Whether a lost access point is sought for ever, without any setting.</summary>
    internal bool ReconnectsByItself { get; init; }

    /// <summary>What stands before a station of the SoftAP.</summary>
    internal string StationPrefix { get; init; } = "+CWLIF:";

    /// <summary>Whether AT+GSLP prints its parameter.</summary>
    internal bool RepeatsSleepTime { get; init; } = true;

    /// <summary>Whether time runs on from the beginning of 1970 before it is set; else it stands there.</summary>
    internal bool CountsFrom1970 { get; init; } = true;

    /// <summary>What is said each time that a time server has answered.</summary>
    internal string TimeUpdated { get; init; } = "";

    /// <summary>Whether AT+CIPSNTPCFG? shows the zone while it is off.</summary>
    internal bool ShowsZoneOfIdleSntp { get; init; }
}

/// <summary>A field of AT+CWJAP.</summary>
internal enum JoinField
{
    /// <summary>pci_en: refuse open and WEP networks.</summary>
    ProtectedOnly,

    /// <summary>Seconds between attempts to come back.</summary>
    ReconnectInterval,

    /// <summary>Beacons between listening.</summary>
    ListenInterval,

    /// <summary>Fast, or all channels.</summary>
    ScanMode,

    /// <summary>Seconds until the join gives up.</summary>
    Timeout,

    /// <summary>pmf: protected management frames.</summary>
    ProtectedFrames,
}
