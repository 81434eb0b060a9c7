namespace ModemDriver.Simulator.Tests;

/// <summary>The exact bytes of each command, without echo: ESP-AT 2.2.1 unless the test says another.</summary>
public class CommandTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";

    [Theory]
    [InlineData("AT", Ok)]
    [InlineData("at", Ok)]
    [InlineData("At", Error)]
    [InlineData("ATE2", Error)]
    [InlineData("ATZ", Error)]
    [InlineData("AT+", Error)]
    [InlineData("AT+gmr", Error)]
    [InlineData("AT+GMR?", Error)]
    [InlineData("AT+GMR=1", Error)]
    [InlineData("AT+CIPMUX", Error)]
    [InlineData("AT+CIPMUX=2", Error)]
    [InlineData("AT+CIPMUX=", Error)]
    [InlineData("AT+CIPMUX=1,1", Error)]
    [InlineData("AT+CIPMUX=\"1\"", Error)]
    [InlineData("AT+CIPMUX=+1", Error)]
    [InlineData("AT+CIPMUX= 1", Error)]
    [InlineData("AT+CIPMUX?1", Error)]
    [InlineData("AT+CIPMUX?", "+CIPMUX:0\r\n" + Ok)]
    [InlineData("AT+CIPDINFO?", "+CIPDINFO:false" + Ok)]
    [InlineData("AT+CIPRECVMODE?", "+CIPRECVMODE:0\r\n" + Ok)]
    [InlineData("AT+CIPRECVLEN?", "+CIPRECVLEN:-1\r\n" + Ok)]
    [InlineData("AT+CIPSTATUS", "STATUS:5\r\n" + Ok)]
    [InlineData("AT+CIPSTATE?", Error)]
    [InlineData("AT+CIPSTO?", "+CIPSTO:180\r\n" + Ok)]
    [InlineData("AT+CWMODE?", "+CWMODE:1\r\n" + Ok)]
    [InlineData("AT+CWMODE=?", Error)]
    [InlineData("AT+CWMODE=4", Error)]
    [InlineData("AT+CWMODE_CUR=1", Error)]
    [InlineData("AT+CWJAP?", Ok)]
    [InlineData("AT+CWSTATE?", "+CWSTATE:0,\"\"\r\n" + Ok)]
    [InlineData("AT+CWRECONNCFG?", "+CWRECONNCFG:0,0\r\n" + Ok)]
    [InlineData("AT+CWAUTOCONN?", "+CWAUTOCONN:1" + Ok)]
    [InlineData("AT+CWDHCP?", "+CWDHCP:3" + Ok)]
    [InlineData("AT+CWHOSTNAME?", "+CWHOSTNAME:ESP_AABBCC\r\n" + Ok)]
    [InlineData("AT+CIPSTAMAC?", "+CIPSTAMAC:\"a4:cf:12:aa:bb:cc\"\r\n" + Ok)]
    [InlineData("AT+CIPSTAMAC=\"01:00:00:00:00:00\"", Error)]
    [InlineData("AT+CIFSR", "+CIFSR:STAIP,\"0.0.0.0\"\r\n+CIFSR:STAMAC,\"a4:cf:12:aa:bb:cc\"\r\n" + Ok)]
    [InlineData("AT+CIPDNS?", "+CIPDNS:0,\"192.168.1.1\"\r\n" + Ok)]
    [InlineData("AT+SYSSTORE?", "+SYSSTORE:1\r\n" + Ok)]
    [InlineData("AT+SYSMSG?", "+SYSMSG:0" + Ok)]
    [InlineData("AT+SYSMSG=8", Error)]
    [InlineData("AT+SYSLOG?", "+SYSLOG:0\r\n" + Ok)]
    [InlineData("AT+SYSRAM?", "+SYSRAM:44320,41892" + Ok)]
    [InlineData("AT+SLEEP?", "+SLEEP:0\r\n" + Ok)]
    [InlineData("AT+SLEEP=4", Error)]
    [InlineData("AT+UART_CUR?", "+UART_CUR:115273,8,1,0,0\r\n" + Ok)]
    [InlineData("AT+UART_CUR=115200,8,1,0", Error)]
    [InlineData("AT+UART_CUR=79,8,1,0,0", Error)]
    [InlineData("AT+UART=115200,8,1,0,0", Error)]
    [InlineData("AT+CIPCLOSE", Error)]
    [InlineData("AT+CIPCLOSE=0", Error)]
    [InlineData("AT+CIPSEND", Error)]
    [InlineData("AT+CIPSEND=5", Error)]
    [InlineData("AT+CWSAP?", Error)]
    [InlineData("AT+CIPSNTPINTV?", Error)]
    [InlineData("AT+MQTTSNI=0,\"x\"", Error)]
    [InlineData("AT+RFPOWER=39", Error)]
    [InlineData("AT+RFPOWER=83", Error)]
    [InlineData("AT+RFPOWER=50,1", Error)]
    [InlineData("AT+RFPOWER=50", Ok)]
    [InlineData("AT+RFPOWER?", "+RFPOWER:78" + Ok)]
    [InlineData("AT+CWSTAPROTO?", "+CWSTAPROTO:7" + Ok)]
    [InlineData("AT+CWSTAPROTO=8", Error)]
    [InlineData("AT+CWAPPROTO?", "+CWAPPROTO:7" + Ok)]
    [InlineData("AT+CIPV6=2", Error)]
    [InlineData("AT+GSLP", Error)]
    [InlineData("AT+GSLP=-1", Error)]
    [InlineData("AT+IPR=9600", Error)]
    public async Task A_fresh_module_answers(string line, string answer)
    {
        await using var bench = new Bench().Quiet();

        Assert.Equal(answer, bench.Command(line));
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Theory]
    [InlineData("AT+CWMODE=?", "+CWMODE:(1-3)\r\n" + Ok)]
    [InlineData("AT+CWMODE_DEF?", "+CWMODE_DEF:1\r\n" + Ok)]
    [InlineData("AT+CWMODE=0", Error)]
    [InlineData("AT+CWJAP?", "No AP\r\n" + Ok)]
    [InlineData("AT+CIPRECVLEN?", "+CIPRECVLEN:0,0,0,0,0" + Ok)]
    [InlineData("AT+CIPDINFO?", "+CIPDINFO:FALSE" + Ok)]
    [InlineData("AT+CIPCLOSE", "UNLINK\r\n" + Error)]
    [InlineData("AT+CIPCLOSE=0", "MUX=0\r\n" + Error)]
    [InlineData("AT+CIPSEND=5", "link is not valid\r\n" + Error)]
    [InlineData("AT+UART_DEF?", "+UART_DEF:0,0,0,0,0\r\n" + Ok)]
    [InlineData("AT+SYSSTORE=0", Error)]
    [InlineData("AT+SYSMSG?", Error)]
    [InlineData("AT+SYSMSG_CUR?", "+SYSMSG_CUR:0" + Ok)]
    [InlineData("AT+CIPSTARTEX=\"TCP\",\"1.2.3.4\",5", Error)]
    [InlineData("AT+CIPSTO=10", Error)]
    [InlineData("AT+CIPDNS_CUR?", "+CIPDNS_CUR:192.168.1.1\r\n" + Ok)]
    [InlineData("AT+SYSRAM?", "+SYSRAM:44320" + Ok)]
    public async Task A_fresh_NonOS_module_answers(string line, string answer)
    {
        await using var bench = new Bench("esp-at-1.7").Quiet();

        Assert.Equal(answer, bench.Command(line));
    }

    [Theory]
    [InlineData("esp-at-1.6", "AT+CIPRECVMODE=1", Error)]
    [InlineData("esp-at-1.7", "AT+CIPRECVMODE=1", Ok)]
    [InlineData("esp-at-2.0", "AT+CIPRECVMODE=1", Error)]
    [InlineData("esp-at-2.0", "AT+SYSSTORE=0", Error)]
    [InlineData("esp-at-2.1", "AT+SYSSTORE=0", Ok)]
    [InlineData("esp-at-2.1", "AT+CWSTATE?", Error)]
    [InlineData("esp-at-2.1", "AT+SYSMSG=4", Error)]
    [InlineData("esp-at", "AT+SYSMSG=4", Ok)]
    [InlineData("esp-at", "AT+CIPSTATE?", Error)]
    [InlineData("esp-at-2.3", "AT+CIPSTATE?", Ok)]
    [InlineData("esp-at-1.7", "AT+CWSTAPROTO?", Error)]
    [InlineData("esp-at-2.1", "AT+CIPV6?", Error)]
    [InlineData("esp-at-1.7", "AT+RFPOWER=0", Ok)]
    [InlineData("esp-at-1.7", "AT+RFPOWER?", Error)]
    [InlineData("esp-at-esp32", "AT+RFPOWER?", "+RFPOWER:78,5,5,5" + Ok)]
    [InlineData("esp-at-esp32", "AT+RFPOWER=84,1,1,1", Ok)]
    [InlineData("esp-at-esp32", "AT+RFPOWER=84,8", Error)]
    [InlineData("esp-at-esp32", "AT+UART_CUR=5000000,8,1,0,0", Ok)]
    [InlineData("esp-at-2.3", "AT+UART_CUR=5000000,8,1,0,0", Error)]
    [InlineData("esp-at-esp32", "AT+UART_CUR?", "+UART_CUR:115201,8,1,0,0\r\n" + Ok)]
    public async Task Releases_differ(string personality, string line, string answer)
    {
        await using var bench = new Bench(personality).Quiet();

        Assert.Equal(answer, bench.Command(line));
    }

    [Fact]
    public void Every_personality_boots_and_names_itself()
    {
        foreach (string name in PersonalityCatalog.Names)
        {
            var bench = new Bench(name).Quiet();
            Assert.StartsWith(
                name.StartsWith("esp-at", StringComparison.Ordinal) ? "AT version:" : "\r\nAirM2M_",
                bench.Command(name.StartsWith("esp-at", StringComparison.Ordinal) ? "AT+GMR" : "ATI"),
                StringComparison.Ordinal);
            Assert.NotEmpty(PersonalityCatalog.Describe(name));
        }
    }

    [Fact]
    public async Task The_list_of_commands_names_each_with_its_forms()
    {
        await using var bench = new Bench().Quiet();

        string list = bench.Command("AT+CMD?");

        Assert.StartsWith("+CMD:0,\"AT\",0,0,0,1\r\n", list, StringComparison.Ordinal);
        Assert.Contains(",\"AT+CIPMUX\",0,1,1,0\r\n", list, StringComparison.Ordinal);
        Assert.DoesNotContain("CIPSTATE\"", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_is_stored_unless_SYSSTORE_says_otherwise()
    {
        await using var bench = new Bench().Quiet();
        Assert.Equal(Ok, bench.Command("AT+CWMODE=3"));
        Assert.Equal(Ok, bench.Command("AT+SYSSTORE=0"));
        Assert.Equal(Ok, bench.Command("AT+CWMODE=2"));
        bench.Command("AT+RST");
        bench.Quiet();

        Assert.Equal("+CWMODE:3\r\n" + Ok, bench.Command("AT+CWMODE?"));
        Assert.Equal("+SYSSTORE:1\r\n" + Ok, bench.Command("AT+SYSSTORE?"));
    }

    [Fact]
    public async Task A_CUR_setting_is_forgotten_and_a_DEF_setting_is_not()
    {
        await using var bench = new Bench("esp-at-1.7").Quiet();
        bench.Command("AT+CWMODE_DEF=3");
        bench.Command("AT+CWMODE_CUR=2");
        Assert.Equal("+CWMODE_CUR:2\r\n" + Ok, bench.Command("AT+CWMODE_CUR?"));
        bench.Command("AT+RST");
        bench.Quiet();

        Assert.Equal("+CWMODE_CUR:3\r\n" + Ok, bench.Command("AT+CWMODE_CUR?"));
    }

    [Fact]
    public async Task RESTORE_closes_links_from_the_top_and_empties_the_flash()
    {
        await using var bench = new Bench().Online();
        bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPMUX=1");
        bench.Command("AT+CIPSTART=0,\"TCP\",\"10.0.0.1\",1");
        bench.Command("AT+CIPSTART=3,\"TCP\",\"10.0.0.1\",1");
        bench.Command("AT+CWMODE=3");

        Assert.Equal("3,CLOSED\r\n0,CLOSED\r\n" + Ok + "\r\nready\r\n", bench.Command("AT+RESTORE"));
        Assert.Equal("AT+CWMODE?\r\n+CWMODE:1\r\n" + Ok, bench.Command("AT+CWMODE?"));
    }

    [Fact]
    public async Task A_static_address_counts_without_DHCP()
    {
        await using var bench = new Bench().Quiet();
        Assert.Equal(Ok, bench.Command("AT+CIPSTA=\"10.1.2.3\",\"10.1.2.1\",\"255.255.0.0\""));
        Assert.Equal("+CWDHCP:2" + Ok, bench.Command("AT+CWDHCP?"));
        bench.Command("AT+CWJAP=\"ModemDriver\",\"simulated!\"");

        Assert.Equal(
            "+CIPSTA:ip:\"10.1.2.3\"\r\n+CIPSTA:gateway:\"10.1.2.1\"\r\n+CIPSTA:netmask:\"255.255.0.0\"\r\n" + Ok,
            bench.Command("AT+CIPSTA?"));
    }

    [Fact]
    public async Task Leaving_station_mode_disconnects()
    {
        await using var bench = new Bench().Online();

        Assert.Equal("WIFI DISCONNECT\r\n" + Ok, bench.Command("AT+CWMODE=2"));
        Assert.Equal(Error, bench.Command("AT+CWLAP"));
        Assert.Equal(Error, bench.Command("AT+CWHOSTNAME=\"lamp\""));
        Assert.Equal(Error, bench.Command("AT+CWJAP=\"ModemDriver\",\"simulated!\""));
    }

    [Fact]
    public async Task An_ESP8266_sends_at_most_2048_bytes_and_an_ESP32_8192()
    {
        foreach ((string name, int most) in new[] { ("esp-at", 2048), ("esp-at-esp32", 8192) })
        {
            await using var bench = new Bench(name).Online();
            bench.Network.Listen("10.0.0.1", 1);
            bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");

            Assert.Equal(Error, bench.Command($"AT+CIPSEND={most + 1}"));
            Assert.Equal(Error, bench.Command("AT+CIPSEND=0"));
            Assert.Equal("\r\nOK\r\n\r\n>", bench.Command($"AT+CIPSEND={most}"));
            Assert.Equal(
                $"\r\nRecv {most} bytes\r\n\r\nSEND OK\r\n", bench.Send(new string('x', most)));
        }
    }

    [Fact]
    public async Task The_peer_is_shown_as_each_release_writes_it()
    {
        foreach ((string name, string shown) in new[]
        {
            ("esp-at-1.7", "10.0.0.1"), ("esp-at-2.0", "10.0.0.1"), ("esp-at-2.1", "\"10.0.0.1\""),
        })
        {
            await using var bench = new Bench(name).Online();
            InMemoryListener listener = bench.Network.Listen("10.0.0.1", 9);
            bench.Command("AT+CIPDINFO=1");
            bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",9");
            bench.Write(bench.Accept(listener), "hi");

            Assert.Equal($"\r\n+IPD,2,{shown},9:hi", bench.Take());
        }
    }

    [Theory]
    [InlineData("536", 536)]
    [InlineData("1460", 1460)]
    [InlineData("2920", 2920)]
    public async Task Builds_differ_in_how_much_they_push_at_once(string value, int largest)
    {
        await using var bench = new Bench(change: TransparentTests.Switch("largest-ipd", value)).Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 9);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",9");
        bench.Write(bench.Accept(listener), new string('x', largest + 1));

        Assert.Equal($"\r\n+IPD,{largest}:{new string('x', largest)}\r\n+IPD,1:x", bench.Take());
    }

    [Theory]
    [InlineData("noticed", "\r\n+IPD,3,5\r\n", "\r\n+IPD,3,3\r\n")]
    [InlineData("silent", "", "")]
    public async Task Release_2_0_may_have_a_passive_mode_of_its_own(string value, string notice, string second)
    {
        await using var bench = new Bench("esp-at-2.0", TransparentTests.Switch("passive-in-2.0", value)).Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 9);
        bench.Command("AT+CIPMUX=1");
        bench.Command("AT+CIPDINFO=1");
        Assert.Equal(Ok, bench.Command("AT+CIPRECVMODE=1"));
        bench.Command("AT+CIPSTART=3,\"TCP\",\"10.0.0.1\",9");
        bench.Write(bench.Accept(listener), "hello");

        Assert.Equal(notice, bench.Take());
        Assert.Equal("+CIPRECVLEN:-1,-1,-1,5,-1\r\n" + Ok, bench.Command("AT+CIPRECVLEN?"));
        Assert.Equal("+CIPRECVDATA,3,2:he" + Ok + second, bench.Command("AT+CIPRECVDATA=3,2"));
        Assert.Equal("+CIPRECVDATA,3,3:llo" + Ok, bench.Command("AT+CIPRECVDATA=3,99"));
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("silent")]
    public async Task The_switch_of_2_0_does_nothing_elsewhere(string value)
    {
        await using var bench = new Bench(change: TransparentTests.Switch("passive-in-2.0", value)).Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 9);
        Assert.Equal(Ok, bench.Command("AT+CIPRECVMODE=1"));
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",9");
        bench.Write(bench.Accept(listener), "hello");

        Assert.Equal("\r\n+IPD,5\r\n", bench.Take());
    }

    [Fact]
    public async Task A_passive_read_shows_the_peer_on_request()
    {
        await using var bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 9);
        bench.Command("AT+CIPRECVMODE=1");
        bench.Command("AT+CIPDINFO=1");
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",9");
        bench.Write(bench.Accept(listener), "hi");

        Assert.Equal("\r\n+IPD,2\r\n", bench.Take());
        Assert.Equal("+CIPRECVDATA:2,\"10.0.0.1\",9,hi" + Ok, bench.Command("AT+CIPRECVDATA=100"));
    }

    [Fact]
    public async Task A_passive_link_stops_reading_its_peer_when_the_window_is_full()
    {
        await using var bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 9);
        bench.Command("AT+CIPRECVMODE=1");
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",9");
        bench.Write(bench.Accept(listener), new string('x', 10_000));

        Assert.StartsWith("\r\n+IPD,", bench.Take(), StringComparison.Ordinal);
        Assert.Equal("+CIPRECVLEN:5760\r\n" + Ok, bench.Command("AT+CIPRECVLEN?"));
        string read = bench.Command("AT+CIPRECVDATA=1000");
        Assert.StartsWith("+CIPRECVDATA:1000,x", read, StringComparison.Ordinal);
        Assert.Equal("+CIPRECVLEN:5760\r\n" + Ok, bench.Command("AT+CIPRECVLEN?"));
    }

    [Fact]
    public async Task A_silent_access_point_costs_the_time_of_the_command_and_code_1()
    {
        await using var bench = new Bench(change: options => options with
        {
            World = new SimulatedWorld(
                new AccessPoint { Ssid = "mute", Behaviour = AccessPointBehaviour.Silent },
                new AccessPoint { Ssid = "full", Bssid = "02:00:00:00:00:02", Behaviour = AccessPointBehaviour.Refusing },
                new AccessPoint
                {
                    Ssid = "dry", Bssid = "02:00:00:00:00:03", Security = WiFiSecurity.Open,
                    Behaviour = AccessPointBehaviour.WithoutDhcp,
                }),
        }).Quiet();

        Assert.Equal("", bench.Command("AT+CWJAP=\"mute\",\"\",,,,,,5"));
        Assert.Equal("", bench.After(TimeSpan.FromMilliseconds(4990)));
        Assert.Equal("+CWJAP:1\r\n" + Error, bench.After(TimeSpan.FromMilliseconds(10)));
        Assert.Equal("+CWJAP:4\r\n" + Error, bench.Command("AT+CWJAP=\"full\",\"\""));
        Assert.Equal("WIFI CONNECTED\r\n", bench.Command("AT+CWJAP=\"dry\",\"\""));
        Assert.Equal("WIFI DISCONNECT\r\n+CWJAP:1\r\n" + Error, bench.After(TimeSpan.FromSeconds(15)));
    }

    [Fact]
    public async Task A_black_hole_fails_after_the_network_has_given_up()
    {
        await using var bench = new Bench().Online();
        bench.Network.BlackHole("10.0.0.1", 1);

        Assert.Equal("", bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1"));
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(17)));
        Assert.Equal(Error, bench.After(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task A_reset_peer_is_a_closed_link()
    {
        await using var bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 9);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",9");
        bench.Accept(listener).Reset();

        Assert.Equal("CLOSED\r\n", bench.Take());
        Assert.Equal("STATUS:4\r\n" + Ok, bench.Command("AT+CIPSTATUS"));
    }

    [Fact]
    public async Task CIPTCPOPT_is_kept_per_link()
    {
        await using var bench = new Bench().Quiet();
        bench.Command("AT+CIPMUX=1");
        Assert.Equal(Ok, bench.Command("AT+CIPTCPOPT=2,5,1,3000"));

        Assert.Contains("+CIPTCPOPT:2,5,1,3000\r\n+CIPTCPOPT:3,-1,0,0\r\n", bench.Command("AT+CIPTCPOPT?"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task TCP_options_are_stored_unless_SYSSTORE_says_otherwise()
    {
        await using var bench = new Bench().Quiet();
        bench.Command("AT+CIPTCPOPT=1,1,100");
        bench.Command("AT+SYSSTORE=0");
        bench.Command("AT+CIPTCPOPT=2,0,200");
        Assert.StartsWith("+CIPTCPOPT:0,2,0,200\r\n", bench.Command("AT+CIPTCPOPT?"), StringComparison.Ordinal);
        bench.Command("AT+RST");
        bench.Quiet();

        Assert.StartsWith("+CIPTCPOPT:0,1,1,100\r\n", bench.Command("AT+CIPTCPOPT?"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_holds_the_verdict_until_the_send_timeout()
    {
        await using var bench = new Bench().Online();
        bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPTCPOPT=-1,0,3000");
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");
        string said = "";
        for (int i = 0; i < 9 && !said.EndsWith("Recv 2048 bytes\r\n", StringComparison.Ordinal); i++)
        {
            bench.Command("AT+CIPSEND=2048");
            said = bench.Send(new string('x', 2048));
        }

        Assert.EndsWith("Recv 2048 bytes\r\n", said, StringComparison.Ordinal);
        Assert.Equal("", bench.After(TimeSpan.FromMilliseconds(2990)));
        Assert.Equal("\r\nSEND FAIL\r\n", bench.After(TimeSpan.FromMilliseconds(10)));
        Assert.Equal(Ok, bench.Command("AT"));
    }
}
