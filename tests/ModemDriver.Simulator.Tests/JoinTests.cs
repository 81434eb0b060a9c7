namespace ModemDriver.Simulator.Tests;

/// <summary>Joining, leaving and losing an access point, in all the ways in which builds tell of it.</summary>
public class JoinTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";
    private const string Joined = "WIFI CONNECTED\r\nWIFI GOT IP\r\n";

    [Theory]
    [InlineData("esp-at-1.6", "AT+CWJAP_CUR?", "+CWJAP_CUR:\"ModemDriver\",\"02:4d:44:00:00:01\",6,-48")]
    [InlineData("esp-at-1.7", "AT+CWJAP?", "+CWJAP:\"ModemDriver\",\"02:4d:44:00:00:01\",6,-48,0")]
    [InlineData("esp-at-2.0", "AT+CWJAP?", "+CWJAP:\"ModemDriver\",\"02:4d:44:00:00:01\",6,-48,0,1,3")]
    [InlineData("esp-at-2.1", "AT+CWJAP?", "+CWJAP:\"ModemDriver\",\"02:4d:44:00:00:01\",6,-48,0,1,3,0")]
    [InlineData("esp-at-2.3", "AT+CWJAP?", "+CWJAP:\"ModemDriver\",\"02:4d:44:00:00:01\",6,-48,0,1,3,0,0")]
    public async Task What_is_joined_is_shown_with_the_fields_of_the_release(string personality, string ask, string line)
    {
        await using Bench bench = new Bench(personality).Online();

        Assert.Equal(line + "\r\n" + Ok, bench.Command(ask));
    }

    [Fact]
    public async Task The_parameters_of_a_join_are_shown_and_may_be_left_out()
    {
        await using Bench bench = new Bench().Quiet();

        Assert.Equal(Joined + Ok, bench.Command("AT+CWJAP=\"ModemDriver\",\"simulated!\",,,7,,1,,1"));
        Assert.EndsWith(",-48,0,7,3,1,1\r\n" + Ok, bench.Command("AT+CWJAP?"), StringComparison.Ordinal);
        Assert.Equal("+CWRECONNCFG:7,0\r\n" + Ok, bench.Command("AT+CWRECONNCFG?"));
    }

    [Theory]
    [InlineData("AT+CWJAP=\"ModemDriver\"")]
    [InlineData("AT+CWJAP=\"ModemDriver\",\"simulated!\",\"02:4d\"")]
    [InlineData("AT+CWJAP=\"ModemDriver\",\"simulated!\",\"02:4d:44:00:00:01\",2")]
    [InlineData("AT+CWJAP=\"ModemDriver\",\"simulated!\",,,7201")]
    [InlineData("AT+CWJAP=\"ModemDriver\",\"simulated!\",,,,101")]
    [InlineData("AT+CWJAP=\"ModemDriver\",\"simulated!\",,,,,2")]
    [InlineData("AT+CWJAP=\"ModemDriver\",\"simulated!\",,,,,,2")]
    [InlineData("AT+CWJAP=\"ModemDriver\",\"simulated!\",,,,,,601")]
    [InlineData("AT+CWJAP=\"ModemDriver\",\"simulated!\",,,,,,,4")]
    [InlineData("AT+CWJAP=\"ModemDriver\",\"simulated!\",,,,,,,,1")]
    public async Task A_wrong_join_is_refused(string line)
    {
        await using Bench bench = new Bench().Quiet();

        Assert.Equal(Error, bench.Command(line));
        Assert.Equal("+CWSTATE:0,\"\"\r\n" + Ok, bench.Command("AT+CWSTATE?"));
    }

    [Fact]
    public async Task A_wavering_access_point_is_told_of_again_and_again_before_the_failure()
    {
        await using Bench bench = new Bench(change: options => options with
        {
            World = new SimulatedWorld(new AccessPoint
            {
                Ssid = "weak", Security = WiFiSecurity.Open, Behaviour = AccessPointBehaviour.Wavering,
            }),
        }).Quiet();
        const string Pair = "WIFI CONNECTED\r\nWIFI DISCONNECT\r\n";

        Assert.Equal("WIFI CONNECTED\r\n", bench.Command("AT+CWJAP=\"weak\",\"\""));
        Assert.Equal(
            (Pair + Pair + Pair)["WIFI CONNECTED\r\n".Length..] + "+CWJAP:1\r\n" + Error,
            bench.After(TimeSpan.FromSeconds(15.1)));
        Assert.Equal(Ok, bench.Command("AT+CWJAP?"));
    }

    [Fact]
    public async Task An_access_point_with_a_new_password_lets_nobody_stay_or_come_back()
    {
        await using Bench bench = new Bench().Online();
        AccessPoint old = bench.Module.World.AccessPoints[0];

        bench.Module.World.AddAccessPoint(old with { Password = "other password" });

        Assert.Equal("WIFI DISCONNECT\r\n", bench.Take());
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(5)));
        Assert.Equal("+CWSTATE:3,\"ModemDriver\"\r\n" + Ok, bench.Command("AT+CWSTATE?"));
        bench.Module.World.AddAccessPoint(old with { RssiDbm = -70 });
        Assert.Equal(Joined, bench.After(TimeSpan.FromSeconds(2)));
        bench.Module.World.AddAccessPoint(old with { RssiDbm = -60 });
        Assert.Equal("", bench.Take());
        Assert.Contains(",6,-60,", bench.Command("AT+CWJAP?"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_module_goes_over_to_another_access_point_of_the_same_name()
    {
        await using Bench bench = new Bench().Online();
        AccessPoint first = bench.Module.World.AccessPoints[0];
        bench.Module.World.AddAccessPoint(first with { Bssid = "02:4d:44:00:00:99", RssiDbm = -80, Channel = 11 });
        bench.Module.World.AddAccessPoint(first with { SignalScript = [new SignalStep(TimeSpan.FromSeconds(5), null)] });

        Assert.Equal("WIFI DISCONNECT\r\n" + Joined, bench.After(TimeSpan.FromSeconds(8)));
        Assert.Contains("\"02:4d:44:00:00:99\",11,-80,", bench.Command("AT+CWJAP?"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ok-first", Ok + "WIFI DISCONNECT\r\n")]
    [InlineData("disconnect-first", "WIFI DISCONNECT\r\n" + Ok)]
    public async Task The_switch_says_where_CWQAP_tells_of_the_loss(string value, string answer)
    {
        await using Bench bench = With("quit-order", value).Online();

        Assert.Equal(answer, bench.Command("AT+CWQAP"));
    }

    [Theory]
    [InlineData("said", "WIFI DISCONNECT\r\n")]
    [InlineData("silent", "")]
    public async Task The_switch_says_whether_a_loss_is_told(string value, string said)
    {
        await using Bench bench = With("wifi-loss", value, "esp-at-1.7").Online();

        IReadOnlyList<AccessPoint> lost = bench.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);
        Assert.Equal(said, bench.Take());
        Assert.Equal("No AP\r\n" + Ok, bench.Command("AT+CWJAP?"));
        bench.Module.World.AddAccessPoint(lost[0]);
        Assert.Equal(Joined, bench.After(TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData("off", Ok + "\r\nready\r\n" + Joined)]
    [InlineData("on", Ok + "CLOSED\r\nWIFI DISCONNECT\r\n\r\nready\r\n" + Joined)]
    public async Task The_switch_says_whether_a_restart_tells_of_its_losses(string value, string answer)
    {
        await using Bench bench = With("losses-before-restart", value).Online();
        bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");

        Assert.Equal(answer, bench.Command("AT+RST"));
    }

    [Theory]
    [InlineData("on", "\r\nbusy p...\r\n")]
    [InlineData("off", "AT\r\n" + Ok)]
    public async Task The_switch_says_whether_a_booting_module_is_busy_until_it_has_joined(string value, string answer)
    {
        await using Bench bench = With("busy-until-joined", value, change: options => options with
        {
            StartPowered = false,
            Timings = ModuleTimings.Typical,
            StoredSsid = SimulatedWorld.DefaultSsid,
            StoredPassword = SimulatedWorld.DefaultPassword,
        });
        bench.Module.PowerOn();
        Assert.Equal("\r\nready\r\n", bench.After(TimeSpan.FromSeconds(1)));

        Assert.Equal(answer, bench.Command("AT"));
        Assert.Equal(Joined, bench.After(TimeSpan.FromSeconds(5)));
        Assert.Equal("AT\r\n" + Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task A_module_that_is_busy_with_a_join_that_fails_is_free_after_its_first_attempt_or_a_restart()
    {
        await using Bench bench = With("busy-until-joined", "on", change: options => options with
        {
            StartPowered = false, Timings = ModuleTimings.Typical, StoredSsid = "gone",
        });
        bench.Module.PowerOn();
        bench.After(TimeSpan.FromSeconds(3));
        Assert.Equal("\r\nbusy p...\r\n", bench.Command("AT"));
        Assert.Equal("\r\nWill force to restart!!!\r\n" + Ok, bench.Command("AT+RST"));
        Assert.Equal("\r\nready\r\n", bench.After(TimeSpan.FromSeconds(3)));
        Assert.Equal("\r\nbusy p...\r\n", bench.Command("AT"));
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(4)));
        Assert.Equal("AT\r\n" + Ok, bench.Command("AT"));
    }

    [Theory]
    [InlineData("at-once", "WIFI DISCONNECT\r\nCLOSED\r\n", "")]
    [InlineData("late", "WIFI DISCONNECT\r\n", "CLOSED\r\n")]
    [InlineData("never", "WIFI DISCONNECT\r\n", "")]
    public async Task The_switch_says_when_links_are_told_of_a_loss(string value, string first, string later)
    {
        await using Bench bench = With("closed-after-wifi-loss", value).Online();
        bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");
        bench.Command("AT+CWRECONNCFG=0,0");

        bench.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);

        Assert.Equal(first, bench.Take());
        bool isThere = bench.Command("AT+CIPSTATUS").Contains("+CIPSTATUS:0,", StringComparison.Ordinal);
        Assert.Equal(value != "at-once", isThere);
        if (isThere)
        {
            bench.Command("AT+CIPSEND=2");
            Assert.Equal("\r\nRecv 2 bytes\r\n\r\nSEND FAIL\r\n", bench.Send("hi"));
        }

        Assert.Equal("", bench.After(TimeSpan.FromSeconds(9.9)));
        Assert.Equal(later, bench.After(TimeSpan.FromSeconds(60)));
        Assert.Equal(value == "never" ? "CLOSED\r\n" + Ok : Error, bench.Command("AT+CIPCLOSE"));
    }

    [Theory]
    [InlineData("2", 2, 2, 2)]
    [InlineData("1", 1, 1, 1)]
    [InlineData("in-turn", 2, 1, 2)]
    public async Task The_switch_says_which_number_a_wrong_password_has(string value, params int[] numbers)
    {
        await using Bench bench = With("wrong-password-code", value).Quiet();

        foreach (int number in numbers)
        {
            Assert.Equal($"+CWJAP:{number}\r\n" + Error, bench.Command("AT+CWJAP=\"ModemDriver\",\"wrong pass\""));
        }
    }

    [Theory]
    [InlineData("ready", "\r\nready\r\n")]
    [InlineData("banner", "\r\nAi-Thinker Technology Co., Ltd.\r\n\r\nready\r\n")]
    [InlineData("invalid", "\r\nAi-Thinker Technology Co., Ltd.\r\n\r\ninvalid\r\n")]
    public async Task The_switch_says_how_a_boot_ends(string value, string said)
    {
        await using Bench bench = With("boot-text", value);
        bench.Module.Reset();

        Assert.Equal(said, bench.Take());
        Assert.Equal("AT\r\n" + Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task The_text_of_the_ROM_may_be_followed_by_a_burst_of_garbage()
    {
        await using Bench bench = With("rom-text", "clear-then-garbage");
        bench.Module.Reset(ResetCause.Watchdog);

        string said = bench.Take();
        Assert.StartsWith("\r\n ets Jan  8 2013,rst cause:4, boot mode:(3,6)\r\n\r\nwdt reset\r\nload ", said,
            StringComparison.Ordinal);
        Assert.EndsWith("csum 0xf3\r\n\u00ff\u008c\u0002nl\u009c\u00e0r\u00fe\r\nready\r\n", said,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_by_hand_counts_at_once_and_DHCP_gives_another_one_again()
    {
        await using Bench bench = new Bench().Online();

        Assert.Equal(Ok, bench.Command("AT+CIPSTA=\"10.0.0.9\",\"10.0.0.254\",\"255.255.0.0\""));
        Assert.Equal(
            "+CIPSTA:ip:\"10.0.0.9\"\r\n+CIPSTA:gateway:\"10.0.0.254\"\r\n+CIPSTA:netmask:\"255.255.0.0\"\r\n" + Ok,
            bench.Command("AT+CIPSTA?"));
        Assert.Equal("+CWDHCP:2" + Ok, bench.Command("AT+CWDHCP?"));
        Assert.Equal("WIFI GOT IP\r\n" + Ok, bench.Command("AT+CWDHCP=1,1"));
        Assert.Equal(
            "+CIPSTA:ip:\"192.168.1.77\"\r\n+CIPSTA:gateway:\"192.168.1.1\"\r\n"
            + "+CIPSTA:netmask:\"255.255.255.0\"\r\n" + Ok,
            bench.Command("AT+CIPSTA?"));
        Assert.Equal(Ok, bench.Command("AT+CWDHCP=1,1"));
    }

    [Fact]
    public async Task With_a_stored_address_the_join_needs_no_DHCP()
    {
        await using Bench bench = new Bench(change: options => options with
        {
            World = new SimulatedWorld(new AccessPoint
            {
                Ssid = "dry", Security = WiFiSecurity.Open, Behaviour = AccessPointBehaviour.WithoutDhcp,
            }),
        }).Quiet();
        Assert.Equal(Ok, bench.Command("AT+CIPSTA=\"10.0.0.9\""));
        Assert.Equal(Joined + Ok, bench.Command("AT+CWJAP=\"dry\",\"\""));
        Assert.Contains("STAIP,\"10.0.0.9\"", bench.Command("AT+CIFSR"), StringComparison.Ordinal);

        Assert.Equal(Ok + "\r\nready\r\n" + Joined, bench.Command("AT+RST"));
    }

    [Fact]
    public async Task With_CIPV6_the_station_finds_its_addresses_after_the_join()
    {
        await using Bench bench = new Bench(change: options => options with
        {
            World = new SimulatedWorld(new AccessPoint { Ssid = "six", Security = WiFiSecurity.Open })
            {
                Prefix6 = System.Net.IPAddress.Parse("2001:db8:1:2::"),
            },
        }).Quiet();
        Assert.Equal("+CIPV6:0\r\n" + Ok, bench.Command("AT+CIPV6?"));
        Assert.Equal(Ok, bench.Command("AT+CIPV6=1"));

        Assert.Equal(
            Joined + Ok + "WIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n", bench.Command("AT+CWJAP=\"six\",\"\""));

        const string Link = "fe80::a6cf:12ff:feaa:bbcc";
        const string World = "2001:db8:1:2:a6cf:12ff:feaa:bbcc";
        Assert.Equal(
            $"+CIFSR:STAIP,\"192.168.1.77\"\r\n+CIFSR:STAIP6LL,\"{Link}\"\r\n+CIFSR:STAIP6GL,\"{World}\"\r\n"
            + "+CIFSR:STAMAC,\"a4:cf:12:aa:bb:cc\"\r\n" + Ok,
            bench.Command("AT+CIFSR"));
        Assert.EndsWith(
            $"+CIPSTA:ip6ll:\"{Link}\"\r\n+CIPSTA:ip6gl:\"{World}\"\r\n" + Ok, bench.Command("AT+CIPSTA?"),
            StringComparison.Ordinal);
        bench.Command("AT+CWQAP");
        Assert.DoesNotContain("IP6", bench.Command("AT+CIFSR"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CIPV6_in_a_join_that_stands_finds_them_too_but_only_a_local_one_without_a_prefix()
    {
        await using Bench bench = new Bench().Online();

        Assert.Equal(Ok + "WIFI GOT IPv6 LL\r\n", bench.Command("AT+CIPV6=1"));
        Assert.Equal(Ok, bench.Command("AT+CIPV6=0"));
        Assert.DoesNotContain("IP6", bench.Command("AT+CIFSR"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_country_says_which_channels_are_heard()
    {
        await using Bench bench = new Bench(change: options => options with
        {
            World = new SimulatedWorld(
                new AccessPoint { Ssid = "low", Channel = 1, Security = WiFiSecurity.Open },
                new AccessPoint { Ssid = "high", Channel = 14, Bssid = "02:00:00:00:00:02" }),
        }).Quiet();
        bench.Command("AT+CWLAPOPT=1,2");

        Assert.Equal("+CWCOUNTRY:0,\"CN\",1,13\r\n" + Ok, bench.Command("AT+CWCOUNTRY?"));
        Assert.Equal("+CWLAP:(\"low\")\r\n" + Ok, bench.Command("AT+CWLAP"));
        Assert.Equal(Ok, bench.Command("AT+CWCOUNTRY=1,\"JP\",2,13"));
        Assert.Equal("+CWLAP:(\"high\")\r\n" + Ok, bench.Command("AT+CWLAP"));
        Assert.Equal("+CWJAP:3\r\n" + Error, bench.Command("AT+CWJAP=\"low\",\"\""));
        bench.Command("AT+RST");
        bench.Quiet();
        Assert.Equal("+CWCOUNTRY:0,\"CN\",1,13\r\n" + Ok, bench.Command("AT+CWCOUNTRY?"));
    }

    [Theory]
    [InlineData("esp-at", "AT+CWCOUNTRY=2,\"CN\",1,13", Error)]
    [InlineData("esp-at", "AT+CWCOUNTRY=1,\"CHNX\",1,13", Error)]
    [InlineData("esp-at", "AT+CWCOUNTRY=1,\"CN\",0,13", Error)]
    [InlineData("esp-at", "AT+CWCOUNTRY=1,\"CN\",1,15", Error)]
    [InlineData("esp-at", "AT+CWCOUNTRY=1,\"CN\",1", Error)]
    [InlineData("esp-at-2.0", "AT+CWCOUNTRY?", Error)]
    [InlineData("esp-at-1.7", "AT+CWCOUNTRY?", Error)]
    [InlineData("esp-at-1.7", "AT+CWCOUNTRY_CUR?", "+CWCOUNTRY_CUR:0,\"CN\",1,13\r\n" + Ok)]
    public async Task A_country_has_its_limits(string personality, string line, string answer)
    {
        await using Bench bench = new Bench(personality).Quiet();

        Assert.Equal(answer, bench.Command(line));
    }

    [Fact]
    public async Task A_module_that_names_itself_is_found_by_its_name_while_it_has_an_address()
    {
        await using Bench bench = new Bench().Online();

        Assert.Equal(Ok, bench.Command("AT+MDNS=1,\"lamp\",\"_iot\",8080"));
        Assert.Equal("+CIPDOMAIN:\"192.168.1.77\"\r\n" + Ok, bench.Command("AT+CIPDOMAIN=\"lamp.local\""));
        bench.Command("AT+CWQAP");
        Assert.Null(bench.Module.World.FindName("lamp.local"));
        bench.Online();
        Assert.NotNull(bench.Module.World.FindName("lamp.local"));
        Assert.Equal(Ok, bench.Command("AT+MDNS=0"));
        Assert.Equal(Error, bench.Command("AT+CIPDOMAIN=\"lamp.local\""));
        Assert.Equal(Error, bench.Command("AT+MDNS=1,\"lamp\""));
        Assert.Equal(Error, bench.Command("AT+MDNS=1,\"lamp\",\"_iot\",0"));
    }

    private static Bench With(
        string name, string value, string? personality = null, Func<SimulatorOptions, SimulatorOptions>? change = null) =>
        new(personality, options => (change?.Invoke(options) ?? options) with
        {
            Switches = new Dictionary<string, string> { [name] = value },
        });
}
