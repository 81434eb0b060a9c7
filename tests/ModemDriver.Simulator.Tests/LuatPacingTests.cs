using static ModemDriver.Simulator.Tests.LuatBench;

namespace ModemDriver.Simulator.Tests;

/// <summary>What a cellular module takes for things when bytes and work take time.</summary>
public class LuatPacingTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Bytes_take_ten_bits_each_and_work_takes_what_the_timings_say()
    {
        await using var bench = new Bench("air780", options => options with { Unpaced = false });
        bench.Send("ATE0\r");
        bench.Until(Ok, Step);
        bench.Take();
        InMemoryListener server = bench.Network.Listen(Server, 80);

        bench.Send("AT+CIPRXGET=1\r");
        bench.Until(Ok, Step);
        bench.Take();
        bench.Send($"AT+CIPSTART=\"TCP\",\"{Server}\",80\r");
        TimeSpan connecting = bench.Until("CONNECT OK\r\n", Step);
        bench.Take();
        bench.Write(bench.Accept(server), new string('x', 1460));
        bench.Until("+CIPRXGET: 1\r\n", Step);
        bench.Take();
        bench.Send("AT+CIPRXGET=2,1460\r");
        TimeSpan reading = bench.Until("x\r\nOK\r\n", Step);

        // The shortcut brings the context up first: 500 ms and 110 ms, and the command with its bytes.
        Assert.InRange(connecting.TotalMilliseconds, 615, 640);
        // 19 bytes in, 10 ms of work, 1460 and 31 bytes out at 11,520 a second.
        Assert.InRange(reading.TotalMilliseconds, 139, 146);
    }

    [Fact]
    public async Task A_datagram_link_is_there_at_once()
    {
        await using var bench = new Bench("air780", options => options with { Timings = ModuleTimings.Typical });
        foreach (string line in new[] { "ATE0", "AT+CSTT", "AT+CIICR", "AT+CIFSR" })
        {
            bench.Send(line + "\r");
            bench.After(TimeSpan.FromSeconds(1));
        }

        bench.Send($"AT+CIPSTART=UDP,{Server},80\r");

        Assert.Equal(Ok + "\r\nCONNECT OK\r\n", bench.After(TimeSpan.FromMilliseconds(10)));
    }
}
