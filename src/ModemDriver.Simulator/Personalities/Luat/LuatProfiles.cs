using ModemDriver.Simulator.Personalities.Cellular;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>The firmware releases, each as a variation of its generation.</summary>
internal static class LuatProfiles
{
    private static readonly string[] Only8910 = [];
    private static readonly string[] NotOn8910 = ["*GETIP", "+SETUSB", "+ROUTEIP"];
    private static readonly string[] Satellites = ["+CGNSPWR", "+CGNSINF"];
    private static readonly string[] NetworkCard = ["+RNDISCALL", "+SETUSB", "+ROUTEIP"];

    private static readonly string[] Calls = ["D", "A", "+CVHU", "+CLCC", "+CLIP", "+CRC", "+VTS"];

    private static readonly string[] Mqtt =
    [
        "+MCONFIG", "+MIPSTART", "+SSLMIPSTART", "+MCONNECT", "+MSUB", "+MUNSUB", "+MPUB", "+MPUBEX", "+MQTTMODE",
        "+MQTTMSGSET", "+MQTTMSGGET", "+MQTTSTATU", "+MDISCONNECT", "+MIPCLOSE",
    ];

    private static readonly string[] Ftp =
    [
        "+FTPCID", "+FTPSERV", "+FTPPORT", "+FTPUN", "+FTPPW", "+FTPGETNAME", "+FTPGETPATH", "+FTPPUTNAME", "+FTPPUTPATH",
        "+FTPMODE", "+FTPTYPE", "+FTPPUTOPT", "+FTPREST", "+FTPGET", "+FTPLIST", "+FTPPUT", "+FTPSIZE", "+FTPDELE",
        "+FTPMKD", "+FTPRMD", "+FTPSTATE", "+FTPQUIT",
    ];

    private static readonly string[] Messages =
    [
        "+CMGF", "+CSDH", "+CMMS", "+CSMS", "+CSMP", "+CSCA", "+CNMI", "+CPMS", "+CMGR", "+CMGL", "+CMGD", "+CNMA",
        "+CMGS", "+CMGW", "+CMSS",
    ];

    internal static LuatProfile Air820 { get; } = new()
    {
        Firmware = "AirM2M_720U_V301849_LTE_AT",
        Silicon = "8910",
        NeedsEngineeringMode = true,
        Core = new CellularProfile
        {
            Name = "air820",
            Description = "Luat Air820UG with the AT firmware V301849 of the 8910 generation",
            Manufacturer = "AirM2M",
            Model = "Air820UG",
            Revision = "AirM2M_720U_V301849_LTE_AT",
            DefaultContext = 5,
            Technologies = new HashSet<MobileTechnology> { MobileTechnology.Lte, MobileTechnology.Gsm },
            Absent = Set(NotOn8910),
            SwitchDefaults = new Dictionary<string, string>
            {
                [CellularSwitches.ContextTail] = "zeros",
                [LuatSwitches.RevisionForm] = "revision",
                [LuatSwitches.ModelForm] = "bare",
            },
        },
    };

    internal static LuatProfile Air724 { get; } = Air820 with
    {
        Core = Air820.Core with
        {
            Name = "air724",
            Description = "Luat Air724UG with the AT firmware V301849 of the 8910 generation",
            Model = "Air724UG",
            Absent = Set(NotOn8910, Satellites),
        },
    };

    internal static LuatProfile Air780 { get; } = new()
    {
        Firmware = "AirM2M_780E_V1169_LTE_AT",
        Silicon = "EC618",
        HasBanner = true,
        ActivationTail = ",0",
        Core = new CellularProfile
        {
            Name = "air780",
            Description = "Luat Air780E with the AT firmware V1169 of the EC618 generation",
            Manufacturer = "AirM2M",
            Model = "Air780E",
            Revision = "AirM2M_780E_V1169_LTE_AT",
            Absent = Set(Only8910, Satellites),
            SwitchDefaults = new Dictionary<string, string> { [LuatSwitches.NitzForm] = "utc" },
        },
    };

    internal static LuatProfile Air780Ep { get; } = Air780 with
    {
        Firmware = "AirM2M_780EP_V1010_LTE_AT",
        Silicon = "EC718",
        ActivationTail = "",
        FileBytes = 96 * 1024,
        Core = Air780.Core with
        {
            Name = "air780ep",
            Description = "Luat Air780EP with the AT firmware V1010 of the EC718P generation",
            Model = "Air780EP",
            Revision = "AirM2M_780EP_V1010_LTE_AT",
        },
    };

    internal static LuatProfile Air780Eq { get; } = Air780Ep with
    {
        Firmware = "AirM2M_780EQ_V1005_LTE_AT",
        Silicon = "EC716",
        HasEscape = false,
        FileBytes = 16 * 1024,
        Core = Air780Ep.Core with
        {
            Name = "air780eq",
            Description = "Luat Air780EQ with the AT firmware V1005 of the EC716S generation: no way out of transparent mode, no TLS, no messages, no calls, no MQTT, no FTP",
            Model = "Air780EQ",
            Revision = "AirM2M_780EQ_V1005_LTE_AT",
            Absent = Set(Only8910, ["O", "+CIPSSL", "+SSLCFG"], Satellites, NetworkCard, Messages, Calls, Mqtt, Ftp),
        },
    };

    internal static IReadOnlyList<LuatProfile> All { get; } = [Air820, Air724, Air780, Air780Ep, Air780Eq];

    private static HashSet<string> Set(params IReadOnlyList<string[]> groups) => [.. groups.SelectMany(group => group)];
}
