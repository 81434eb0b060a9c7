using System.Globalization;
using System.Text;

namespace ModemDriver.Simulator.Tests;

/// <summary>What the air holds, and what AT+CWLAP shows of it.</summary>
public class ScanTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";

    private static readonly AccessPoint Plain = new() { Ssid = "plain", Bssid = "02:00:00:00:00:0a", Channel = 3 };

    private static readonly AccessPoint Hidden = new()
    {
        Ssid = "secret", Bssid = "02:00:00:00:00:0b", Channel = 5, RssiDbm = -60, IsHidden = true, Password = "abcdefgh",
    };

    [Fact]
    public async Task A_neighbourhood_is_shown_strongest_first_with_every_kind_of_name_and_security()
    {
        await using Bench bench = In(SimulatedWorld.CreateNeighbourhood());

        Assert.Equal(
            "+CWLAP:(3,\"ModemDriver\",-48,\"02:4d:44:00:00:01\",6,-1,-1,4,4,7,0)\r\n"
            + "+CWLAP:(7,\"Home-5C1A\",-58,\"02:4d:44:00:00:02\",1,-1,-1,4,4,7,1)\r\n"
            + "+CWLAP:(6,\"Loft\",-62,\"02:4d:44:00:00:03\",1,-1,-1,4,4,7,0)\r\n"
            + "+CWLAP:(5,\"Acme Staff\",-66,\"02:4d:44:00:00:04\",3,-1,-1,4,4,7,0)\r\n"
            + "+CWLAP:(0,\"Caf\u00c3\u00a9 Nord, gratis\",-71,\"02:4d:44:00:00:05\",11,-1,-1,0,0,7,0)\r\n"
            + "+CWLAP:(4,\"Zum \"Hirsch\"\",-77,\"02:4d:44:00:00:06\",9,-1,-1,5,3,7,0)\r\n"
            + "+CWLAP:(3,\"\",-80,\"02:4d:44:00:00:07\",11,-1,-1,4,4,7,0)\r\n"
            + "+CWLAP:(1,\"old printer\",-86,\"02:4d:44:00:00:08\",13,-1,-1,1,1,7,0)\r\n"
            + Ok,
            bench.Command("AT+CWLAP"));
    }

    [Theory]
    [InlineData("esp-at-1.6", "+CWLAP:(3,\"plain\",-48,\"02:00:00:00:00:0a\",3,32767,0,4,4,7,0)\r\n")]
    [InlineData("esp-at-1.7", "+CWLAP:(3,\"plain\",-48,\"02:00:00:00:00:0a\",3,32767,0,4,4,7,0)\r\n")]
    [InlineData("esp-at-2.0", "+CWLAP:(3,\"plain\",-48,\"02:00:00:00:00:0a\",3,-1,-1,4,4,7,0)\r\n")]
    [InlineData("esp-at-2.3", "+CWLAP:(3,\"plain\",-48,\"02:00:00:00:00:0a\",3,-1,-1,4,4,7,0)\r\n")]
    public async Task A_line_has_the_fields_of_its_generation(string personality, string line)
    {
        await using Bench bench = In(new SimulatedWorld(Plain), personality);

        Assert.Equal(line + Ok, bench.Command("AT+CWLAP"));
    }

    [Theory]
    [InlineData("AT+CWLAP=\"plain\"", "plain")]
    [InlineData("AT+CWLAP=,\"02:00:00:00:00:0A\"", "plain")]
    [InlineData("AT+CWLAP=,,3", "plain")]
    [InlineData("AT+CWLAP=\"plain\",\"02:00:00:00:00:0a\",3", "plain")]
    [InlineData("AT+CWLAP=\"plain\",,,0,120,120", "plain")]
    [InlineData("AT+CWLAP=\"plain\",,,1", "plain")]
    [InlineData("AT+CWLAP=\"secret\"", "secret")]
    [InlineData("AT+CWLAP=\"secret\",,,1", "")]
    [InlineData("AT+CWLAP=,,5", "\"\"")]
    [InlineData("AT+CWLAP=\"plain\",,5", "")]
    [InlineData("AT+CWLAP=\"plai\"", "")]
    [InlineData("AT+CWLAP=,,4", "")]
    public async Task A_filter_leaves_what_it_names(string line, string found)
    {
        await using Bench bench = In(new SimulatedWorld(Plain, Hidden));

        string said = bench.Command(line);

        Assert.EndsWith(Ok, said, StringComparison.Ordinal);
        if (found.Length == 0)
        {
            Assert.Equal(Ok, said);
        }
        else
        {
            Assert.StartsWith($"+CWLAP:(3,\"{found.Trim('"')}\",", said, StringComparison.Ordinal);
            Assert.Equal(2, said.Split("+CWLAP:").Length);
        }
    }

    [Theory]
    [InlineData("AT+CWLAP=plain")]
    [InlineData("AT+CWLAP=\"plain\",5")]
    [InlineData("AT+CWLAP=\"plain\",\"02:00\"")]
    [InlineData("AT+CWLAP=,,15")]
    [InlineData("AT+CWLAP=,,,2")]
    [InlineData("AT+CWLAP=,,,0,1501,1501")]
    [InlineData("AT+CWLAP=,,,,,,1")]
    [InlineData("AT+CWLAPOPT=2,31")]
    [InlineData("AT+CWLAPOPT=1,2048")]
    [InlineData("AT+CWLAPOPT=1")]
    [InlineData("AT+CWLAPOPT?")]
    public async Task A_wrong_scan_is_refused(string line)
    {
        await using Bench bench = In(new SimulatedWorld(Plain));

        Assert.Equal(Error, bench.Command(line));
    }

    [Fact]
    public async Task Options_choose_fields_order_strength_and_security()
    {
        var open = new AccessPoint
        {
            Ssid = "open", Bssid = "02:00:00:00:00:0c", RssiDbm = -30, Security = WiFiSecurity.Open,
        };
        await using Bench bench = In(new SimulatedWorld(Hidden, open, Plain));

        Assert.Equal(Ok, bench.Command("AT+CWLAPOPT=0,2"));
        Assert.Equal("+CWLAP:(\"\")\r\n+CWLAP:(\"open\")\r\n+CWLAP:(\"plain\")\r\n" + Ok, bench.Command("AT+CWLAP"));
        bench.Command("AT+CWLAPOPT=1,6");
        Assert.Equal(
            "+CWLAP:(\"open\",-30)\r\n+CWLAP:(\"plain\",-48)\r\n+CWLAP:(\"\",-60)\r\n" + Ok, bench.Command("AT+CWLAP"));
        bench.Command("AT+CWLAPOPT=1,6,-48");
        Assert.Equal("+CWLAP:(\"open\",-30)\r\n+CWLAP:(\"plain\",-48)\r\n" + Ok, bench.Command("AT+CWLAP"));
        bench.Command("AT+CWLAPOPT=1,2,-100,1");
        Assert.Equal("+CWLAP:(\"open\")\r\n" + Ok, bench.Command("AT+CWLAP"));
    }

    [Fact]
    public async Task Sixty_networks_come_out_whole_at_the_rate_of_the_line()
    {
        AccessPoint[] many = [.. Enumerable.Range(1, 60).Select(number => new AccessPoint
        {
            Ssid = string.Create(CultureInfo.InvariantCulture, $"network {number:00} with a name of 32"),
            Bssid = string.Create(CultureInfo.InvariantCulture, $"02:00:00:00:01:{number:x2}"),
            RssiDbm = -30 - number,
        })];
        await using var bench = new Bench(change: options => options with
        {
            Unpaced = false, Timings = ModuleTimings.Instant, World = new SimulatedWorld(many),
        });
        bench.Host.Send("ATE0\r\n"u8);
        _ = bench.Until("OK\r\n", TimeSpan.FromMilliseconds(1));
        _ = bench.Take();
        var said = new StringBuilder();
        bench.Pieces = piece => said.Append(piece);

        bench.Host.Send("AT+CWLAP\r\n"u8);
        _ = bench.Until("OK\r\n", TimeSpan.FromMilliseconds(1));

        string[] lines = said.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(61, lines.Length);
        Assert.All(lines[..60], line => Assert.Matches("^\\+CWLAP:\\(3,\"network \\d\\d with a name of 32\",-\\d\\d,.*\\)$", line));
        Assert.Equal(60, lines[..60].Distinct().Count());
        Assert.Equal(0, bench.Module.LostBytes);
    }

    [Theory]
    [InlineData("esp-at", "AT+CWLAP", 2.6)]
    [InlineData("esp-at", "AT+CWLAP=,,3", 0.2)]
    [InlineData("esp-at", "AT+CWLAP=,,,1", 7.8)]
    [InlineData("esp-at", "AT+CWLAP=,,3,1", 0.6)]
    [InlineData("esp-at", "AT+CWLAP=,,,0,60,60", 1.3)]
    [InlineData("esp-at", "AT+CWLAP=,,,0,30,60", 2.6)]
    [InlineData("esp-at", "AT+CWLAP=,,,1,0,240", 7.8)]
    [InlineData("esp-at-esp32", "AT+CWLAP=,,,0,30,60", 1.3)]
    public async Task A_scan_takes_its_time_by_channel_and_by_kind(string personality, string line, double seconds)
    {
        await using var bench = new Bench(personality, options => options with
        {
            Timings = ModuleTimings.Instant with { Scan = TimeSpan.FromSeconds(2.6) },
        }).Quiet();

        Assert.Equal("", bench.Command(line));
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(seconds - 0.005)));
        Assert.EndsWith(Ok, bench.After(TimeSpan.FromSeconds(0.01)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hidden_network_is_joined_by_its_name()
    {
        await using Bench bench = In(new SimulatedWorld(Hidden));

        Assert.Equal("WIFI CONNECTED\r\nWIFI GOT IP\r\n" + Ok, bench.Command("AT+CWJAP=\"secret\",\"abcdefgh\""));
        Assert.Equal("+CWJAP:\"secret\",\"02:00:00:00:00:0b\",5,-60,0,1,3,0,0\r\n" + Ok, bench.Command("AT+CWJAP?"));
    }

    [Fact]
    public async Task A_name_of_any_bytes_is_joined_and_shown()
    {
        string name = AccessPoint.ToSsid("\u4e2d, \"\\") + "\u0007\u00ff";
        await using Bench bench = In(new SimulatedWorld(new AccessPoint { Ssid = name, Security = WiFiSecurity.Open }));

        string escaped = name.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);
        Assert.EndsWith(Ok, bench.Command($"AT+CWJAP=\"{escaped}\",\"\""), StringComparison.Ordinal);

        Assert.StartsWith($"+CWJAP:\"{name}\",", bench.Command("AT+CWJAP?"), StringComparison.Ordinal);
        Assert.Equal([0xE4, 0xB8, 0xAD], Encoding.Latin1.GetBytes(name)[..3]);
    }

    [Fact]
    public async Task A_BSSID_chooses_among_access_points_of_one_name_else_the_strongest_is_taken()
    {
        await using Bench bench = In(new SimulatedWorld(
            Plain with { Security = WiFiSecurity.Open },
            Plain with { Security = WiFiSecurity.Open, Bssid = "02:00:00:00:00:0e", RssiDbm = -40, Channel = 9 }));

        bench.Command("AT+CWJAP=\"plain\",\"\"");
        Assert.StartsWith("+CWJAP:\"plain\",\"02:00:00:00:00:0e\",9,-40,", bench.Command("AT+CWJAP?"),
            StringComparison.Ordinal);
        bench.Command("AT+CWJAP=\"plain\",\"\",\"02:00:00:00:00:0A\"");
        Assert.StartsWith("+CWJAP:\"plain\",\"02:00:00:00:00:0a\",3,-48,", bench.Command("AT+CWJAP?"),
            StringComparison.Ordinal);
        Assert.Equal(
            "WIFI DISCONNECT\r\n+CWJAP:3\r\n" + Error, bench.Command("AT+CWJAP=\"plain\",\"\",\"02:00:00:00:00:0f\""));
    }

    [Theory]
    [InlineData(WiFiSecurity.Wpa2Enterprise)]
    [InlineData(WiFiSecurity.Wapi)]
    [InlineData(WiFiSecurity.Owe)]
    public async Task A_security_that_CWJAP_cannot_do_ends_with_code_4(WiFiSecurity security)
    {
        await using Bench bench = In(new SimulatedWorld(Plain with { Security = security }));

        Assert.Equal("+CWJAP:4\r\n" + Error, bench.Command("AT+CWJAP=\"plain\",\"12345678\""));
    }

    [Fact]
    public async Task The_strength_follows_its_script()
    {
        await using Bench bench = In(new SimulatedWorld(Plain with
        {
            Security = WiFiSecurity.Open,
            SignalScript = [new(TimeSpan.FromSeconds(10), -70), new(TimeSpan.FromSeconds(20), -55)],
        }));
        bench.Command("AT+CWLAPOPT=1,6");
        bench.Command("AT+CWJAP=\"plain\",\"\"");

        foreach (int dbm in new[] { -48, -70, -55 })
        {
            Assert.Equal($"+CWLAP:(\"plain\",{dbm})\r\n" + Ok, bench.Command("AT+CWLAP"));
            Assert.Contains($",3,{dbm},", bench.Command("AT+CWJAP?"), StringComparison.Ordinal);
            Assert.Equal("", bench.After(TimeSpan.FromSeconds(10)));
        }
    }

    [Fact]
    public async Task A_script_takes_an_access_point_out_of_range_in_the_middle_of_a_transfer_and_brings_it_back()
    {
        await using Bench bench = In(new SimulatedWorld(Plain with
        {
            Security = WiFiSecurity.Open,
            SignalScript = [new(TimeSpan.FromSeconds(10), null), new(TimeSpan.FromSeconds(15), -80)],
        }));
        bench.Command("AT+CWJAP=\"plain\",\"\"");
        bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");
        Assert.Equal("\r\nOK\r\n\r\n>", bench.Command("AT+CIPSEND=5"));
        bench.Send("hel");

        Assert.Equal("WIFI DISCONNECT\r\nCLOSED\r\n", bench.After(TimeSpan.FromSeconds(10)));
        Assert.Equal("\r\nRecv 5 bytes\r\n\r\nSEND FAIL\r\n", bench.Send("lo"));
        Assert.Equal(Ok, bench.Command("AT+CWLAP"));
        Assert.Equal("WIFI CONNECTED\r\nWIFI GOT IP\r\n", bench.After(TimeSpan.FromSeconds(7)));
    }

    private static Bench In(SimulatedWorld world, string? personality = null) =>
        new Bench(personality, options => options with { World = world }).Quiet();
}
