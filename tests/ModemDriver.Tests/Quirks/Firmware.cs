namespace ModemDriver.Tests.Quirks;

/// <summary>What a firmware is asked when a modem is opened, in order, and what it says. Written by hand.</summary>
/// <param name="Version">The answer to who it is.</param>
/// <param name="Steps">The commands of the bring-up.</param>
/// <param name="List">The question for open links.</param>
/// <param name="JoinSuffix">What stands behind the name of commands that do not write the flash.</param>
/// <param name="IsPassive">Whether it keeps what arrives until it is fetched.</param>
public sealed record Firmware(
    string Version, IReadOnlyList<string> Steps, string List, string JoinSuffix, bool IsPassive)
{
    public static Firmware NonOs16 { get; } = new(
        "AT version:1.6.2.0(Apr 13 2018 11:10:59)\r\nSDK version:2.2.1(6ab97e9)",
        ["AT+CIPMODE=0", "AT+SLEEP=0", "AT+CWMODE_CUR=1", "AT+CIPDINFO=0"],
        "AT+CIPSTATUS",
        "_CUR",
        IsPassive: false);

    public static Firmware NonOs17 { get; } = NonOs16 with
    {
        Version = "AT version:1.7.4.0(May 11 2020 19:13:04)\r\nSDK version:3.0.4(9532ceb)",
        Steps = [.. NonOs16.Steps, "AT+CIPRECVMODE=1"],
        IsPassive = true,
    };

    public static Firmware EspAt20 { get; } = new(
        "AT version:2.0.0.0(29f9b5c - Mar 12 2020 11:43:38)\r\nBin version:2.0.0(WROOM-02)\r\n",
        ["AT+CIPMODE=0", "AT+SLEEP=0", "AT+CWMODE=1", "AT+CIPDINFO=0"],
        "AT+CIPSTATUS",
        string.Empty,
        IsPassive: false);

    public static Firmware EspAt22 { get; } = EspAt20 with
    {
        Version = "AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)\r\nSDK version:v3.4-22-g967752e2\r\n",
        Steps = ["AT+SYSSTORE=0", .. EspAt20.Steps, "AT+CIPRECVMODE=1"],
        IsPassive = true,
    };

    public static Firmware EspAt23 { get; } = EspAt22 with
    {
        Version = "AT version:2.3.0.0(1c3b4f2 - ESP8266 - Aug  4 2025 08:12:40)\r\n",
        List = "AT+CIPSTATE?",
    };
}
