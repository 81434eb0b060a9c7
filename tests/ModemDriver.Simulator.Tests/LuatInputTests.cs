using static ModemDriver.Simulator.Tests.LuatBench;

namespace ModemDriver.Simulator.Tests;

public class LuatInputTests
{
    [Fact]
    public async Task The_echo_is_what_was_typed()
    {
        await using var bench = new Bench("air780");

        Assert.Equal("AT\r" + Ok, bench.Send("AT\r"));
        Assert.Equal("at\r" + Ok, bench.Send("at\r\n"));
        Assert.Equal("AT+CI", bench.Send("AT+CI"));
        Assert.Equal("PMUX?\r\r\n+CIPMUX: 0\r\n" + Ok, bench.Send("PMUX?\r"));
    }

    [Fact]
    public async Task A_build_may_echo_the_line_feed_too()
    {
        await using var bench = new Bench("air780", options => options with
        {
            Switches = new Dictionary<string, string> { ["echo-line-feed"] = "on" },
        });

        Assert.Equal("AT\r\n" + Ok, bench.Send("AT\r\n"));
        Assert.Equal("AT\r" + Ok, bench.Send("AT\r"));
    }

    [Theory]
    [InlineData("AT+CIPMUX?;+CIPMODE?", "\r\n+CIPMUX: 0\r\n\r\n+CIPMODE: 0\r\n" + Ok)]
    [InlineData("ATE0V1;+CIPMUX?", "\r\n+CIPMUX: 0\r\n" + Ok)]
    [InlineData("AT+CFOO;+CIPMUX?", "\r\nERROR\r\n")]
    [InlineData("AT+CIPMUX?;+CFOO", "\r\n+CIPMUX: 0\r\n\r\nERROR\r\n")]
    [InlineData("ATS3?", "\r\n013\r\n" + Ok)]
    [InlineData("ATS3=13", Ok)]
    [InlineData("ATS3=10", "\r\nERROR\r\n")]
    [InlineData("ATS7=60", "\r\nERROR\r\n")]
    [InlineData("at + cipmux", "\r\nERROR\r\n")]
    [InlineData("at+cipmux?", "\r\n+CIPMUX: 0\r\n" + Ok)]
    [InlineData("AT+CIPMUX=2", "\r\n+CME ERROR: 50\r\n")]
    [InlineData("AT+CIPMUX=?", "\r\n+CIPMUX: (0,1)\r\n" + Ok)]
    [InlineData("AT+CIFSR=?", "\r\nERROR\r\n")]
    [InlineData("AT+CIPGSMLOC=1,1", "\r\n+CIPGSMLOC: 601\r\n\r\nOK\r\n")]
    [InlineData("AT+CMEE=0;+CIFSR", "\r\nERROR\r\n")]
    [InlineData("AT+CMEE=2;+CIFSR", "\r\n+CME ERROR: operation not allowed\r\n")]
    [InlineData("ATV0;+CIPMUX?", "+CIPMUX: 0\r\n0\r")]
    [InlineData("ATQ1", "")]
    [InlineData("hello", "")]
    [InlineData("", "")]
    [InlineData("xyzAT+CIPMUX?", "\r\n+CIPMUX: 0\r\n" + Ok)]
    public async Task A_line_is_answered(string line, string answer)
    {
        await using var bench = Make("air780");

        Assert.Equal(answer, bench.Send(line + "\r"));
    }

    [Fact]
    public async Task Noise_before_AT_is_an_error_for_old_builds()
    {
        await using var bench = Make("air780", "noise-before-at", "error");

        Assert.Equal("\r\nERROR\r\n", bench.Send("xyzAT\r"));
        Assert.Equal(Ok, bench.Send("AT\r"));
    }

    [Theory]
    [InlineData("53", "\r\n+CME ERROR: 53\r\n")]
    [InlineData("error", "\r\nERROR\r\n")]
    public async Task A_wrong_parameter_is_refused_in_the_words_of_the_build(string value, string answer)
    {
        await using var bench = Make("air780", "wrong-parameter", value);

        Assert.Equal(answer, bench.Send("AT+CIPQSEND=7\r"));
    }

    [Fact]
    public async Task A_wrong_state_may_be_a_bare_error()
    {
        await using var bench = Make("air780", "wrong-state", "error");

        Assert.Equal("\r\nERROR\r\n", bench.Send("AT+CIFSR\r"));
    }

    [Fact]
    public async Task A_repeat_needs_no_line_end()
    {
        await using var bench = Make("air780");
        bench.Send("AT+CIPMUX?\r");

        Assert.Equal("\r\n+CIPMUX: 0\r\n" + Ok, bench.Send("A/"));
    }

    [Fact]
    public async Task A_backspace_takes_a_letter_back()
    {
        await using var bench = Make("air780");

        Assert.Equal("\r\n+CIPMUX: 0\r\n" + Ok, bench.Send("AT+CIPMUXX\b?\r"));
    }

    [Fact]
    public async Task An_overlong_line_is_refused_whole_and_the_next_is_not()
    {
        await using var bench = Make("air780");

        Assert.Equal("\r\nERROR\r\n", bench.Send("AT" + new string(';', 9000) + "\r"));
        Assert.Equal(Ok, bench.Send("AT\r"));
    }

    [Theory]
    [InlineData("queued", Ok + "\r\n+CIPMUX: 0\r\n" + Ok)]
    [InlineData("lost", Ok)]
    public async Task What_comes_during_a_command_waits_or_is_lost(string value, string answer)
    {
        await using var bench = new Bench("air780", options => options with
        {
            Timings = ModuleTimings.Typical,
            Switches = new Dictionary<string, string> { ["input-during-command"] = value },
        });
        bench.Send("ATE0\r");
        bench.After(TimeSpan.FromSeconds(1));

        bench.Send("AT+CSTT\r");
        bench.Send("AT+CIPMUX?\r");

        Assert.Equal(answer, bench.After(TimeSpan.FromSeconds(1)));
        bench.Send("AT\r");
        Assert.Equal(Ok, bench.After(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task The_rate_of_the_host_is_found_out_until_it_is_fixed()
    {
        await using var bench = Make("air780");
        bench.Host.BitRate = 9600;

        string garbage = bench.Send("AT\r");
        Assert.NotEqual(Ok, garbage);
        bench.Send("\r");
        Assert.Equal(Ok, bench.Send("AT\r"));

        Assert.Equal(Ok, bench.Send("AT+IPR=9600;&W\r"));
        bench.Host.BitRate = 115_200;
        bench.Send("AT\r");
        bench.Send("\r");
        Assert.NotEqual(Ok, bench.Send("AT\r"));
    }
}
