namespace ModemDriver.Simulator.Tests;

/// <summary>The module as an access point, and the stations that join it.</summary>
public class SoftApTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";
    private const string Phone = "5c:cf:7f:00:00:01";
    private const string Tablet = "5c:cf:7f:00:00:02";

    [Fact]
    public async Task A_station_joins_is_listed_and_leaves()
    {
        await using Bench bench = Open();
        bench.Module.World.AddStation(Station(Phone));

        Assert.Equal(
            $"+STA_CONNECTED:\"{Phone}\"\r\n+DIST_STA_IP:\"{Phone}\",\"192.168.4.2\"\r\n", bench.Take());
        Assert.Equal($"+CWLIF:192.168.4.2,{Phone}\r\n" + Ok, bench.Command("AT+CWLIF"));
        bench.Module.World.AddStation(Station(Tablet));
        Assert.EndsWith("\"192.168.4.3\"\r\n", bench.Take(), StringComparison.Ordinal);
        bench.Module.World.RemoveStation(Phone);
        Assert.Equal($"+STA_DISCONNECTED:\"{Phone}\"\r\n", bench.Take());
        Assert.Equal($"+CWLIF:192.168.4.3,{Tablet}\r\n" + Ok, bench.Command("AT+CWLIF"));
    }

    [Fact]
    public async Task Joining_takes_its_time_and_may_be_broken_off()
    {
        await using Bench bench = Open(change: options => options with
        {
            Timings = ModuleTimings.Instant with
            {
                Associate = TimeSpan.FromSeconds(1), ObtainAddress = TimeSpan.FromSeconds(2),
            },
        });
        bench.Module.World.AddStation(Station(Phone));
        Assert.Equal("", bench.After(TimeSpan.FromMilliseconds(900)));
        Assert.Equal(Ok, bench.Command("AT+CWLIF"));
        Assert.Equal($"+STA_CONNECTED:\"{Phone}\"\r\n", bench.After(TimeSpan.FromMilliseconds(200)));
        Assert.Equal($"+CWLIF:0.0.0.0,{Phone}\r\n" + Ok, bench.Command("AT+CWLIF"));
        bench.Module.World.RemoveStation(Phone);
        Assert.Equal($"+STA_DISCONNECTED:\"{Phone}\"\r\n", bench.After(TimeSpan.FromSeconds(3)));

        bench.Module.World.AddStation(Station(Tablet));
        bench.After(TimeSpan.FromMilliseconds(500));
        bench.Module.World.RemoveStation(Tablet);
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public async Task NonOS_lists_stations_without_a_prefix_and_cannot_throw_them_out()
    {
        await using Bench bench = new Bench("esp-at-1.7").Quiet();
        bench.Command("AT+CWMODE=3");
        bench.Module.World.AddStation(Station(Phone));
        bench.Take();

        Assert.Equal($"192.168.4.2,{Phone}\r\n" + Ok, bench.Command("AT+CWLIF"));
        Assert.Equal(Error, bench.Command("AT+CWQIF"));
    }

    [Fact]
    public async Task Name_and_password_decide_who_gets_in()
    {
        await using Bench bench = Open();
        bench.Module.World.AddStation(Station(Phone) with { Ssid = "lamp", Password = "12345678" });
        bench.Module.World.AddStation(Station(Tablet) with { Ssid = "lamp", Password = "wrong" });
        Assert.Equal("", bench.Take());

        Assert.Equal(
            $"+STA_CONNECTED:\"{Phone}\"\r\n+DIST_STA_IP:\"{Phone}\",\"192.168.4.2\"\r\n" + Ok,
            bench.Command("AT+CWSAP=\"lamp\",\"12345678\",5,3"));
        Assert.Equal("+CWSAP:\"lamp\",\"12345678\",5,3,4,0\r\n" + Ok, bench.Command("AT+CWSAP?"));
        string all = bench.Command("AT+CWSAP=\"lamp\",\"\",5,0,1,1");
        Assert.Contains($"+STA_DISCONNECTED:\"{Phone}\"\r\n", all, StringComparison.Ordinal);
        Assert.Equal(2, all.Split("+STA_CONNECTED").Length); // One of the two: there is room for one.
        Assert.Equal("+CWSAP:\"lamp\",\"\",5,0,1,1\r\n" + Ok, bench.Command("AT+CWSAP?"));
    }

    [Theory]
    [InlineData("AT+CWSAP=\"lamp\",\"1234567\",5,3")]
    [InlineData("AT+CWSAP=\"lamp\",\"12345678\",5,1")]
    [InlineData("AT+CWSAP=\"lamp\",\"12345678\",5,5")]
    [InlineData("AT+CWSAP=\"lamp\",\"12345678\",0,3")]
    [InlineData("AT+CWSAP=\"lamp\",\"12345678\",15,3")]
    [InlineData("AT+CWSAP=\"lamp\",\"12345678\",5,3,9")]
    [InlineData("AT+CWSAP=\"lamp\",\"12345678\",5,3,0")]
    [InlineData("AT+CWSAP=\"lamp\",\"12345678\",5,3,4,2")]
    [InlineData("AT+CWSAP=\"lamp\",\"12345678\",5")]
    [InlineData("AT+CWSAP=\"\",\"12345678\",5,3")]
    [InlineData("AT+CWQIF=\"5c:cf:7f:00:00:09\"")]
    [InlineData("AT+CWQIF=5")]
    [InlineData("AT+CIPAP=\"192.168.4\"")]
    [InlineData("AT+CIPAP=\"10.0.0.1\",\"10.0.0.1\"")]
    [InlineData("AT+CIPAPMAC=\"03:00:00:00:00:01\"")]
    [InlineData("AT+CWDHCPS=1,0,\"192.168.4.5\",\"192.168.4.9\"")]
    [InlineData("AT+CWDHCPS=1,2881,\"192.168.4.5\",\"192.168.4.9\"")]
    [InlineData("AT+CWDHCPS=1,3,\"192.168.4.9\",\"192.168.4.5\"")]
    [InlineData("AT+CWDHCPS=1,3,\"192.168.5.5\",\"192.168.5.9\"")]
    [InlineData("AT+CWDHCPS=1,3,\"192.168.4.1\",\"192.168.4.9\"")]
    [InlineData("AT+CWDHCPS=1,3,\"192.168.4.2\",\"192.168.4.102\"")]
    [InlineData("AT+CWDHCPS=1,3")]
    public async Task A_wrong_setting_is_refused(string line)
    {
        await using Bench bench = Open();

        Assert.Equal(Error, bench.Command(line));
        Assert.Equal("+CWSAP:\"ESP_AABBCC\",\"\",1,0,4,0\r\n" + Ok, bench.Command("AT+CWSAP?"));
        Assert.Equal("+CWDHCPS:120,192.168.4.2,192.168.4.101" + Ok, bench.Command("AT+CWDHCPS?"));
    }

    [Theory]
    [InlineData("AT+CWSAP?")]
    [InlineData("AT+CWSAP=\"lamp\",\"12345678\",5,3")]
    [InlineData("AT+CWLIF")]
    [InlineData("AT+CWQIF")]
    [InlineData("AT+CWDHCPS=1,3,\"192.168.4.5\",\"192.168.4.9\"")]
    public async Task Without_the_mode_there_is_no_SoftAP(string line)
    {
        await using Bench bench = new Bench().Quiet();

        Assert.Equal(Error, bench.Command(line));
    }

    [Fact]
    public async Task A_station_that_was_thrown_out_comes_back_when_it_has_been_away()
    {
        await using Bench bench = Open();
        bench.Module.World.AddStation(Station(Phone));
        bench.Module.World.AddStation(Station(Tablet));
        bench.Take();

        Assert.Equal($"+STA_DISCONNECTED:\"{Phone}\"\r\n" + Ok, bench.Command($"AT+CWQIF=\"{Phone.ToUpperInvariant()}\""));
        Assert.Equal($"+STA_DISCONNECTED:\"{Tablet}\"\r\n" + Ok, bench.Command("AT+CWQIF"));
        bench.Module.World.RemoveStation(Phone);
        Assert.Equal("", bench.Take());
        bench.Module.World.AddStation(Station(Phone));
        Assert.StartsWith($"+STA_CONNECTED:\"{Phone}\"\r\n", bench.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pool_is_what_was_set_and_follows_the_address()
    {
        await using Bench bench = Open();

        Assert.Equal(Ok, bench.Command("AT+CWDHCPS=1,3,\"192.168.4.50\",\"192.168.4.50\""));
        Assert.Equal("+CWDHCPS:3,192.168.4.50,192.168.4.50" + Ok, bench.Command("AT+CWDHCPS?"));
        bench.Module.World.AddStation(Station(Phone));
        bench.Module.World.AddStation(Station(Tablet));
        Assert.Equal(
            $"+STA_CONNECTED:\"{Phone}\"\r\n+DIST_STA_IP:\"{Phone}\",\"192.168.4.50\"\r\n"
            + $"+STA_CONNECTED:\"{Tablet}\"\r\n", bench.Take());
        bench.Command("AT+CIPAP=\"10.1.0.1\"");
        Assert.Equal(
            "+CIPAP:ip:\"10.1.0.1\"\r\n+CIPAP:gateway:\"10.1.0.1\"\r\n+CIPAP:netmask:\"255.255.255.0\"\r\n" + Ok,
            bench.Command("AT+CIPAP?"));
        Assert.Equal("+CWDHCPS:120,10.1.0.2,10.1.0.101" + Ok, bench.Command("AT+CWDHCPS?"));
        Assert.Contains("+CIFSR:APIP,\"10.1.0.1\"\r\n", bench.Command("AT+CIFSR"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_DHCP_server_a_station_gets_no_address()
    {
        await using Bench bench = Open();
        Assert.Equal(Ok, bench.Command("AT+CWDHCP=0,2"));
        Assert.Equal("+CWDHCP:1" + Ok, bench.Command("AT+CWDHCP?"));

        bench.Module.World.AddStation(Station(Phone));

        Assert.Equal($"+STA_CONNECTED:\"{Phone}\"\r\n", bench.Take());
        Assert.Equal($"+CWLIF:0.0.0.0,{Phone}\r\n" + Ok, bench.Command("AT+CWLIF"));
    }

    [Theory]
    [InlineData("esp-at-1.7", "AT+CWDHCP_CUR=0,0", "AT+CWDHCP_CUR?", "+CWDHCP_CUR:2")]
    [InlineData("esp-at-1.7", "AT+CWDHCP_CUR=1,0", "AT+CWDHCP_CUR?", "+CWDHCP_CUR:1")]
    [InlineData("esp-at-1.7", "AT+CWDHCP_CUR=2,0", "AT+CWDHCP_CUR?", "+CWDHCP_CUR:0")]
    [InlineData("esp-at-1.7", "AT+CWDHCP_CUR=2,0", "AT+CWDHCP_DEF?", "+CWDHCP_DEF:3")]
    [InlineData("esp-at", "AT+CWDHCP=0,1", "AT+CWDHCP?", "+CWDHCP:2")]
    [InlineData("esp-at", "AT+CWDHCP=0,3", "AT+CWDHCP?", "+CWDHCP:0")]
    public async Task The_bits_of_CWDHCP_are_those_of_the_generation(string personality, string set, string ask, string bits)
    {
        await using Bench bench = new Bench(personality).Quiet();

        Assert.Equal(Ok, bench.Command(set));
        Assert.Equal(bits + Ok, bench.Command(ask));
    }

    [Fact]
    public async Task NonOS_keeps_CUR_and_DEF_apart_and_a_restart_takes_DEF()
    {
        await using Bench bench = new Bench("esp-at-1.7").Quiet();
        bench.Command("AT+CWMODE_DEF=2");
        Assert.Equal(Ok, bench.Command("AT+CWSAP_DEF=\"stored\",\"\",3,0"));
        Assert.Equal(Ok, bench.Command("AT+CWSAP_CUR=\"now\",\"\",4,0"));
        Assert.Equal(Ok, bench.Command("AT+CIPAPMAC_CUR=\"1A:fe:34:00:00:01\""));

        Assert.Equal("+CWSAP_CUR:\"now\",\"\",4,0,4,0\r\n" + Ok, bench.Command("AT+CWSAP_CUR?"));
        Assert.Equal("+CWSAP_DEF:\"stored\",\"\",3,0,4,0\r\n" + Ok, bench.Command("AT+CWSAP_DEF?"));
        Assert.Equal("+CIPAPMAC_CUR:\"1a:fe:34:00:00:01\"\r\n" + Ok, bench.Command("AT+CIPAPMAC_CUR?"));
        bench.Command("AT+RST");
        bench.Quiet();
        Assert.Equal("+CWSAP_CUR:\"stored\",\"\",3,0,4,0\r\n" + Ok, bench.Command("AT+CWSAP_CUR?"));
        Assert.Equal(
            "+CIFSR:APIP,\"192.168.4.1\"\r\n+CIFSR:APMAC,\"a6:cf:12:aa:bb:cc\"\r\n" + Ok, bench.Command("AT+CIFSR"));
    }

    [Fact]
    public async Task The_end_of_the_mode_drops_everybody_and_a_restart_takes_them_back()
    {
        await using Bench bench = Open();
        bench.Module.World.AddStation(Station(Phone));
        bench.Take();

        Assert.Equal($"+STA_DISCONNECTED:\"{Phone}\"\r\n" + Ok, bench.Command("AT+CWMODE=1"));
        bench.Command("AT+CWMODE=2");
        bench.Take();
        Assert.Equal(
            Ok + $"\r\nready\r\n+STA_CONNECTED:\"{Phone}\"\r\n+DIST_STA_IP:\"{Phone}\",\"192.168.4.2\"\r\n",
            bench.Command("AT+RST"));
    }

    [Fact]
    public async Task Links_of_guests_outlive_the_access_point_but_not_the_SoftAP()
    {
        await using Bench bench = new Bench().Online();
        bench.Command("AT+CWMODE=3");
        bench.Command("AT+CIPMUX=1");
        bench.Command("AT+CIPSERVER=1,80");
        bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=4,\"TCP\",\"10.0.0.1\",1");
        using InMemoryPeer guest = bench.Network.Connect("192.168.4.1", 80);
        Assert.Equal("0,CONNECT\r\n", bench.Take());

        bench.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);
        Assert.Equal("WIFI DISCONNECT\r\n4,CLOSED\r\n", bench.Take());
        bench.Write(guest, "hi");
        Assert.Equal("\r\n+IPD,0,2:hi", bench.Take());
        Assert.Equal("0,CLOSED\r\n" + Ok, bench.Command("AT+CWSAP=\"lamp\",\"\",1,0"));
        using InMemoryPeer second = bench.Network.Connect("192.168.4.1", 80);
        Assert.Equal("0,CONNECT\r\n", bench.Take());
        Assert.Equal("0,CLOSED\r\n" + Ok, bench.Command("AT+CWMODE=1"));
    }

    [Fact]
    public async Task With_SYSSTORE_0_a_restart_takes_the_former_settings()
    {
        await using Bench bench = Open();
        bench.Command("AT+SYSSTORE=0");
        bench.Command("AT+CWSAP=\"lamp\",\"\",3,0");
        bench.Command("AT+CIPAP=\"10.1.0.1\"");
        bench.Command("AT+CWDHCPS=1,3,\"10.1.0.5\",\"10.1.0.6\"");
        bench.Command("AT+CIPAPMAC=\"1a:fe:34:00:00:01\"");
        bench.Command("AT+CWMODE=3");
        bench.Command("AT+RST");
        bench.Quiet();

        Assert.Equal("+CWMODE:2\r\n" + Ok, bench.Command("AT+CWMODE?"));
        Assert.Equal("+CWSAP:\"ESP_AABBCC\",\"\",1,0,4,0\r\n" + Ok, bench.Command("AT+CWSAP?"));
        Assert.Equal("+CWDHCPS:120,192.168.4.2,192.168.4.101" + Ok, bench.Command("AT+CWDHCPS?"));
        Assert.Equal("+CIPAPMAC:\"a6:cf:12:aa:bb:cc\"\r\n" + Ok, bench.Command("AT+CIPAPMAC?"));
    }

    [Fact]
    public async Task An_ESP32_takes_ten_stations_and_an_ESP8266_eight()
    {
        foreach ((string name, int most) in new[] { ("esp-at-esp32", 10), ("esp-at-2.3", 8) })
        {
            await using Bench bench = new Bench(name).Quiet();
            bench.Command("AT+CWMODE=2");
            Assert.Equal(Error, bench.Command($"AT+CWSAP=\"many\",\"\",1,0,{most + 1}"));
            Assert.Equal(Ok, bench.Command($"AT+CWSAP=\"many\",\"\",1,0,{most}"));
            for (int i = 0; i < 12; i++)
            {
                bench.Module.World.AddStation(Station($"5c:cf:7f:00:01:{i:x2}") with { Ssid = "many" });
            }

            bench.Take();
            Assert.Equal(most + 1, bench.Command("AT+CWLIF").Split("+CWLIF:").Length);
        }
    }

    private static WiFiStation Station(string mac) => new() { Mac = mac, Ssid = "ESP_AABBCC" };

    private static Bench Open(Func<SimulatorOptions, SimulatorOptions>? change = null)
    {
        Bench bench = new Bench(change: change).Quiet();
        Assert.Equal(Ok, bench.Command("AT+CWMODE=2"));
        return bench;
    }
}
