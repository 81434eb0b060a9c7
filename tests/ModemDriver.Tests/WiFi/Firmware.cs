namespace ModemDriver.Tests.WiFi;

/// <summary>The first line of <c>AT+GMR</c> of each firmware that differs from the others.</summary>
internal static class Firmware
{
    public const string NonOs16 = "AT version:1.6.2.0(Apr 13 2018 11:10:59)";
    public const string NonOs17 = "AT version:1.7.4.0(May 11 2020 19:13:04)";
    public const string EspAt20 = "AT version:2.0.0.0(29f9b5c - Mar 12 2020 11:43:38)";
    public const string EspAt21 = "AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)";
    public const string EspAt22 = "AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)";
    public const string Esp32 = "AT version:3.2.0.0(s-ec2dec2 - ESP32 - Jul 28 2023 07:05:28)";
}
