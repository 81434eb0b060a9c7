using System.Text;
using ModemDriver.Tests.Transport;

namespace ModemDriver.Tests.WiFi;

/// <summary>The scan: what is sent, and what is made of names that come from the air as they are.</summary>
public sealed class ScanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("(3,\"HomeNet\",-48,\"a4:2b:b0:11:22:33\",6)")]
    [InlineData("(3,\"HomeNet\",-48,\"a4:2b:b0:11:22:33\",6,-12)")]
    [InlineData("(3,\"HomeNet\",-48,\"a4:2b:b0:11:22:33\",6,-12,0)")]
    [InlineData("(3,\"HomeNet\",-48,\"a4:2b:b0:11:22:33\",6,-1,-1,4,4,7,1)")]
    [Trait("Quirk", "Q17")]
    public async Task Every_number_of_fields_that_firmware_has_had_is_read(string fields)
    {
        ScannedAccessPoint found = Assert.Single(await ScanAsync($"+CWLAP:{fields}\r\n"));

        Assert.Equal("HomeNet", found.Ssid);
        Assert.Equal("a4:2b:b0:11:22:33", found.Bssid);
        Assert.Equal(-48, found.RssiDbm);
        Assert.Equal(6, found.Channel);
        Assert.Equal(AccessPointSecurity.Wpa2, found.Security);
        Assert.False(found.IsHidden);
    }

    [Theory]
    [InlineData(0, AccessPointSecurity.Open)]
    [InlineData(1, AccessPointSecurity.Wep)]
    [InlineData(2, AccessPointSecurity.Wpa)]
    [InlineData(4, AccessPointSecurity.WpaWpa2)]
    [InlineData(5, AccessPointSecurity.Wpa2Enterprise)]
    [InlineData(6, AccessPointSecurity.Wpa3)]
    [InlineData(7, AccessPointSecurity.Wpa2Wpa3)]
    [InlineData(8, AccessPointSecurity.Wapi)]
    [InlineData(9, AccessPointSecurity.Owe)]
    [InlineData(10, AccessPointSecurity.Unknown)]
    public async Task The_protection_is_named(int code, AccessPointSecurity security)
    {
        ScannedAccessPoint found = Assert.Single(await ScanAsync(Line("net", code: code)));

        Assert.Equal(security, found.Security);
    }

    [Theory]
    [InlineData("Cafe \"Zum Hirsch\", free")]
    [InlineData("a,b,c")]
    [InlineData("\"")]
    [InlineData("\",\"")]
    [InlineData("\",-10,\"00:11:22:33:44:55\",1")]
    [InlineData("back\\slash\\\"")]
    [InlineData(")")]
    [InlineData("Bäckerei Ö")]
    [InlineData("カフェ 無料")]
    [InlineData("🛜🛜🛜")]
    [InlineData("[red]markup[/]")]
    [InlineData("two\r\nlines")]
    [InlineData("\r\nOK\r\n")]
    [InlineData("a\r\nERROR\r\nb")]
    [InlineData("a\r\nWIFI DISCONNECT\r\nb")]
    [InlineData("a\r\nready\r\nb)")]
    [InlineData("\u001b[31mred\u0007")]
    [Trait("Quirk", "Q18")]
    public async Task A_name_may_hold_anything(string ssid)
    {
        IReadOnlyList<ScannedAccessPoint> found = await ScanAsync(
            Line("before", rssi: -10) + Line(ssid, rssi: -20) + Line("after", rssi: -30));

        Assert.Equal(["before", ssid, "after"], found.Select(one => one.Ssid));
        Assert.Equal(Encoding.UTF8.GetBytes(ssid), found[1].SsidBytes.ToArray());
    }

    [Fact]
    public async Task A_name_that_is_no_text_is_kept_as_bytes()
    {
        ScannedAccessPoint found = Assert.Single(await ScanAsync(Latin1Line("\u00ff\u00fe\u0080")));

        Assert.Equal([0xFF, 0xFE, 0x80], found.SsidBytes.ToArray());
        Assert.Equal("\uFFFD\uFFFD\uFFFD", found.Ssid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    public async Task A_name_that_is_not_given_is_hidden(string ssid) =>
        Assert.True(Assert.Single(await ScanAsync(Line(ssid))).IsHidden);

    [Fact]
    public async Task Sixty_networks_are_told_apart_the_strongest_first()
    {
        string[] names = [.. Enumerable.Range(0, 60).Select(i => i % 4 == 0 ? $"n\"{i}\", \\{i}" : $"näme {i} ✓")];
        string answer = string.Concat(names.Select((name, i) => Line(name, rssi: -30 - i, mac: $"00:11:22:33:44:{i:x2}")));

        IReadOnlyList<ScannedAccessPoint> found = await ScanAsync(answer);

        Assert.Equal(names, found.Select(one => one.Ssid));
        Assert.Equal(60, found.Select(one => one.Bssid).Distinct().Count());
    }

    [Fact]
    public async Task Nobody_is_an_empty_list() => Assert.Empty(await ScanAsync(string.Empty));

    [Theory]
    [InlineData(Firmware.NonOs16)]
    [InlineData(Firmware.EspAt20)]
    [InlineData(Firmware.Esp32)]
    [Trait("Quirk", "Q17")]
    public async Task The_form_of_the_answer_is_set_before(string version)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(version);
        rig.Accepts("AT+CWLAPOPT=1,31", "AT+CWLAP");

        await rig.Modem.WiFi.ScanAsync(cancellationToken: Token).Within(Token);

        Assert.Equal(["AT+CWLAPOPT=1,31", "AT+CWLAP"], rig.Sent);
    }

    [Fact]
    public async Task Firmware_that_knows_no_form_is_scanned_all_the_same()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.NonOs16);
        rig.Answers("AT+CWLAPOPT=1,31", "\r\nERROR\r\n").Answers("AT+CWLAP", Line("net") + "\r\nOK\r\n");

        Assert.Single(await rig.Modem.WiFi.ScanAsync(cancellationToken: Token).Within(Token));
    }

    [Fact]
    public async Task A_name_that_is_asked_for_goes_to_the_module_escaped_and_the_rest_is_filtered_here()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Accepts("AT+CWLAPOPT=1,31").Answers(
            "AT+CWLAP=\"a\\,\\\"b\"",
            Line("a,\"b", rssi: -50, mac: "00:11:22:33:44:AA") + Line("a,\"b", rssi: -60, mac: "00:11:22:33:44:bb")
                + Line("other", rssi: -40, mac: "00:11:22:33:44:aa") + "\r\nOK\r\n");
        WiFiScanRequest request = new() { Ssid = "a,\"b", Bssid = "00:11:22:33:44:aa", WeakestRssiDbm = -50, Channel = 6 };

        IReadOnlyList<ScannedAccessPoint> found = await rig.Modem.WiFi.ScanAsync(request, Token).Within(Token);

        Assert.Equal("00:11:22:33:44:AA", Assert.Single(found).Bssid);
        Assert.Empty(await rig.Modem.WiFi.ScanAsync(request with { Channel = 7 }, Token).Within(Token));
    }

    [Fact]
    public async Task A_damaged_line_costs_itself_and_no_other()
    {
        IReadOnlyList<ScannedAccessPoint> found = await ScanAsync(
            Line("one") + "+CWLAP:(3,\"a name that is much longer than any name may be\",-4" + "\r\n" + Line("two"));

        Assert.Equal(["one", "two"], found.Select(one => one.Ssid));
    }

    [Theory]
    [InlineData("+CWLAP:(0)\r\n")]
    [InlineData("+CWLAP:()\r\n")]
    [InlineData("+CWLAP:(3,\"this is a line that was cut off in the middle of it\r\n")]
    [InlineData("+CWLAP:(3,\"net\",-48,\"a4:2b:b0:11:22:3\",6) and more than a name has room for\r\n")]
    public async Task An_answer_of_which_nothing_can_be_read_is_an_error(string answer)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Accepts("AT+CWLAPOPT=1,31").Answers("AT+CWLAP", answer + "\r\nOK\r\n");

        await Assert.ThrowsAsync<ModemProtocolException>(
            () => rig.Modem.WiFi.ScanAsync(cancellationToken: Token).Within(Token));

        rig.Answers("AT+CWLAP", Line("net") + "\r\nOK\r\n");
        Assert.Single(await rig.Modem.WiFi.ScanAsync(cancellationToken: Token).Within(Token));
    }

    [Fact]
    [Trait("Quirk", "Q40")]
    public async Task A_refusal_is_an_error_and_the_next_command_works()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Accepts("AT+CWLAPOPT=1,31").Answers("AT+CWLAP", "ERR CODE:0x010a0000\r\n\r\nERROR\r\n");

        CommandFailedException refused = await Assert.ThrowsAsync<CommandFailedException>(
            () => rig.Modem.WiFi.ScanAsync(cancellationToken: Token).Within(Token));

        Assert.Equal("AT+CWLAP", refused.Command);
        rig.Answers("AT+CWLAP", Line("net") + "\r\nOK\r\n");
        Assert.Single(await rig.Modem.WiFi.ScanAsync(cancellationToken: Token).Within(Token));
    }

    public static TheoryData<WiFiScanRequest> BadRequests() =>
    [
        new WiFiScanRequest { Ssid = "" },
        new WiFiScanRequest { Ssid = "a\rb" },
        new WiFiScanRequest { Ssid = new string('x', 33) },
        new WiFiScanRequest { Bssid = "00:11:22:33:44" },
        new WiFiScanRequest { Bssid = "00:11:22:33:44:gg" },
        new WiFiScanRequest { Channel = 0 },
        new WiFiScanRequest { Channel = 15 },
        new WiFiScanRequest { WeakestRssiDbm = 1 },
        new WiFiScanRequest { WeakestRssiDbm = -121 },
        new WiFiScanRequest { TimeLimit = TimeSpan.Zero },
    ];

    [Theory]
    [MemberData(nameof(BadRequests), DisableDiscoveryEnumeration = true)]
    public async Task A_request_out_of_range_is_refused_before_a_byte_is_sent(WiFiScanRequest request)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => rig.Modem.WiFi.ScanAsync(request, Token).Within(Token));

        Assert.Empty(rig.Sent);
    }

    private static async Task<IReadOnlyList<ScannedAccessPoint>> ScanAsync(string answer)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Accepts("AT+CWLAPOPT=1,31").Answers("AT+CWLAP", answer + "\r\nOK\r\n");
        return await rig.Modem.WiFi.ScanAsync(cancellationToken: Token).Within(Token);
    }

    // The module sends UTF-8; the script is one character a byte.
    private static string Line(string ssid, int code = 3, int rssi = -48, string mac = "a4:2b:b0:11:22:33") =>
        Latin1Line(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(ssid)), code, rssi, mac);

    private static string Latin1Line(string ssid, int code = 3, int rssi = -48, string mac = "a4:2b:b0:11:22:33") =>
        $"+CWLAP:({code},\"{ssid}\",{rssi},\"{mac}\",6)\r\n";
}
