using ModemDriver.Simulator.Faults;
using static ModemDriver.Simulator.Tests.LuatBench;

namespace ModemDriver.Simulator.Tests;

/// <summary>Faults as cellular modules show them, and what is left behind each.</summary>
public class LuatFaultTests
{
    [Fact]
    public async Task A_busy_module_says_so_in_its_own_words()
    {
        await using var bench = Make("air780");
        bench.Module.Faults.Add(Fault.Busy(2));

        Assert.Equal("\r\n+CME ERROR: 14\r\n", bench.Send("AT+CIPMUX=1\r"));
        Assert.Equal("\r\n+CME ERROR: 14\r\n", bench.Send("AT\r"));
        Assert.Equal("\r\n+CIPMUX: 0\r\n" + Ok, bench.Send("AT+CIPMUX?\r"));
    }

    [Fact]
    public async Task Answers_come_late_or_never()
    {
        await using var bench = Make("air780");
        bench.Module.Faults.Add(Fault.LateAnswer("AT+CSQ", 1, TimeSpan.FromSeconds(3)));
        bench.Module.Faults.Add(Fault.MissingAnswer("AT+CESQ"));

        Assert.Equal("", bench.Send("AT+CSQ\r"));
        Assert.Equal("", bench.Send("AT\r"));
        Assert.Equal("\r\n+CSQ: 26,0\r\n" + Ok + Ok, bench.After(TimeSpan.FromSeconds(4)));
        Assert.Equal("", bench.Send("AT+CESQ\r"));
        Assert.Equal(Ok, bench.Send("AT\r"));
    }

    [Fact]
    public async Task A_registration_line_falls_into_an_answer()
    {
        await using var bench = Make("air780");
        bench.Module.Faults.Add(Fault.Splice("AT+CREG?", 1, 0, "\r\n+CREG: 2\r\n"));

        Assert.Equal("\r\n+CREG: 2\r\n\r\n+CREG: 0,1\r\n" + Ok, bench.Send("AT+CREG?\r"));
    }

    [Fact]
    public async Task Sends_fail_prompts_are_lost_and_lengths_are_wrong()
    {
        await using var bench = Make("air780").Given("AT+CIPRXGET=1");
        InMemoryPeer peer = bench.Connect();
        bench.Module.Faults.Add(Fault.SendFail());
        bench.Module.Faults.Add(Fault.LostPrompt(2));
        bench.Module.Faults.Add(Fault.WrongLength(1));

        Assert.Equal("\r\n> ", bench.Send("AT+CIPSEND=2\r\n"));
        Assert.Equal("\r\nSEND FAIL\r\n", bench.Send("ab"));
        Assert.Equal("", bench.Send("AT+CIPSEND=2\r\n"));
        Assert.Equal("\r\nSEND OK\r\n", bench.Send("cd"));
        Assert.Equal("abcd", bench.Read(peer));
        bench.Write(peer, "xy");
        bench.Take();
        Assert.Equal("\r\n+CIPRXGET: 2,3,0\r\nxy\r\nOK\r\n", bench.Send("AT+CIPRXGET=2,10\r"));
    }

    [Fact]
    public async Task A_module_resets_instead_of_answering()
    {
        await using var bench = Make("air780");
        bench.Module.Faults.Add(Fault.ResetAt(2));
        bench.Send("AT\r");

        Assert.StartsWith("^boot.rom", bench.Send("AT+CSQ\r"), StringComparison.Ordinal);
        bench.Send("AT\r");
        Assert.Equal("AT*EXINFO?\r\r\n*EXINFO: 8\r\n" + Ok, bench.Send("AT*EXINFO?\r"));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public async Task A_sleeping_module_loses_the_lines_that_wake_it(int mode, int lost)
    {
        await using var bench = Make("air780").Given($"AT+CSCLK={mode}");
        Assert.Equal(Ok, bench.Send("AT\r"));
        bench.After(TimeSpan.FromSeconds(1.1));

        for (int i = 0; i < lost; i++)
        {
            Assert.Equal("", bench.Send("AT\r"));
        }

        Assert.Equal(Ok, bench.Send("AT\r"));
        bench.Given("AT+CSCLK=0");
        bench.After(TimeSpan.FromSeconds(5));
        Assert.Equal(Ok, bench.Send("AT\r"));
    }

    [Fact]
    public async Task The_heart_beats_on_its_link()
    {
        await using var bench = Make("air780");
        InMemoryPeer peer = bench.Connect();
        bench.Given("AT^HEARTBEATHEX=2,0D0A", "AT^HEARTCONFIG=1,0,5");

        bench.After(TimeSpan.FromSeconds(12));

        Assert.Equal("\r\n\r\n", bench.Read(peer));
        Assert.Equal("\r\n^HEARTINQUIRE: 2,3,2\r\n" + Ok, bench.Send("AT^HEARTINQUIRE?\r"));
        bench.Given("AT^HEARTBEAT=0,ping");
        bench.After(TimeSpan.FromSeconds(4));
        Assert.Equal("ping", bench.Read(peer));
        bench.Given("AT^HEARTCONFIG=0");
        Assert.Equal("\r\n^HEARTCONFIG: 0,0,120\r\n" + Ok, bench.Send("AT^HEARTCONFIG?\r"));
    }
}
