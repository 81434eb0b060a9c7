using System.Net;
using ModemDriver.Tests.Transport;

namespace ModemDriver.Tests.WiFi;

/// <summary>The module's own access point.</summary>
public sealed class SoftApTests
{
    private static readonly SoftApOptions Service = new("Service, 7", "top\\secret");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Firmware.NonOs17, "_CUR")]
    [InlineData(Firmware.EspAt22, "")]
    public async Task It_is_switched_on_beside_the_station_and_its_password_is_shown_nowhere(string version, string suffix)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(version);
        string[] lines =
        [
            $"AT+CWMODE{suffix}=3",
            $"AT+CWSAP{suffix}=\"Service\\, 7\",\"top\\\\secret\",6,4,2,1",
            $"AT+CIPAP{suffix}=\"10.1.0.1\",\"10.1.0.1\",\"255.255.255.0\"",
        ];
        rig.Accepts(lines);

        await rig.Modem.WiFi.StartSoftApAsync(
            Service with
            {
                Channel = 6,
                Security = AccessPointSecurity.WpaWpa2,
                MaxStations = 2,
                IsHidden = true,
                Address = new(IPAddress.Parse("10.1.0.1"), IPAddress.Parse("10.1.0.1"), IPAddress.Parse("255.255.255.0")),
            },
            Token).Within(Token);

        Assert.Equal(lines, rig.Sent);
        Assert.DoesNotContain("secret", rig.Trace, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", Service.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_password_it_is_open_and_nothing_else_is_set()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Accepts("AT+CWMODE=3", "AT+CWSAP=\"open\",\"\",1,0,4,0");

        await rig.Modem.WiFi.StartSoftApAsync(new SoftApOptions("open", null), Token).Within(Token);

        Assert.Equal(["AT+CWMODE=3", "AT+CWSAP=\"open\",\"\",1,0,4,0"], rig.Sent);
    }

    [Fact]
    public async Task A_module_that_starts_anew_is_an_access_point_again_until_it_is_switched_off()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Accepts("AT+CWMODE=3", "AT+CWMODE=1", "AT+CWSAP=\"open\",\"\",1,0,4,0");
        await rig.Modem.WiFi.StartSoftApAsync(new SoftApOptions("open", null), Token).Within(Token);

        await rig.RestartAsync();
        Assert.True(rig.IndexOf("AT+CWMODE=3") > rig.IndexOf("AT+CWMODE=1"), "after the bring-up");
        Assert.Equal(rig.IndexOf("AT+CWMODE=3") + 1, rig.IndexOf("AT+CWSAP=\"open\",\"\",1,0,4,0"));

        await rig.Modem.WiFi.StopSoftApAsync(Token).Within(Token);
        Assert.Equal("AT+CWMODE=1", rig.Sent[^1]);
        await rig.RestartAsync();
        Assert.DoesNotContain("AT+CWMODE=3", rig.Sent);
    }

    [Theory]
    [InlineData("+CWSAP:\"Service\",\"12345678\",6,3,4,0\r\n", "Service", AccessPointSecurity.Wpa2, 6, 4, false)]
    [InlineData("+CWSAP:\"a,\"b\"\",\"12\"34,5678\",11,4,8,1\r\n", "a,\"b\"", AccessPointSecurity.WpaWpa2, 11, 8, true)]
    [InlineData("+CWSAP:\"open\",\"\",1,0\r\n", "open", AccessPointSecurity.Open, 1, null, null)]
    public async Task Its_settings_are_read_without_the_password(
        string answer, string ssid, AccessPointSecurity security, int channel, int? most, bool? isHidden)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Answers("AT+CWMODE?", "+CWMODE:3\r\n\r\nOK\r\n").Answers("AT+CWSAP?", answer + "\r\nOK\r\n").Answers(
            "AT+CIFSR",
            "+CIFSR:APIP,\"192.168.4.1\"\r\n+CIFSR:APMAC,\"1a:fe:34:9c:df:aa\"\r\n+CIFSR:STAIP,\"10.0.0.2\"\r\n\r\nOK\r\n");

        SoftApInfo? info = await rig.Modem.WiFi.ReadSoftApAsync(Token).Within(Token);

        Assert.Equal(
            new SoftApInfo(ssid, security, channel, most, isHidden, IPAddress.Parse("192.168.4.1"), "1a:fe:34:9c:df:aa"),
            info);
        Assert.DoesNotContain("5678", rig.Trace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+CWSAP:\"\r\n")]
    [InlineData("+CWSAP:6,3\r\n")]
    [InlineData("")]
    public async Task Settings_that_cannot_be_read_are_none(string answer)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Answers("AT+CWMODE?", "+CWMODE:2\r\n\r\nOK\r\n").Answers("AT+CWSAP?", answer + "\r\nOK\r\n")
            .Answers("AT+CIFSR", "\r\nOK\r\n");

        Assert.Null(await rig.Modem.WiFi.ReadSoftApAsync(Token).Within(Token));
    }

    [Theory]
    [InlineData(Firmware.EspAt22, "AT+CWMODE?", "+CWMODE:1\r\n")]
    [InlineData(Firmware.NonOs17, "AT+CWMODE_CUR?", "+CWMODE_CUR:1\r\n")]
    public async Task One_that_is_off_is_none(string version, string line, string answer)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(version);
        rig.Answers(line, answer + "\r\nOK\r\n");

        Assert.Null(await rig.Modem.WiFi.ReadSoftApAsync(Token).Within(Token));
    }

    [Theory]
    [InlineData(Firmware.EspAt22, "+CWLIF:192.168.4.2,1a:fe:34:9c:df:aa\r\n+CWLIF:192.168.4.3,1a:fe:34:9c:df:bb\r\n")]
    [InlineData(Firmware.EspAt22, "+CWLIF:\"192.168.4.2\",\"1a:fe:34:9c:df:aa\"\r\n+CWLIF:192.168.4.3,1a:fe:34:9c:df:bb\r\n")]
    [InlineData(Firmware.NonOs17, "192.168.4.2,1a:fe:34:9c:df:aa\r\n0,CLOSED\r\n192.168.4.3,1a:fe:34:9c:df:bb\r\n")]
    public async Task The_stations_are_listed_in_the_form_of_each_family(string version, string answer)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(version);
        rig.Answers("AT+CWLIF", answer + "\r\nOK\r\n");

        Assert.Equal(
            [
                new SoftApStation("1a:fe:34:9c:df:aa", IPAddress.Parse("192.168.4.2")),
                new SoftApStation("1a:fe:34:9c:df:bb", IPAddress.Parse("192.168.4.3")),
            ],
            await rig.Modem.WiFi.ReadStationsAsync(Token).Within(Token));
    }

    [Fact]
    public async Task A_station_is_turned_out_and_firmware_that_cannot_says_so()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        await using ScriptedModem old = await ScriptedModem.OpenAsync(Firmware.NonOs17);
        rig.Accepts("AT+CWQIF=\"1a:fe:34:9c:df:aa\"");

        await rig.Modem.WiFi.DisconnectStationAsync("1A:FE:34:9C:DF:AA", Token).Within(Token);
        FeatureNotSupportedException refused = await Assert.ThrowsAsync<FeatureNotSupportedException>(
            () => old.Modem.WiFi.DisconnectStationAsync("1a:fe:34:9c:df:aa", Token).Within(Token));

        Assert.Equal(["AT+CWQIF=\"1a:fe:34:9c:df:aa\""], rig.Sent);
        Assert.Equal(ModemFeature.SoftApDisconnect, refused.Feature);
        Assert.Empty(old.Sent);
    }

    [Fact]
    public async Task Those_who_come_and_go_are_events_and_what_only_looks_like_one_is_none()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        var events = new List<WiFiEvent>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Modem.WiFi.Changed += (_, change) =>
        {
            events.Add(change);
            if (change.Kind == WiFiEventKind.StationLeft)
            {
                last.TrySetResult();
            }
        };

        rig.Module.Say(
            "WIFI CONNECTED\r\nWIFI GOT IP\r\n"
            + "+STA_CONNECTED:\"1a:fe:34:9c:df:aa\"\r\n+STA_CONNECTED:\r\n+STA_CONNECTED:\"1a:fe\"\r\n+STA_SOMETHING\r\n"
            + "+DIST_STA_IP:\"1a:fe:34:9c:df:aa\",\"192.168.4.2\"\r\n+STA_DISCONNECTED:\"1a:fe:34:9c:df:aa\"\r\n");
        await last.Task.Within(Token);

        var station = new SoftApStation("1a:fe:34:9c:df:aa", null);
        Assert.Equal(
            [
                new(WiFiEventKind.Joined, false, null),
                new(WiFiEventKind.AddressObtained, false, null),
                new(WiFiEventKind.StationJoined, false, station),
                new(WiFiEventKind.StationAddressed, false, station with { Address = IPAddress.Parse("192.168.4.2") }),
                new(WiFiEventKind.StationLeft, false, station),
            ],
            events);
    }

    public static TheoryData<SoftApOptions> BadOptions() =>
    [
        new SoftApOptions("", null),
        new SoftApOptions("net", "short"),
        new SoftApOptions("net", new string('p', 64)),
        new SoftApOptions("net", "pass\nwords"),
        Service with { Channel = 0 },
        Service with { Channel = 15 },
        Service with { MaxStations = 0 },
        Service with { MaxStations = 9 },
        Service with { Security = AccessPointSecurity.Wep },
        Service with { Address = new(IPAddress.IPv6Any, IPAddress.Any, IPAddress.Any) },
    ];

    [Theory]
    [MemberData(nameof(BadOptions), DisableDiscoveryEnumeration = true)]
    public async Task Options_out_of_range_are_refused_before_a_byte_is_sent(SoftApOptions options)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);

        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => rig.Modem.WiFi.StartSoftApAsync(options, Token).Within(Token));

        Assert.Empty(rig.Sent);
    }
}
