namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The firmware releases, each as a variation of its generation.</summary>
internal static class EspAtProfiles
{
    // What a release lacks, of the commands that the simulator has. After the command strings of the published AT
    // libraries 2.0.0, 2.1.0, 2.2.1 and 2.3.0 and of the NonOS SDK.
    private static readonly string[] OnlyFrom21 =
    [
        "CIPTCPOPT", "SYSLOG", "SYSSTORE", "MQTTUSERCFG", "MQTTCLIENTID", "MQTTUSERNAME", "MQTTPASSWORD", "MQTTCONNCFG",
        "MQTTCONN", "MQTTPUB", "MQTTPUBRAW", "MQTTSUB", "MQTTUNSUB", "MQTTCLEAN",
    ];

    private static readonly string[] OnlyFrom22 = ["CWSTATE", "CWRECONNCFG", "CIPV6", "CMD"];
    private static readonly string[] OnlyFrom23 =
        ["CIPSTATE", "MQTTLONGCLIENTID", "MQTTLONGUSERNAME", "MQTTLONGPASSWORD"];


    private static readonly string[] NeverOnNonOs = ["CIPSTARTEX", "CIPRECONNINTV", "CWQIF"];
    private static readonly string[] Passive = ["CIPRECVMODE", "CIPRECVDATA", "CIPRECVLEN"];
    private static readonly string[] NonOsOnly = ["UART", "IPR"];
    private static readonly string[] NeverOnEsp8266 = ["CIPSNTPINTV", "TRANSINTVL", "MQTTSNI", "MQTTALPN"];
    private static readonly string[] NotYetIn20 = ["CWCOUNTRY"];
    private static readonly string[] OnlyEspAt = ["SYSTIMESTAMP", "CWSTAPROTO", "CWAPPROTO"];

    private static readonly HashSet<string> NoSettings = [];

    private static readonly HashSet<string> NonOsSettings =
        ["CWMODE", "CWJAP", "CWDHCP", "CIPSTA", "CIPSTAMAC", "CIPDNS", "SYSMSG",
            "CWSAP", "CWDHCPS", "CIPAP", "CIPAPMAC", "CWCOUNTRY"];

    internal static EspAtProfile EspAt22 { get; } = new()
    {
        Name = "esp-at",
        Links = LinkFeatures.EspAt22,
        Description = "ESP8266 with ESP-AT 2.2.1, on its own AT pins",
        Identity = "AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)\r\n"
            + "SDK version:v3.4-22-g967752e2\r\n"
            + "compile time(6800286):Aug  6 2021 17:19:36\r\n"
            + "Bin version:2.2.1(WROOM-02)\r\n",
        Absent = Set(OnlyFrom23, NonOsOnly, NeverOnEsp8266),
        CurDefSettings = NoSettings,
        BitRateClock = 80_000_000,
        Wire = WireForms.EspAt with
        {
            JoinOptions = [JoinField.ProtectedOnly, JoinField.ReconnectInterval, JoinField.ListenInterval,
                JoinField.ScanMode, JoinField.Timeout, JoinField.ProtectedFrames],
        },
    };

    internal static EspAtProfile NonOs17 { get; } = new()
    {
        Name = "esp-at-1.7",
        Links = LinkFeatures.NonOs,
        Description = "ESP8266 with AT 1.7.4 on the NonOS SDK 3.0.4",
        Identity = "AT version:1.7.4.0(May 11 2020 19:13:04)\r\n"
            + "SDK version:3.0.4(9532ceb)\r\n"
            + "compile time:May 27 2020 10:12:17\r\n"
            + "Bin version(Wroom 02):1.7.4",
        Absent = Set(OnlyFrom21, OnlyFrom22, OnlyFrom23, NeverOnNonOs, NeverOnEsp8266, OnlyEspAt),
        CurDefSettings = NonOsSettings,
        CurDefOnly = Set(["SYSMSG", "CIPDNS", "CWCOUNTRY"]),
        Wire = WireForms.NonOs with { JoinOptions = [JoinField.ProtectedOnly] },
        SwitchDefaults = NonOsSwitches("early"),
        MaxReadBytes = 2048,
        LowestWiFiMode = 1,
        ZoneHours = (-11, 13),
        PowerRange = (0, 82),
        PowerLevels = [],
        ZoneHasMinutes = false,
        HighestSysMsg = 3,
        AcceptsLocalAddress = false,
    };

    internal static EspAtProfile NonOs16 { get; } = NonOs17 with
    {
        Name = "esp-at-1.6",
        Links = LinkFeatures.NonOs16,
        Description = "ESP8266 with AT 1.6.2 on the NonOS SDK 2.2.1: received data is pushed only",
        Identity = "AT version:1.6.2.0(Apr 13 2018 11:10:59)\r\n"
            + "SDK version:2.2.1(6ab97e9)\r\n"
            + "compile time:Jun  7 2018 19:34:26\r\n"
            + "Bin version(Wroom 02):1.6.2",
        Absent = Set(OnlyFrom21, OnlyFrom22, OnlyFrom23, NeverOnNonOs, Passive, NeverOnEsp8266, OnlyEspAt),
        CurDefSettings = new HashSet<string>(NonOsSettings.Except(["SYSMSG"])),
        CurDefOnly = Set(["CIPDNS", "CWCOUNTRY"]),
        Wire = WireForms.NonOs with { JoinTail = [], JoinOptions = [] },
    };

