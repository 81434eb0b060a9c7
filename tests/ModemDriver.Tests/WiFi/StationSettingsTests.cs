using System.Net;
using ModemDriver.Tests.Transport;

namespace ModemDriver.Tests.WiFi;

/// <summary>What is set on the radio and asked of it: the exact lines, and every form of the answers.</summary>
public sealed class StationSettingsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Firmware.NonOs17, "name", "AT+CWHOSTNAME=\"meter-7\"")]
    [InlineData(Firmware.EspAt22, "name", "AT+CWHOSTNAME=\"meter-7\"")]
    [InlineData(Firmware.NonOs17, "mac", "AT+CIPSTAMAC_CUR=\"1a:fe:34:9c:df:aa\"")]
    [InlineData(Firmware.EspAt20, "mac", "AT+CIPSTAMAC=\"1a:fe:34:9c:df:aa\"")]
    [InlineData(Firmware.NonOs17, "country", "AT+CWCOUNTRY_CUR=0,\"DE\",1,13")]
    [InlineData(Firmware.EspAt21, "country", "AT+CWCOUNTRY=0,\"DE\",1,13")]
    [InlineData(Firmware.EspAt21, "fixed country", "AT+CWCOUNTRY=1,\"JP\",1,14")]
    [InlineData(Firmware.NonOs17, "sleep", "AT+SLEEP=2")]
    [InlineData(Firmware.EspAt22, "sleep", "AT+SLEEP=1")]
    [InlineData(Firmware.EspAt22, "no sleep", "AT+SLEEP=0")]
    public async Task Each_setting_is_one_line(string version, string setting, string line)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(version);
        rig.Accepts(line);

        await SetAsync(rig.Modem.WiFi, setting).Within(Token);

        Assert.Equal([line], rig.Sent);
    }

    [Fact]
    public async Task A_refused_setting_is_an_error_and_is_not_kept()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Answers("AT+CWHOSTNAME=\"meter-7\"", "\r\nERROR\r\n");

        await Assert.ThrowsAsync<CommandFailedException>(() => SetAsync(rig.Modem.WiFi, "name").Within(Token));

        await rig.RestartAsync();
        Assert.DoesNotContain("AT+CWHOSTNAME=\"meter-7\"", rig.Sent);
    }

    [Fact]
    public async Task What_was_set_is_set_again_after_the_module_has_started_anew_the_last_value_of_each()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Accepts("AT+CWHOSTNAME=\"first\"", "AT+CWHOSTNAME=\"second\"", "AT+SLEEP=1");
        await rig.Modem.WiFi.SetHostNameAsync("first", Token).Within(Token);
        await rig.Modem.WiFi.SetHostNameAsync("second", Token).Within(Token);
        await rig.Modem.WiFi.SetPowerSaveAsync(WiFiPowerSave.ModemSleep, Token).Within(Token);

        await rig.RestartAsync();

        Assert.DoesNotContain("AT+CWHOSTNAME=\"first\"", rig.Sent);
        Assert.Single(rig.Sent, "AT+CWHOSTNAME=\"second\"");
        Assert.True(rig.IndexOf("AT+SLEEP=1") > rig.IndexOf("AT+SLEEP=0"), "the bring-up comes first");
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("name\r\nAT+RESTORE")]
    [InlineData("näme")]
    [InlineData("a-name-that-is-longer-than-32-bytes-is")]
    public async Task A_name_that_is_none_is_refused_before_a_byte_is_sent(string name)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => rig.Modem.WiFi.SetHostNameAsync(name, Token).Within(Token));

        Assert.Empty(rig.Sent);
    }

    [Theory]
    [InlineData("01:fe:34:9c:df:aa")]
    [InlineData("1afe349cdfaa")]
    [InlineData("1a:fe:34:9c:df:aa\r\n")]
    public async Task An_address_that_is_none_of_a_station_is_refused_before_a_byte_is_sent(string address)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);

        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => rig.Modem.WiFi.SetHardwareAddressAsync(address, Token).Within(Token));

        Assert.Empty(rig.Sent);
    }

    [Fact]
    public async Task Firmware_without_a_country_refuses_by_name_before_a_byte_is_sent()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt20);

        FeatureNotSupportedException refused = await Assert.ThrowsAsync<FeatureNotSupportedException>(
            () => rig.Modem.WiFi.ReadCountryAsync(Token).Within(Token));

        Assert.Equal(ModemFeature.WiFiCountry, refused.Feature);
        Assert.Empty(rig.Sent);
    }

    [Theory]
    [InlineData("+CWHOSTNAME:ESP_ABCDEF\r\n", "ESP_ABCDEF")]
    [InlineData("+CWHOSTNAME:\"meter-7\"\r\n", "meter-7")]
    [InlineData("", null)]
    public async Task The_host_name_is_read(string answer, string? name)
    {
        await using ScriptedModem rig = await AskedAsync(Firmware.EspAt22, "AT+CWHOSTNAME?", answer);

        Assert.Equal(name, await rig.Modem.WiFi.ReadHostNameAsync(Token).Within(Token));
    }

    [Theory]
    [InlineData(Firmware.NonOs17, "AT+CWCOUNTRY_CUR?", "+CWCOUNTRY_CUR:0,\"CN\",1,13\r\n", true)]
    [InlineData(Firmware.EspAt21, "AT+CWCOUNTRY?", "+CWCOUNTRY:1,\"CN\",1,13\r\n", false)]
    [InlineData(Firmware.EspAt21, "AT+CWCOUNTRY?", "+CWCOUNTRY:1,CN,1,13\r\n", false)]
    public async Task The_country_is_read(string version, string line, string answer, bool follows)
    {
        await using ScriptedModem rig = await AskedAsync(version, line, answer);

        Assert.Equal(new WiFiCountry("CN", 1, 13, follows), await rig.Modem.WiFi.ReadCountryAsync(Token).Within(Token));
    }

    [Theory]
    [InlineData(Firmware.EspAt22, 0, WiFiPowerSave.Off)]
    [InlineData(Firmware.EspAt22, 1, WiFiPowerSave.ModemSleep)]
    [InlineData(Firmware.EspAt22, 2, null)]
    [InlineData(Firmware.EspAt22, 3, null)]
    [InlineData(Firmware.NonOs17, 0, WiFiPowerSave.Off)]
    [InlineData(Firmware.NonOs17, 1, null)]
    [InlineData(Firmware.NonOs17, 2, WiFiPowerSave.ModemSleep)]
    public async Task Whether_the_radio_rests_is_read_by_the_numbers_of_the_family(
        string version, int number, WiFiPowerSave? mode)
    {
        await using ScriptedModem rig = await AskedAsync(version, "AT+SLEEP?", $"+SLEEP:{number}\r\n");

        Assert.Equal(mode, await rig.Modem.WiFi.ReadPowerSaveAsync(Token).Within(Token));
    }

    [Theory]
    [InlineData(Firmware.EspAt22, "", "+CWDHCP:3", true)]
    [InlineData(Firmware.EspAt22, "", "+CWDHCP:2", false)]
    [InlineData(Firmware.NonOs17, "_CUR", "+CWDHCP_CUR:1", false)]
    [InlineData(Firmware.NonOs17, "_CUR", "+CWDHCP_CUR:2", true)]
    [InlineData(Firmware.NonOs17, "_CUR", "+CWDHCP_CUR:x", null)]
    public async Task The_configuration_is_read_with_the_bit_of_the_family(
        string version, string suffix, string dhcp, bool? usesDhcp)
    {
        await using ScriptedModem rig = await AskedAsync(
            version,
            $"AT+CIPSTA{suffix}?",
            $"+CIPSTA{suffix}:ip:\"192.168.1.77\"\r\n+CIPSTA{suffix}:gateway:\"192.168.1.1\"\r\n"
                + $"+CIPSTA{suffix}:netmask:\"255.255.255.0\"\r\n+CIPSTA{suffix}:ip6ll:\"fe80::1\"\r\n");
        rig.Answers($"AT+CWDHCP{suffix}?", dhcp + "\r\nOK\r\n");

        Assert.Equal(
            new IPConfiguration(
                IPAddress.Parse("192.168.1.77"), IPAddress.Parse("192.168.1.1"), IPAddress.Parse("255.255.255.0"), usesDhcp),
            await rig.Modem.WiFi.ReadConfigurationAsync(Token).Within(Token));
    }

    [Theory]
    [InlineData("+CWRECONNCFG:0,0\r\n", 0, 0)]
    [InlineData("+CWRECONNCFG:5,100\r\n", 5, 100)]
    public async Task The_policy_is_read(string answer, int seconds, int attempts)
    {
        await using ScriptedModem rig = await AskedAsync(Firmware.EspAt22, "AT+CWRECONNCFG?", answer);

        Assert.Equal(
            new WiFiReconnect(TimeSpan.FromSeconds(seconds), attempts),
            await rig.Modem.WiFi.ReadReconnectAsync(Token).Within(Token));
    }

    [Theory]
    [InlineData("+CWSTATE:0,\"\"\r\n", WiFiState.NotJoined)]
    [InlineData("+CWSTATE:1,\"net\"\r\n", WiFiState.WithoutAddress)]
    [InlineData("+CWSTATE:2,\"a\",\"b\r\n", WiFiState.Joined)]
    [InlineData("+CWSTATE:3,\"net\"\r\n", WiFiState.Joining)]
    [InlineData("+CWSTATE:4,\"net\"\r\n", WiFiState.NotJoined)]
    [InlineData("+CWSTATE:9,\"net\"\r\n", WiFiState.Unknown)]
    [InlineData("+CWSTATE:\r\n", WiFiState.Unknown)]
    public async Task The_state_is_read(string answer, WiFiState state)
    {
        await using ScriptedModem rig = await AskedAsync(Firmware.EspAt22, "AT+CWSTATE?", answer);

        Assert.Equal(state, await rig.Modem.WiFi.ReadStateAsync(Token).Within(Token));
    }

    [Theory]
    [InlineData("No AP\r\n", "0.0.0.0", WiFiState.NotJoined)]
    [InlineData("+CWJAP_CUR:\"net\",\"00:11:22:33:44:55\",1,-50\r\n", "0.0.0.0", WiFiState.WithoutAddress)]
    [InlineData("+CWJAP_CUR:\"net\",\"00:11:22:33:44:55\",1,-50\r\n", "10.0.0.2", WiFiState.Joined)]
    public async Task Firmware_that_cannot_be_asked_for_its_state_tells_it_all_the_same(
        string joined, string address, WiFiState state)
    {
        await using ScriptedModem rig = await AskedAsync(Firmware.NonOs17, "AT+CWJAP_CUR?", joined);
        rig.Answers("AT+CIFSR", $"+CIFSR:STAIP,\"{address}\"\r\n\r\nOK\r\n");

        Assert.Equal(state, await rig.Modem.WiFi.ReadStateAsync(Token).Within(Token));
    }

    private static Task SetAsync(WiFiInterface wiFi, string setting) => setting switch
    {
        "name" => wiFi.SetHostNameAsync("meter-7", Token),
        "mac" => wiFi.SetHardwareAddressAsync("1A:FE:34:9C:DF:AA", Token),
        "country" => wiFi.SetCountryAsync(new WiFiCountry("DE", 1, 13), Token),
        "fixed country" => wiFi.SetCountryAsync(new WiFiCountry("JP", 1, 14, FollowsAccessPoint: false), Token),
        "sleep" => wiFi.SetPowerSaveAsync(WiFiPowerSave.ModemSleep, Token),
        _ => wiFi.SetPowerSaveAsync(WiFiPowerSave.Off, Token),
    };

    private static async Task<ScriptedModem> AskedAsync(string version, string line, string answer) =>
        (await ScriptedModem.OpenAsync(version)).Answers(line, answer + "\r\nOK\r\n");
}
