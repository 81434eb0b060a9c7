using ModemDriver.Simulator.Faults;

namespace ModemDriver.Simulator.Tests;

public class FaultTests
{
    private const string Ok = "\r\nOK\r\n";

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Split_output_is_the_same_bytes_in_pieces_of_that_size(int size)
    {
        await using Bench bench = new Bench().Quiet();
        var pieces = new List<string>();
        bench.Pieces = pieces.Add;
        bench.Module.Faults.Add(Fault.SplitOutput(size));

        string answer = bench.Command("AT+CIPMUX?");

        Assert.Equal("+CIPMUX:0\r\n" + Ok, answer);
        Assert.All(pieces.SkipLast(1), piece => Assert.Equal(size, piece.Length));
        Assert.Equal((answer.Length + size - 1) / size, pieces.Count);
    }

    [Fact]
    public async Task Random_pieces_depend_on_the_seed_alone()
    {
        List<string> first = await PiecesAsync(7);

        Assert.Equal(first, await PiecesAsync(7));
        Assert.NotEqual(first, await PiecesAsync(8));
        Assert.True(first.Count > 1);
    }

    [Fact]
    public async Task Delayed_output_stops_before_the_byte()
    {
        await using Bench bench = new Bench().Quiet();
        bench.Module.Faults.Add(Fault.DelayOutput(3, TimeSpan.FromSeconds(1)));

        Assert.Equal("\r\nO", bench.Command("AT"));
        Assert.Equal("", bench.After(TimeSpan.FromMilliseconds(995)));
        Assert.Equal("K\r\n", bench.After(TimeSpan.FromMilliseconds(5)));
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task A_byte_to_the_host_is_dropped_doubled_flipped_or_preceded()
    {
        Assert.Equal("\r\nK\r\n", await AnswerAsync(Fault.DropByte(WireDirection.ToHost, 2)));
        Assert.Equal("\r\nOOK\r\n", await AnswerAsync(Fault.DuplicateByte(WireDirection.ToHost, 2)));
        Assert.Equal("\r\noK\r\n", await AnswerAsync(Fault.CorruptByte(WireDirection.ToHost, 2)));
        Assert.Equal("\r\n+X:1\r\nOK\r\n", await AnswerAsync(Fault.Insert(WireDirection.ToHost, 2, "+X:1\r\n")));
    }

    [Fact]
    public async Task A_byte_to_the_module_is_dropped_doubled_flipped_or_preceded()
    {
        Assert.Equal("\r\nERROR\r\n", await AnswerAsync(Fault.DropByte(WireDirection.ToModule, 0)));
        Assert.Equal("\r\nERROR\r\n", await AnswerAsync(Fault.DuplicateByte(WireDirection.ToModule, 1)));
        Assert.Equal("\r\nERROR\r\n", await AnswerAsync(Fault.CorruptByte(WireDirection.ToModule, 1)));
        Assert.Equal("\r\nERROR\r\n", await AnswerAsync(Fault.Insert(WireDirection.ToModule, 1, "x")));
        Assert.Equal("", await AnswerAsync(Fault.DropByte(WireDirection.ToModule, 2)));
    }

    [Fact]
    public async Task A_busy_storm_ends_after_its_number_of_commands()
    {
        await using Bench bench = new Bench().Quiet();
        bench.Module.Faults.Add(Fault.Busy(2, prefix: "AT+CIPMUX"));

        Assert.Equal(Ok, bench.Command("AT"));
        Assert.Equal("\r\nbusy p...\r\n", bench.Command("AT+CIPMUX=1"));
        Assert.Equal("\r\nbusy p...\r\n", bench.Command("AT+CIPMUX=1"));
        Assert.Equal("+CIPMUX:0\r\n" + Ok, bench.Command("AT+CIPMUX?"));
    }

    [Fact]
    public async Task A_busy_command_may_be_carried_out_all_the_same()
    {
        await using Bench bench = new Bench().Quiet();
        bench.Module.Faults.Add(Fault.Busy(1, executes: true));

        Assert.Equal("\r\nbusy p...\r\n" + Ok, bench.Command("AT+CIPMUX=1"));
        Assert.Equal("+CIPMUX:1\r\n" + Ok, bench.Command("AT+CIPMUX?"));
    }

    [Fact]
    public async Task A_late_answer_keeps_the_module_busy()
    {
        await using Bench bench = new Bench().Quiet();
        bench.Module.Faults.Add(Fault.LateAnswer("AT+CIPMUX?", 2, TimeSpan.FromSeconds(5)));

        Assert.Equal("+CIPMUX:0\r\n" + Ok, bench.Command("AT+CIPMUX?"));
        Assert.Equal("", bench.Command("AT+CIPMUX?"));
        Assert.Equal("\r\nbusy p...\r\n", bench.Command("AT"));
        Assert.Equal("+CIPMUX:0\r\n" + Ok, bench.After(TimeSpan.FromSeconds(5)));
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task An_answer_is_missing_replaced_or_interrupted()
    {
        await using Bench bench = new Bench().Quiet();
        bench.Module.Faults
            .Add(Fault.MissingAnswer("AT+CIPMUX=1"))
            .Add(Fault.ReplacedAnswer("AT+GMR", 1, "\r\nERROR\r\n"))
            .Add(Fault.Splice("AT+CIPMUX?", 1, 5, "WIFI DISCONNECT\r\n"))
            .Add(Fault.Splice("AT+CIPSTATUS", 1, 999, "+X\r\n"));

        Assert.Equal("", bench.Command("AT+CIPMUX=1"));
        Assert.Equal("\r\nERROR\r\n", bench.Command("AT+GMR"));
        Assert.Equal("+CIPMWIFI DISCONNECT\r\nUX:1\r\n" + Ok, bench.Command("AT+CIPMUX?"));
        Assert.Equal("STATUS:5\r\n" + Ok + "+X\r\n", bench.Command("AT+CIPSTATUS"));
        Assert.StartsWith("AT version", bench.Command("AT+GMR"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_at_a_command_takes_its_place()
    {
        await using Bench bench = new Bench().Quiet();
        bench.Module.Faults.Add(Fault.ResetAt(2, ResetCause.BrownOut));

        Assert.Equal(Ok, bench.Command("AT+CIPMUX=1"));
        Assert.Equal("\r\nready\r\n", bench.Command("AT+CIPMUX?"));
        Assert.Equal("AT+CIPMUX?\r\n+CIPMUX:0\r\n" + Ok, bench.Command("AT+CIPMUX?"));
    }

    [Fact]
    public async Task An_unplug_at_a_command_ends_the_connection_and_not_the_module()
    {
        await using Bench bench = new Bench().Quiet();
        bench.Command("AT+CIPMUX=1");
        bench.Module.Faults.Add(Fault.UnplugAt(1));

        Assert.Equal("", bench.Command("AT"));
        Assert.Throws<ObjectDisposedException>(() => bench.Host.Send("AT\r\n"u8));
        bench.Plug();
        Assert.Equal("+CIPMUX:1\r\n" + Ok, bench.Command("AT+CIPMUX?"));
    }

    [Fact]
    public async Task A_send_fails_though_the_payload_arrived()
    {
        await using Bench bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");
        bench.Module.Faults.Add(Fault.SendFail(1)).Add(Fault.SendFail(2, thenOk: true));

        bench.Command("AT+CIPSEND=2");
        Assert.Equal("\r\nRecv 2 bytes\r\n\r\nSEND FAIL\r\n", bench.Send("ab"));
        bench.Command("AT+CIPSEND=2");
        Assert.Equal("\r\nRecv 2 bytes\r\n\r\nSEND FAIL\r\n\r\nSEND OK\r\n", bench.Send("cd"));
        bench.Command("AT+CIPSEND=2");
        Assert.Equal("\r\nRecv 2 bytes\r\n\r\nSEND OK\r\n", bench.Send("ef"));
        Assert.Equal("abcdef", bench.Read(bench.Accept(listener)));
    }

    [Fact]
    public async Task A_verdict_is_missing()
    {
        await using Bench bench = new Bench().Online();
        bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");
        bench.Module.Faults.Add(Fault.MissingAnswer(">"));

        bench.Command("AT+CIPSEND=2");
        Assert.Equal("", bench.Send("ab"));
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task A_prompt_is_lost_and_the_module_counts_all_the_same()
    {
        await using Bench bench = new Bench().Online();
        bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");
        bench.Module.Faults.Add(Fault.LostPrompt());

        Assert.Equal(Ok, bench.Command("AT+CIPSEND=4"));
        Assert.Equal("\r\nRecv 4 bytes\r\n\r\nSEND OK\r\n", bench.Send("AT\r\n"));
    }

    [Theory]
    [InlineData(-1, "abc")]
    [InlineData(1, "abcde")]
    public async Task A_send_takes_another_count(int difference, string taken)
    {
        await using Bench bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");
        InMemoryPeer peer = bench.Accept(listener);
        bench.Module.Faults.Add(Fault.WrongCount(difference));
        bench.Command("AT+CIPSEND=4");

        Assert.Equal(
            $"\r\nRecv {taken.Length} bytes\r\n\r\nSEND OK\r\n", bench.Send(taken));
        Assert.Equal(taken, bench.Read(peer));
    }

    [Fact]
    public async Task A_header_announces_a_wrong_length()
    {
        await using Bench bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");
        InMemoryPeer peer = bench.Accept(listener);
        bench.Module.Faults.Add(Fault.WrongLength(+3, number: 2));

        bench.Write(peer, "one");
        Assert.Equal("\r\n+IPD,3:one", bench.Take());
        bench.Write(peer, "two");
        Assert.Equal("\r\n+IPD,6:two", bench.Take());
    }

    [Fact]
    public void A_plan_prints_and_shrinks_itself()
    {
        FaultPlan plan = new FaultPlan(5)
            .Add(Fault.SplitOutput(2))
            .Add(Fault.ReplacedAnswer("AT", 1, "\r\nNO\r\n"))
            .Add(Fault.ResetAt(3));

        Assert.Equal(
            "seed 5; SplitOutput(2); ReplacedAnswer(\"AT\", 1, \"\\r\\nNO\\r\\n\"); ResetAt(3, Watchdog)",
            plan.ToString());
        Assert.Equal(
            ["seed 5; ReplacedAnswer(\"AT\", 1, \"\\r\\nNO\\r\\n\"); ResetAt(3, Watchdog)",
                "seed 5; SplitOutput(2); ResetAt(3, Watchdog)",
                "seed 5; SplitOutput(2); ReplacedAnswer(\"AT\", 1, \"\\r\\nNO\\r\\n\")"],
            plan.Shrink().Select(smaller => smaller.ToString()));
    }

    private static async Task<string> AnswerAsync(Fault fault)
    {
        await using Bench bench = new Bench().Quiet();
        bench.Module.Faults.Add(fault);
        string answer = bench.Command("AT");

        // The fault is over: the module lives on.
        bench.Command("");
        Assert.Equal(Ok, bench.Command("AT"));
        return answer;
    }

    private static async Task<List<string>> PiecesAsync(int seed)
    {
        await using Bench bench = new Bench(change: options => options with
        {
            Faults = new FaultPlan(seed).Add(Fault.SplitOutputRandomly(9)),
        }).Quiet();
        var pieces = new List<string>();
        bench.Pieces = pieces.Add;
        bench.Command("AT+GMR");
        return pieces;
    }
}
