using System.Net;
using ModemDriver.Tests.Transport;
using ModemDriver.Tests.WiFi;

namespace ModemDriver.Tests.Services;

/// <summary>Names, echoes and time: the exact lines, and every form of the answers.</summary>
public sealed class ServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("+PING:12\r\n\r\nOK\r\n", 12)]
    [InlineData("+12\r\n\r\nOK\r\n", 12)]
    [InlineData("+PING:0\r\n\r\nOK\r\n", 0)]
    public async Task The_round_trip_is_read_in_the_form_of_each_family(string answer, int milliseconds)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Answers("AT+PING=\"example.com\"", answer);

        Assert.Equal(
            TimeSpan.FromMilliseconds(milliseconds), await rig.Modem.PingAsync("example.com", Token).Within(Token));
    }

    [Theory]
    [InlineData("+PING:TIMEOUT\r\n\r\nERROR\r\n", PingFailure.TimedOut)]
    [InlineData("+PING:timeout\r\n\r\nERROR\r\n", PingFailure.TimedOut)]
    [InlineData("+timeout\r\n\r\nERROR\r\n", PingFailure.TimedOut)]
    [InlineData("\r\nERROR\r\n", PingFailure.Unknown)]
    [InlineData("\r\nOK\r\n", PingFailure.Unknown)]
    [InlineData("+PING:-3\r\n\r\nOK\r\n", PingFailure.Unknown)]
    [InlineData("+PING:99999999999\r\n\r\nOK\r\n", PingFailure.Unknown)]
    [InlineData("+PING:\r\n\r\nOK\r\n", PingFailure.Unknown)]
    [InlineData("+-3\r\n\r\nOK\r\n", PingFailure.Unknown)]
    public async Task No_answer_is_an_error_with_a_reason_and_the_next_one_works(string answer, PingFailure reason)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Answers("AT+PING=\"10.0.0.9\"", answer);

        PingException failed = await Assert.ThrowsAsync<PingException>(
            () => rig.Modem.PingAsync("10.0.0.9", Token).Within(Token));

        Assert.Equal(("10.0.0.9", reason), (failed.Host, failed.Reason));
        rig.Answers("AT+PING=\"10.0.0.9\"", "+PING:7\r\n\r\nOK\r\n");
        Assert.Equal(TimeSpan.FromMilliseconds(7), await rig.Modem.PingAsync("10.0.0.9", Token).Within(Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("host\r\nAT+RESTORE")]
    public async Task A_host_that_cannot_be_sent_is_refused_before_a_byte_is_sent(string host)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => rig.Modem.PingAsync(host, Token).Within(Token));

        Assert.Empty(rig.Sent);
    }

    [Theory]
    [InlineData(Firmware.NonOs17, "AT+CIPDNS_CUR=1,\"1.1.1.1\",\"8.8.8.8\"", "AT+CIPDNS_CUR=0")]
    [InlineData(Firmware.EspAt22, "AT+CIPDNS=1,\"1.1.1.1\",\"8.8.8.8\"", "AT+CIPDNS=0")]
    public async Task Name_servers_are_chosen_and_given_up(string version, string chosen, string given)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(version);
        rig.Accepts(chosen, given);

        await rig.Modem.SetNameServersAsync([IPAddress.Parse("1.1.1.1"), IPAddress.Parse("8.8.8.8")], Token).Within(Token);
        await rig.Modem.SetNameServersAsync([], Token).Within(Token);

        Assert.Equal([chosen, given], rig.Sent);
    }

    [Fact]
    public async Task Name_servers_that_cannot_be_are_refused_before_a_byte_is_sent()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        IPAddress one = IPAddress.Parse("1.1.1.1");

        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => rig.Modem.SetNameServersAsync([IPAddress.IPv6Loopback], Token).Within(Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => rig.Modem.SetNameServersAsync([one, one, one, one], Token).Within(Token));

        Assert.Empty(rig.Sent);
    }

    [Theory]
    [InlineData(Firmware.EspAt22, "AT+CIPDNS?", "+CIPDNS:1,\"1.1.1.1\",\"8.8.8.8\"\r\n", "1.1.1.1 8.8.8.8")]
    [InlineData(Firmware.EspAt20, "AT+CIPDNS?", "+CIPDNS:0,\"192.168.1.1\"\r\n", "192.168.1.1")]
    [InlineData(Firmware.EspAt22, "AT+CIPDNS?", "+CIPDNS:0\r\n", "")]
    [InlineData(Firmware.EspAt22, "AT+CIPDNS?", "+CIPDNS:1,\"0.0.0.0\",\"x\"\r\n", "")]
    [InlineData(Firmware.NonOs17, "AT+CIPDNS_CUR?", "+CIPDNS_CUR:1.1.1.1\r\n+CIPDNS_CUR:8.8.8.8\r\n", "1.1.1.1 8.8.8.8")]
    public async Task Name_servers_are_read_in_the_form_of_each_family(
        string version, string line, string answer, string servers)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(version);
        rig.Answers(line, answer + "\r\nOK\r\n");

        Assert.Equal(servers, string.Join(' ', await rig.Modem.ReadNameServersAsync(Token).Within(Token)));
    }

    [Theory]
    [InlineData(Firmware.EspAt20, 0, "AT+CIPSNTPCFG=1,0,\"a.example\",\"b.example\"")]
    [InlineData(Firmware.NonOs17, 13 * 60, "AT+CIPSNTPCFG=1,13,\"a.example\",\"b.example\"")]
    [InlineData(Firmware.EspAt22, -12 * 60, "AT+CIPSNTPCFG=1,-12,\"a.example\",\"b.example\"")]
    [InlineData(Firmware.EspAt22, (5 * 60) + 30, "AT+CIPSNTPCFG=1,530,\"a.example\",\"b.example\"")]
    [InlineData(Firmware.EspAt22, (-3 * 60) - 30, "AT+CIPSNTPCFG=1,-330,\"a.example\",\"b.example\"")]
    public async Task The_time_source_is_set_with_its_offset(string version, int minutes, string line)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(version);
        rig.Accepts(line, "AT+CIPSNTPCFG=0");

        await rig.Modem.SetTimeSourceAsync(Source(minutes), Token).Within(Token);
        await rig.Modem.SetTimeSourceAsync(null, Token).Within(Token);

        Assert.Equal([line, "AT+CIPSNTPCFG=0"], rig.Sent);
    }

    [Theory]
    [InlineData(Firmware.EspAt21, (5 * 60) + 30)]
    [InlineData(Firmware.NonOs17, 14 * 60)]
    [InlineData(Firmware.NonOs17, -12 * 60)]
    [InlineData(Firmware.EspAt22, 10)]
    [InlineData(Firmware.EspAt22, 15 * 60)]
    public async Task An_offset_that_the_firmware_cannot_take_is_refused_before_a_byte_is_sent(string version, int minutes)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(version);

        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => rig.Modem.SetTimeSourceAsync(Source(minutes), Token).Within(Token));

        Assert.Empty(rig.Sent);
    }

    [Theory]
    [InlineData("+CIPSNTPCFG:1,8,\"cn.ntp.org.cn\",\"ntp.sjtu.edu.cn\"\r\n", 480, "cn.ntp.org.cn ntp.sjtu.edu.cn")]
    [InlineData("+CIPSNTPCFG:1,530,\"a.example\"\r\n", 330, "a.example")]
    [InlineData("+CIPSNTPCFG:1,-330,\"a.example\",\"\"\r\n", -210, "a.example")]
    [InlineData("+CIPSNTPCFG:1,+0530,a.example\r\n", 330, "a.example")]
    public async Task The_time_source_is_read(string answer, int minutes, string servers)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Answers("AT+CIPSNTPCFG?", answer + "\r\nOK\r\n");

        NetworkTimeOptions? source = await rig.Modem.ReadTimeSourceAsync(Token).Within(Token);

        Assert.Equal(TimeSpan.FromMinutes(minutes), source?.UtcOffset);
        Assert.Equal(servers, string.Join(' ', source!.Servers));
    }

    [Theory]
    [InlineData("+CIPSNTPCFG:0\r\n")]
    [InlineData("+CIPSNTPCFG:0,8\r\n")]
    [InlineData("+CIPSNTPCFG:1,9999,\"a\"\r\n")]
    [InlineData("+CIPSNTPCFG:\r\n")]
    [InlineData("")]
    public async Task A_time_source_that_is_off_or_makes_no_sense_is_none(string answer)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Answers("AT+CIPSNTPCFG?", answer + "\r\nOK\r\n");

        Assert.Null(await rig.Modem.ReadTimeSourceAsync(Token).Within(Token));
        Assert.Null(await rig.Modem.ReadTimeAsync(Token).Within(Token));
        Assert.DoesNotContain("AT+CIPSNTPTIME?", rig.Sent);
    }

    [Theory]
    [InlineData("+CIPSNTPTIME:Mon Dec 12 02:33:32 2016\r\n", "2016-12-12T02:33:32+08:00")]
    [InlineData("+CIPSNTPTIME:Mon Dec  5 02:33:32 2016\r\n", "2016-12-05T02:33:32+08:00")]
    [InlineData("+CIPSNTPTIME:Mon Dec 05 02:33:32 2016\n\r\n", "2016-12-05T02:33:32+08:00")]
    [InlineData("+CIPSNTPTIME:Xyz Dec 05 02:33:32 2016\r\n", "2016-12-05T02:33:32+08:00")]
    [InlineData("+CIPSNTPTIME:Thu Jan 01 00:00:00 1970\r\n", null)]
    [InlineData("+CIPSNTPTIME:Thu Jan  1 08:00:07 1970\r\n", null)]
    [InlineData("+CIPSNTPTIME:Mon Foo 12 02:33:32 2016\r\n", null)]
    [InlineData("+CIPSNTPTIME:Mon Dec 32 02:33:32 2016\r\n", null)]
    [InlineData("+CIPSNTPTIME:\r\n", null)]
    public async Task The_time_is_read_with_its_offset_and_is_unknown_until_it_was_fetched(string answer, string? time)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Answers("AT+CIPSNTPCFG?", "+CIPSNTPCFG:1,8,\"a.example\"\r\n\r\nOK\r\n")
            .Answers("AT+CIPSNTPTIME?", answer + "OK\r\n");

        DateTimeOffset? read = await rig.Modem.ReadTimeAsync(Token).Within(Token);

        Assert.Equal(time is null ? null : DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture), read);
    }

    [Fact]
    public async Task A_time_that_is_not_there_yet_is_asked_for_again()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Answers("AT+CIPSNTPCFG?", "+CIPSNTPCFG:1,0,\"a.example\"\r\n\r\nOK\r\n");
        int asked = 0;
        Func<string, string?> usual = rig.Module.Answer;
        rig.Module.Answer = line => line != "AT+CIPSNTPTIME?" ? usual(line)
            : ++asked < 2 ? "+CIPSNTPTIME:Thu Jan 01 00:00:00 1970\r\nOK\r\n"
            : "+CIPSNTPTIME:Mon Dec 12 02:33:32 2016\r\nOK\r\n";

        Assert.Equal(
            new DateTimeOffset(2016, 12, 12, 2, 33, 32, TimeSpan.Zero),
            await rig.Modem.WaitForTimeAsync(cancellationToken: Token).Within(Token));
    }

    [Fact]
    public async Task A_time_that_never_comes_ends_the_wait()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Answers("AT+CIPSNTPCFG?", "+CIPSNTPCFG:0\r\n\r\nOK\r\n");

        await Assert.ThrowsAsync<TimeoutException>(
            () => rig.Modem.WaitForTimeAsync(TimeSpan.FromMilliseconds(1), Token).Within(Token));
    }

    [Fact]
    public async Task Sources_out_of_range_are_refused()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        NetworkTimeOptions[] bad =
        [
            new() { Servers = [] },
            new() { Servers = ["a", "b", "c", "d"] },
            new() { Servers = ["a\rb"] },
            new() { Servers = [""] },
            new() { Servers = [new string('x', 65)] },
            new() { UtcOffset = TimeSpan.FromSeconds(90) },
        ];

        foreach (NetworkTimeOptions options in bad)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(
                () => rig.Modem.SetTimeSourceAsync(options, Token).Within(Token));
        }

        Assert.Empty(rig.Sent);
    }

    private static NetworkTimeOptions Source(int minutes) =>
        new() { Servers = ["a.example", "b.example"], UtcOffset = TimeSpan.FromMinutes(minutes) };
}
