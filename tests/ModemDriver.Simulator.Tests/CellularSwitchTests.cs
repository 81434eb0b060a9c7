using static ModemDriver.Simulator.Tests.LuatBench;

namespace ModemDriver.Simulator.Tests;

/// <summary>Switches of cellular modules that have no other test: each off its default.</summary>
public class CellularSwitchTests
{
    [Theory]
    [InlineData("creg-on-lte", "searching", "AT+CREG?", "\r\n+CREG: 0,2\r\n" + Ok)]
    [InlineData("creg-on-lte", "searching", "AT+CEREG?", "\r\n+CEREG: 0,1\r\n" + Ok)]
    [InlineData("registration-in-answer", "on", "AT+CEREG?", "\r\n+CGREG: 2,1,\"1863\",\"0183db22\",7\r\n\r\n+CEREG: 0,1\r\n" + Ok)]
    [InlineData("cgdcont-tail", "empty", "AT+CGDCONT?", "\r\n+CGDCONT: 1,\"IP\",\"cmiot\",\"10.74.149.48\",0,0,,,,,,,,,\r\n" + Ok)]
    [InlineData("pin-tries", "none", "AT+CPINR", "\r\nERROR\r\n")]
    [InlineData("missing-file", "100", "AT+FSFLSIZE=x", "\r\n+CME ERROR: 100\r\n")]
    [InlineData("sapbr-address", "padded", "AT+SAPBR=1,1;+SAPBR=2,1", "\r\n+SAPBR: 1,1,010.074.149.048\r\n" + Ok)]
    [InlineData("cmee-default", "0", "AT+CIFSR", "\r\nERROR\r\n")]
    [InlineData("cmee-default", "2", "AT+CIFSR", "\r\n+CME ERROR: operation not allowed\r\n")]
    public async Task A_build_answers_in_its_own_way(string name, string value, string line, string answer)
    {
        await using var bench = Make("air780", name, value);

        Assert.Equal(answer, bench.Send(line + "\r"));
    }

    [Fact]
    public async Task No_signal_may_be_a_zero()
    {
        await using var bench = Make("air780", "csq-without-signal", "0");
        bench.Module.World.Mobile.LoseCoverage();
        bench.Take();

        Assert.Equal("\r\n+CSQ: 0,99\r\n" + Ok, bench.Send("AT+CSQ\r"));
    }

    [Fact]
    public async Task Registration_may_come_without_a_blank()
    {
        await using var bench = Make("air780", "registration-blank", "off").Given("AT+CREG=1", "AT+CGREG=1", "AT+CEREG=1");

        bench.Module.World.Mobile.LoseCoverage();

        Assert.Contains("\r\n+CREG:2\r\n\r\n+CGREG:2\r\n\r\n+CEREG:2\r\n", bench.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_wrong_pin_may_look_like_the_others()
    {
        await using var bench = new Bench("air780", options => options with
        {
            SimCard = new SimCard { IsPinEnabled = true, PinTriesLeft = 1 },
            Switches = new Dictionary<string, string> { ["last-wrong-pin"] = "16" },
        }).Quiet();

        Assert.Equal("\r\n+CME ERROR: 16\r\n", bench.Send("AT+CPIN=0000\r"));
        Assert.Equal("\r\n+CPIN: SIM PUK\r\n" + Ok, bench.Send("AT+CPIN?\r"));
    }

    [Theory]
    [InlineData("kept", "\r\n+CPIN: READY\r\n" + Ok)]
    [InlineData("off", "\r\n+CPIN: SIM PIN\r\n" + Ok)]
    public async Task A_card_without_power_wants_its_pin_again(string value, string answer)
    {
        await using var bench = new Bench("air780", options => options with
        {
            SimCard = new SimCard { IsPinEnabled = true },
            Switches = new Dictionary<string, string> { ["card-at-cfun-0"] = value },
        }).Quiet();
        bench.Send("AT+CPIN=1234\r");

        bench.Send("AT+CFUN=0\r");
        bench.Send("AT+CFUN=1\r");

        Assert.Equal(answer, bench.Send("AT+CPIN?\r"));
    }

    [Theory]
    [InlineData("error", "\r\nERROR\r\n")]
    [InlineData("queued", "")]
    public async Task A_search_ends_in_its_own_way(string value, string answer)
    {
        await using var bench = new Bench("air780", options => options with
        {
            Timings = ModuleTimings.Typical,
            Switches = new Dictionary<string, string> { ["scan-abort"] = value },
        });
        bench.Send("ATE0\r");
        bench.After(TimeSpan.FromSeconds(1));
        bench.Send("AT+COPS=?\r");
        bench.After(TimeSpan.FromSeconds(1));

        Assert.Equal(answer, bench.Send("AT\r"));
        bench.After(TimeSpan.FromSeconds(100));
        bench.Send("AT\r");
        Assert.Equal(Ok, bench.After(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Notices_and_errors_have_their_blanks_or_not()
    {
        await using var bench = Make("air780", "notice-blank", "off", "dns-error-blank", "on").Given("AT+CIPRXGET=1");
        InMemoryPeer peer = bench.Connect();

        bench.Write(peer, "a");

        Assert.Equal("\r\n+CIPRXGET:1\r\n", bench.Take());
        Assert.Equal(Ok + "\r\n+CDNSGIP: 0,8\r\n", bench.Send("AT+CDNSGIP=nobody.example\r"));
    }

    [Theory]
    [InlineData("air820")]
    [InlineData("air780")]
    public async Task With_any_value_of_any_switch_a_module_boots_and_moves_data(string personality)
    {
        foreach (PersonalitySwitch known in PersonalityCatalog.Switches(personality))
        {
            foreach (string value in known.Values)
            {
                await using var bench = Make(personality, known.Name, value);
                bench.Module.Reset();
                bench.Take();
                bench.Send("AT\r");
                bench.Send("AT\r");
                Assert.True(bench.Send("ATE0\r").EndsWith(Ok, StringComparison.Ordinal), $"{known.Name}={value}");
                InMemoryPeer peer = bench.Connect();
                bench.Send("AT+CIPSEND=2\r\n");
                bench.Send("hi");
                Assert.Equal("hi", bench.Read(peer));
                bench.Write(peer, "ho");
                Assert.Contains("ho", bench.Take(), StringComparison.Ordinal);
            }
        }
    }
}
