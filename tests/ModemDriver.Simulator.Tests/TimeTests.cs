namespace ModemDriver.Simulator.Tests;

/// <summary>The module's clock: SNTP and AT+SYSTIMESTAMP. The bench's clock starts at the beginning of 2000.</summary>
public class TimeTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";

    [Fact]
    public async Task Time_begins_in_1970_and_is_right_after_the_servers_have_answered()
    {
        await using var bench = new Bench(change: options => options with
        {
            Timings = ModuleTimings.Instant with { TimeSync = TimeSpan.FromSeconds(1) },
        }).Online();

        Assert.Equal("+CIPSNTPTIME:Thu Jan 01 00:00:00 1970" + Ok, bench.Command("AT+CIPSNTPTIME?"));
        Assert.Equal(Ok, bench.Command("AT+CIPSNTPCFG=1,8"));
        Assert.Equal("", bench.After(TimeSpan.FromMilliseconds(500)));
        Assert.Equal("+CIPSNTPTIME:Thu Jan 01 00:00:00 1970" + Ok, bench.Command("AT+CIPSNTPTIME?"));
        bench.After(TimeSpan.FromMilliseconds(500));
        Assert.Equal("+CIPSNTPTIME:Sat Jan 01 08:00:01 2000" + Ok, bench.Command("AT+CIPSNTPTIME?"));
        Assert.Equal("+SYSTIMESTAMP:946684801" + Ok, bench.Command("AT+SYSTIMESTAMP?"));
        bench.After(TimeSpan.FromSeconds(59));
        Assert.Equal("+CIPSNTPTIME:Sat Jan 01 08:01:00 2000" + Ok, bench.Command("AT+CIPSNTPTIME?"));
    }

    [Theory]
    [InlineData("esp-at", "Thu Jan 01 00:01:00 1970")]
    [InlineData("esp-at-1.7", "Thu Jan 01 00:00:00 1970")]
    public async Task Before_that_it_runs_on_ESP_AT_and_stands_on_NonOS(string personality, string time)
    {
        await using Bench bench = new Bench(personality).Quiet();
        bench.After(TimeSpan.FromMinutes(1));

        Assert.Equal($"+CIPSNTPTIME:{time}" + Ok, bench.Command("AT+CIPSNTPTIME?"));
    }

    [Theory]
    [InlineData("esp-at", "0", Ok, "00:00:00 2000")]
    [InlineData("esp-at", "-12", Ok, "12:00:00 1999")]
    [InlineData("esp-at", "14", Ok, "14:00:00 2000")]
    [InlineData("esp-at", "545", Ok, "05:45:00 2000")]
    [InlineData("esp-at", "+0530", Ok, "05:30:00 2000")]
    [InlineData("esp-at", "-330", Ok, "20:30:00 1999")]
    [InlineData("esp-at", "30", Ok, "00:30:00 2000")]
    [InlineData("esp-at", "1500", Error, null)]
    [InlineData("esp-at", "575", Error, null)]
    [InlineData("esp-at", "-1201", Error, null)]
    [InlineData("esp-at", "2147483647", Error, null)]
    [InlineData("esp-at", "\"8\"", Error, null)]
    [InlineData("esp-at", "8,time", Error, null)]
    [InlineData("esp-at", "8,\"a\",\"b\",\"c\",\"d\"", Error, null)]
    [InlineData("esp-at-2.1", "14", Ok, "14:00:00 2000")]
    [InlineData("esp-at-2.1", "15", Error, null)]
    [InlineData("esp-at-2.1", "545", Error, null)]
    [InlineData("esp-at-2.1", "+8", Error, null)]
    [InlineData("esp-at-1.7", "-11", Ok, "13:00:00 1999")]
    [InlineData("esp-at-1.7", "13", Ok, "13:00:00 2000")]
    [InlineData("esp-at-1.7", "-12", Error, null)]
    [InlineData("esp-at-1.7", "14", Error, null)]
    public async Task A_zone_is_in_hours_and_from_2_2_on_in_minutes_too(
        string personality, string zone, string answer, string? time)
    {
        await using Bench bench = new Bench(personality).Online();

        Assert.Equal(answer, bench.Command($"AT+CIPSNTPCFG=1,{zone}"));

        if (time is not null)
        {
            Assert.EndsWith(time + Ok, bench.Command("AT+CIPSNTPTIME?"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("esp-at", "+CIPSNTPCFG:0\r\n")]
    [InlineData("esp-at-1.7", "+CIPSNTPCFG:0\r\n")]
    [InlineData("esp-at-esp32", "+CIPSNTPCFG:0,5\r\n")]
    public async Task The_configuration_is_shown_as_it_was_given(string personality, string off)
    {
        await using Bench bench = new Bench(personality).Quiet();

        bench.Command("AT+CIPSNTPCFG=1,8");
        Assert.Equal(
            "+CIPSNTPCFG:1,8,\"cn.ntp.org.cn\",\"ntp.sjtu.edu.cn\",\"us.pool.ntp.org\"\r\n" + Ok,
            bench.Command("AT+CIPSNTPCFG?"));
        Assert.Equal(Ok, bench.Command("AT+CIPSNTPCFG=1,-5,\"time.example\",\"b\""));
        Assert.Equal("+CIPSNTPCFG:1,-5,\"time.example\",\"b\"\r\n" + Ok, bench.Command("AT+CIPSNTPCFG?"));
        Assert.Equal(Ok, bench.Command("AT+CIPSNTPCFG=0,5"));
        Assert.Equal(off + Ok, bench.Command("AT+CIPSNTPCFG?"));
        Assert.Equal(Error, bench.Command("AT+CIPSNTPCFG=1"));
    }

    [Fact]
    public async Task The_servers_are_asked_when_there_is_an_address_and_again_when_they_did_not_answer()
    {
        await using Bench bench = new Bench().Quiet();
        bench.Module.World.HasTimeService = false;
        bench.Command("AT+CIPSNTPCFG=1,0");
        bench.Online();
        bench.After(TimeSpan.FromSeconds(10));
        Assert.Contains("1970", bench.Command("AT+CIPSNTPTIME?"), StringComparison.Ordinal);

        bench.Module.World.HasTimeService = true;
        bench.After(TimeSpan.FromSeconds(6));

        Assert.Equal("+CIPSNTPTIME:Sat Jan 01 00:00:16 2000" + Ok, bench.Command("AT+CIPSNTPTIME?"));
    }

    [Fact]
    public async Task An_ESP32_says_each_time_that_it_was_told_the_time()
    {
        await using Bench bench = new Bench("esp-at-esp32").Online();

        Assert.Equal("+TIME_UPDATED\r\n" + Ok, bench.Command("AT+CIPSNTPCFG=1,0"));
        Assert.Equal("+CIPSNTPINTV:3600\r\n" + Ok, bench.Command("AT+CIPSNTPINTV?"));
        Assert.Equal("+TIME_UPDATED\r\n" + Ok, bench.Command("AT+CIPSNTPINTV=20"));
        Assert.Equal("+TIME_UPDATED\r\n+TIME_UPDATED\r\n", bench.After(TimeSpan.FromSeconds(41)));
        bench.Command("AT+CIPSNTPCFG=0");
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(41)));
        Assert.Equal(Error, bench.Command("AT+CIPSNTPINTV=14"));
    }

    [Fact]
    public async Task The_text_follows_its_switches()
    {
        await using Bench bench = new Bench(change: options => options with
        {
            Switches = new Dictionary<string, string> { ["line-feed-in-time"] = "on", ["day-in-time"] = "blank" },
        }).Quiet();

        Assert.Equal("+CIPSNTPTIME:Thu Jan  1 00:00:00 1970\n" + Ok, bench.Command("AT+CIPSNTPTIME?"));
    }

    [Fact]
    public async Task The_time_can_be_set_by_hand_and_is_lost_with_a_restart()
    {
        await using Bench bench = new Bench().Quiet();

        Assert.Equal(Ok, bench.Command("AT+SYSTIMESTAMP=1565853509"));
        bench.After(TimeSpan.FromSeconds(2));
        Assert.Equal("+SYSTIMESTAMP:1565853511" + Ok, bench.Command("AT+SYSTIMESTAMP?"));
        Assert.Equal("+CIPSNTPTIME:Thu Aug 15 07:18:31 2019" + Ok, bench.Command("AT+CIPSNTPTIME?"));
        Assert.Equal(Error, bench.Command("AT+SYSTIMESTAMP=-1"));
        bench.Command("AT+RST");
        bench.Quiet();
        Assert.Equal("+SYSTIMESTAMP:0" + Ok, bench.Command("AT+SYSTIMESTAMP?"));
    }

    [Theory]
    [InlineData("esp-at-1.7", "AT+SYSTIMESTAMP?", Error)]
    [InlineData("esp-at-1.7", "AT+CIPSNTPINTV?", Error)]
    [InlineData("esp-at-2.3", "AT+CIPSNTPINTV?", Error)]
    [InlineData("esp-at-2.0", "AT+SYSTIMESTAMP?", "+SYSTIMESTAMP:0" + Ok)]
    public async Task Each_release_has_its_own_commands(string personality, string line, string answer)
    {
        await using Bench bench = new Bench(personality).Quiet();

        Assert.Equal(answer, bench.Command(line));
    }
}
