using ModemDriver.Dialects;
using ModemDriver.Dialects.EspAt;
using ModemDriver.Dialects.Luat;
using ModemDriver.Dialects.Standard;

namespace ModemDriver.Fuzz.Targets;

/// <summary>Modules of each kind that its dialect tells apart.</summary>
internal static class FirmwareSamples
{
    private static readonly string[] EspAtVersions =
    [
        "AT version:1.2.0.0(Jul  1 2016 20:04:45)",
        "AT version:1.6.2.0(Apr 13 2018 11:10:59)",
        "AT version:1.7.4.0(May 11 2020 19:13:04)",
        "AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)",
        "AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)",
        "AT version:3.2.0.0(s-ec4f9a2 - ESP32 - Apr 10 2024 05:40:12)",
        "AT version:0.40.0.0(Aug  8 2015 14:45:58)",
    ];

    private static readonly string[] LuatNames =
    [
        "AirM2M_780E_V1169_LTE_AT",
        "AirM2M_720U_V301849_LTE_AT",
        "AirM2M_780EP_V2012_LTE_AT",
        "AirM2M_780EL_V1003_LTE_AT",
        "AirM2M_720S_V301_LTE_AT",
        "AirM2M_XYZ",
    ];

    /// <summary>ESP-AT.</summary>
    public static IReadOnlyList<Func<Dialect>> AllEspAt { get; } = [.. EspAtVersions.Select(NewEspAt)];

    /// <summary>Luat.</summary>
    public static IReadOnlyList<Func<Dialect>> AllLuat { get; } = [.. LuatNames.Select<string, Func<Dialect>>(name => () => Luat(name))];

    /// <summary>What the standard has, and what has nothing.</summary>
    public static IReadOnlyList<Func<Dialect>> AllStandard { get; } =
    [
        () => new StandardDialect("Some Maker", ["Some Maker"]),
        () => new PlainDialect(["Some Modem 3000"]),
    ];

    /// <summary>A module that says this of itself.</summary>
    public static LuatDialect Luat(string name) => new(LuatFirmware.Read([name])!); // each of them is one

    private static Func<Dialect> NewEspAt(string version)
    {
        var recogniser = new EspAtRecogniser();
        return () => recogniser.Recognise([version])!; // each of them is one
    }
}
