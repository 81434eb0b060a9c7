using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>What is on the port while the module boots.</summary>
internal sealed class BootTexts(EspAtSwitches switches)
{
    private const string Banner = "\r\nAi-Thinker Technology Co., Ltd.\r\n";

    // 74,880 bit/s, seen at 115,200 (the boot ROM's rate with a 26 MHz crystal).
    private static readonly string Garbage = WireText.Latin1.GetString(Convert.FromHexString(
        "00f49c1be26c8c629cff6e6f840c82ec708c73ece3c2020d0c6e72e4"));

    // What follows the ROM's text when that came out at the former rate (WiFiEspAT issue 110).
    private static readonly string Burst = WireText.Latin1.GetString(Convert.FromHexString("ff8c026e6c9ce072fe"));

    /// <summary>The end of the boot. Some firmware of old never says ready (ESP8266_AT_Commands_parser issue 38).
    /// </summary>
    internal string Ready => switches[WiFiSwitches.BootText] switch
    {
        "banner" => Banner + "\r\nready\r\n",
        "invalid" => Banner + "\r\ninvalid\r\n",
        _ => "\r\nready\r\n",
    };

    internal string Rom(ResetCause cause) => switches[EspAtSwitches.RomText] switch
    {
        "garbage" => Garbage,
        "clear" => RomInClear(cause),
        "clear-then-garbage" => RomInClear(cause) + Burst,
        _ => "",
    };

    private static string RomInClear(ResetCause cause)
    {
        int number = cause switch
        {
            ResetCause.PowerOn or ResetCause.BrownOut => 1,
            ResetCause.Watchdog => 4,
            _ => 2,
        };
        return WireText.Format($"\r\n ets Jan  8 2013,rst cause:{number}, boot mode:(3,6)\r\n\r\n")
            + (number == 4 ? "wdt reset\r\n" : "")
            + "load 0x40100000, len 2592, room 16 \r\ntail 0\r\nchksum 0xf3\r\ncsum 0xf3\r\n";
    }
}
