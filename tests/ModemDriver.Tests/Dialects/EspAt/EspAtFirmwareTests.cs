using ModemDriver.Dialects;
using ModemDriver.Dialects.EspAt;

namespace ModemDriver.Tests.Dialects.EspAt;

/// <summary>What modules of each generation, and rebuilt ones, answer to <c>AT+GMR</c>.</summary>
public sealed class EspAtFirmwareTests
{
    private const string Sdk33 = "SDK version:v3.3-2-gb6e861a";

    public static TheoryData<string, string, string, string?> Samples() => new()
    {
        // 0.x: some without a build, some with lines of a vendor.
        { "AT version:0.21.0.0|SDK version:0.9.5", "NonOs", "0.21.0.0", "ESP8266" },
        { "AT version:0.40.0.0(Aug  8 2015 14:45:58)|SDK version:1.3.0|Ai-Thinker Technology Co.,Ltd.", "NonOs", "0.40.0.0", "ESP8266" },

        // NonOS.
        { "AT version:1.6.2.0(Apr 13 2018 11:10:59)|SDK version:2.2.1(6ab97e9)|compile time:Jun  7 2018 19:34:26", "NonOs", "1.6.2.0", "ESP8266" },
        { "AT version:1.7.4.0(May 11 2020 19:13:04)|SDK version:3.0.4(9532ceb)|compile time:May 27 2020 10:12:17|Bin version(Wroom 02):1.7.4", "NonOs", "1.7.4.0", "ESP8266" },
        { "Ai-Thinker-compile time:May 27 2020|AT version:1.7.4.0(May 11 2020 19:13:04)|SDK version:3.0.4(9532ceb)", "NonOs", "1.7.4.0", "ESP8266" },

        // ESP-AT 1.x was built for the ESP32 only.
        { "AT version:1.1.3.0(2c8b09d - Jun 30 2019 12:00:00)|SDK version:v3.2", "EspAt", "1.1.3.0", "ESP32" },

        // ESP-AT 2.0 and 2.1 do not name the chip; the module's name does, or the SDK.
        { "AT version:2.0.0.0(29f9b5c - Mar 12 2020 11:43:38)|SDK version:v3.3|Bin version:2.0.0(WROOM-02)", "EspAt", "2.0.0.0", "ESP8266" },
        { "AT version:2.0.0.0(29f9b5c - Mar 12 2020 11:43:38)|SDK version:v3.3", "EspAt", "2.0.0.0", null },
        { $"AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)|{Sdk33}|compile time(36bb200):Jul 28 2020 08:30:34|Bin version:2.1.0(WROOM-02)", "EspAt", "2.1.0.0", "ESP8266" },
        { $"AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)|{Sdk33}|Bin version:2.1.0(Unknown)", "EspAt", "2.1.0.0", "ESP8266" },
        { "AT version:2.1.0.0(883f7f2 - Jul 24 2020 11:50:07)|SDK version:v4.0.1-193-ge7ac221b4|Bin version:2.1.0(WROOM-32)", "EspAt", "2.1.0.0", "ESP32" },
        { "AT version:2.1.0.0(883f7f2 - Jul 24 2020 11:50:07)|SDK version:v4.0.1-193-ge7ac221b4|Bin version:2.1.0(WROVER-32)", "EspAt", "2.1.0.0", "ESP32" },
        { "AT version:2.1.0.0(883f7f2 - Jul 24 2020 11:50:07)|SDK version:v4.0.1-193-ge7ac221b4", "EspAt", "2.1.0.0", "ESP32" },

        // ESP-AT from 2.2: chip, in both spellings; silence libraries; versions of one's own.
        { "AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)|SDK version:v3.4-22-g967752e2", "EspAt", "2.2.1.0", "ESP8266" },
        { "AT version:2.2.1.0(s-46d6c26 - ESP8266 - Aug  6 2021 06:50:15)", "EspAt", "2.2.1.0", "ESP8266" },
        { "AT version:2.3.0.0-dev(s-f4c8a0b - ESP32C3 - Jan  1 2022 00:00:00)", "EspAt", "2.3.0.0", "ESP32C3" },
        { "AT version:3.2.0.0(s-ec2dec2 - ESP32-C3 - Jul 28 2023 07:05:28)", "EspAt", "3.2.0.0", "ESP32-C3" },
        { "AT version:4.0.0.0(s-3e8e6b7 - ESP32C6 - Dec 29 2023 12:00:51)|SDK version:v5.1.2", "EspAt", "4.0.0.0", "ESP32C6" },
        { "|ready|AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)", "EspAt", "2.2.1.0", "ESP8266" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void Family_version_and_chip_are_read_from_the_answer(
        string answer, string generation, string version, string? chip)
    {
        EspAtFirmware? firmware = EspAtFirmware.Read(answer.Split('|'));

        Assert.NotNull(firmware);
        Assert.Equal(generation, firmware.Generation.ToString());
        Assert.Equal(version, firmware.VersionText);
        Assert.Equal(chip, firmware.Chip);
        Assert.Equal(chip?.StartsWith("ESP32", StringComparison.Ordinal) ?? false, firmware.IsEsp32);
        Assert.Equal(answer.Split('|'), firmware.Lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00160901")]
    [InlineData("OK")]
    [InlineData("AT version:")]
    [InlineData("AT version:2.2.1")]
    [InlineData("AT version:a.b.c.d")]
    [InlineData("AT version:99999999999.0.0.0(x)")]
    [InlineData("AT ver#ion:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)")]
    [InlineData("Quectel|EC20F|Revision: EC20CEFAGR06A05M4G")]
    public void Anything_else_is_not_this_firmware(string answer) =>
        Assert.Null(EspAtFirmware.Read(answer.Split('|')));

    [Theory]
    [InlineData(2, 2, true)]
    [InlineData(2, 1, true)]
    [InlineData(1, 9, true)]
    [InlineData(2, 3, false)]
    [InlineData(3, 0, false)]
    public void Versions_are_compared_as_numbers(int major, int minor, bool isAtLeast)
    {
        EspAtFirmware firmware = EspAtFirmware.Read(["AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021)"])!; // it is one

        Assert.Equal(isAtLeast, firmware.IsAtLeast(major, minor));
    }

    [Theory]
    [InlineData("AT version:0.40.0.0(Aug  8 2015 14:45:58)|SDK version:1.3.0")]
    [InlineData("AT version:0.21.0.0|SDK version:0.9.5")]
    public void The_first_firmware_is_refused_by_its_name(string answer)
    {
        Dialect dialect = new EspAtRecogniser().Recognise(answer.Split('|'))!; // it is of this family

        Assert.Contains("AT 0.x", dialect.Identity.Dialect, StringComparison.Ordinal);
        Assert.StartsWith("0.", dialect.Identity.Firmware, StringComparison.Ordinal);
        Assert.Null(dialect.Links);
        Assert.Null(dialect.WiFi);
        Assert.Empty(dialect.BringUp());
        Assert.DoesNotContain(Enum.GetValues<ModemFeature>(), dialect.Supports);
    }
}