    internal static EspAtProfile EspAt20 { get; } = EspAt22 with
    {
        Name = "esp-at-2.0",
        Links = LinkFeatures.EspAt20,
        Description = "ESP8266 with ESP-AT 2.0.0: received data is pushed only",
        Identity = "AT version:2.0.0.0(29f9b5c - Mar 12 2020 11:43:38)\r\n"
            + "SDK version:v3.3-2-gb6e861a\r\n"
            + "compile time(c22b46d):Mar 23 2020 08:07:10\r\n"
            + "Bin version:2.0.0(WROOM-02)\r\n",
        Absent = Set(OnlyFrom21, OnlyFrom22, OnlyFrom23, NonOsOnly, NeverOnEsp8266, NotYetIn20),
        Doubtful = Set(Passive),
        HighestSysMsg = 3,
        ZoneHasMinutes = false,
        Wire = WireForms.EspAt with
        {
            QuotesPeerAddress = false,
            QuotesDomain = false,
            PassiveReadHeader = "+CIPRECVDATA,{1},{0}:",
            PassiveReadShowsPeer = false,
            JoinTail = [JoinField.ProtectedOnly, JoinField.ReconnectInterval, JoinField.ListenInterval],
            JoinOptions = [JoinField.ProtectedOnly, JoinField.ReconnectInterval, JoinField.ListenInterval],
        },
    };

    internal static EspAtProfile EspAt21 { get; } = EspAt22 with
    {
        Name = "esp-at-2.1",
        Links = LinkFeatures.EspAt21,
        Description = "ESP8266 with ESP-AT 2.1.0",
        Identity = "AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)\r\n"
            + "SDK version:v3.3-2-gb6e861a\r\n"
            + "compile time(36bb200):Jul 28 2020 08:30:34\r\n"
            + "Bin version:2.1.0(WROOM-02)\r\n",
        Absent = Set(OnlyFrom22, OnlyFrom23, NonOsOnly, NeverOnEsp8266),
        HighestSysMsg = 3,
        ZoneHasMinutes = false,
        Wire = WireForms.EspAt with
        {
            QuotesDomain = false,
            JoinTail = [JoinField.ProtectedOnly, JoinField.ReconnectInterval, JoinField.ListenInterval,
                JoinField.ScanMode],
            JoinOptions = [JoinField.ProtectedOnly, JoinField.ReconnectInterval, JoinField.ListenInterval,
                JoinField.ScanMode],
        },
    };

    internal static EspAtProfile EspAt23 { get; } = EspAt22 with
    {
        Name = "esp-at-2.3",
        Links = LinkFeatures.EspAt23,
        Description = "ESP8266 with ESP-AT 2.3.0, the last line for this chip",
        Identity = "AT version:2.3.0.0(1c3b4f2 - ESP8266 - Aug  4 2025 08:12:40)\r\n"
            + "SDK version:v3.4-84-g8a3b4a4d\r\n"
            + "compile time(5b7d9a1):Aug  5 2025 03:20:11\r\n"
            + "Bin version:2.3.0(WROOM-02)\r\n",
        Absent = Set(NonOsOnly, NeverOnEsp8266),
    };

    internal static EspAtProfile Esp32 { get; } = EspAt23 with
    {
        Name = "esp-at-esp32",
        Links = LinkFeatures.Esp32,
        Description = "ESP32 with ESP-AT 3.2.0",
        Identity = "AT version:3.2.0.0(s-ec2dec2 - ESP32 - Jul 28 2023 07:05:28)\r\n"
            + "SDK version:v5.0.2-376-g24b9d38a24-dirty\r\n"
            + "compile time(6118fc22):Jul 28 2023 09:47:28\r\n"
            + "Bin version:v3.2.0.0(WROOM-32)\r\n",
        MaxSendBytes = 8192,
        SegmentBytes = 2920,
        WindowBytes = 5760,
        UartRxBytes = 2048,
        UartTxBytes = 8192,
        MaxBitRate = 5_000_000,
        BitRateClock = 0,
        RateReadsHigh = true,
        AcceptsConnectTimeout = true,
        MqttSchemes = 5,
        MqttPublishBytes = 32_768,
        SwitchDefaults = new Dictionary<string, string> { [MqttSwitches.LongMessage] = "whole" },
        SoftApStations = (10, 10),
        PowerRange = (40, 84),
        PowerLevels = [34, 44, 52, 56, 60, 66, 72, 78],
        HasSecondRadio = true,
        Absent = Set(NonOsOnly),
        Wire = EspAt22.Wire with { TimeUpdated = "+TIME_UPDATED\r\n", ShowsZoneOfIdleSntp = true },
    };

    internal static IReadOnlyList<EspAtProfile> All { get; } =
        [EspAt22, NonOs17, NonOs16, EspAt20, EspAt21, EspAt23, Esp32];

    private static HashSet<string> Set(params IReadOnlyList<string[]> groups) => [.. groups.SelectMany(group => group)];

    private static Dictionary<string, string> NonOsSwitches(string closed) => new()
    {
        [EspAtSwitches.ClosedAfterFailedConnect] = "on",
        [EspAtSwitches.OkBeforeForcedRestart] = "off",
        [EspAtSwitches.EchoDoublesReturn] = "on",
        [EspAtSwitches.ClosedBeforeRead] = closed,
    };
}
