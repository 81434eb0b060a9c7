namespace ModemDriver.Simulator.Tests;

/// <summary>Lines, echo, busy, payload: what becomes of received bytes.</summary>
public class InputTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";

    [Fact]
    public async Task A_line_that_got_CR_only_is_glued_to_the_next_one()
    {
        await using var bench = new Bench().Quiet();

        Assert.Equal("", bench.Send("AT\r"));
        Assert.Equal(Error, bench.Command("AT"));
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task A_line_in_pieces_is_one_line()
    {
        await using var bench = new Bench().Quiet();

        foreach (char sign in "AT+CIPMUX?\r")
        {
            Assert.Equal("", bench.Send(sign.ToString()));
        }

        Assert.Equal("+CIPMUX:0\r\n" + Ok, bench.Send("\n"));
    }

    [Fact]
    public async Task What_follows_a_line_in_the_same_read_is_refused()
    {
        await using var bench = new Bench().Quiet();

        Assert.Equal("\r\nbusy p...\r\n" + Ok, bench.Send("AT\r\nAT\r\n"));
        Assert.Equal("\r\nbusy p...\r\n" + Ok, bench.Send("AT\r\n\n"));
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task A_stray_byte_during_a_command_is_answered_as_busy_when_its_read_is_over()
    {
        await using var bench = new Bench(change: Slow).Quiet();
        bench.Command("AT+CWLAP");

        Assert.Equal("", bench.Send(" "));
        Assert.Equal("\r\nbusy p...\r\n", bench.After(TimeSpan.FromMilliseconds(20)));
        Assert.StartsWith("+CWLAP:", bench.After(TimeSpan.FromSeconds(3)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Noise_before_AT_is_ignored()
    {
        await using var bench = new Bench().Quiet();

        Assert.Equal(Ok, bench.Command("\0AT"));
        Assert.Equal(Ok, bench.Command("\u00f8\u0080AT"));
        Assert.Equal(Error, bench.Command("xAT"));
    }

    [Fact]
    public async Task A_line_of_256_bytes_is_dropped_without_an_answer()
    {
        await using var bench = new Bench().Quiet();

        Assert.Equal(Error, bench.Command("AT+" + new string('X', 250)));
        Assert.Equal("", bench.Command("AT+" + new string('X', 253)));
        Assert.Equal("", bench.Command("AT+" + new string('X', 1000)));
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task Escapes_count_inside_quotes_and_nowhere_else()
    {
        await using var bench = new Bench().Quiet();

        Assert.Equal(Ok, bench.Command("AT+CWHOSTNAME=\"a\\,b\\\"c\\\\d\""));
        Assert.Equal("+CWHOSTNAME:a,b\"c\\d\r\n" + Ok, bench.Command("AT+CWHOSTNAME?"));
        Assert.Equal(Error, bench.Command("AT+CWHOSTNAME=\"a,b\""));
        Assert.Equal(Error, bench.Command("AT+CWHOSTNAME=\"a"));
        Assert.Equal(Error, bench.Command("AT+CWHOSTNAME=\"a\"b"));
    }

    [Fact]
    public async Task Payload_beyond_the_length_is_refused_before_Recv()
    {
        await using var bench = await LinkedAsync();
        bench.Command("AT+CIPSEND=3");

        Assert.Equal("\r\nbusy p...\r\n\r\nRecv 3 bytes\r\n\r\nSEND OK\r\n", bench.Send("abcd\r\n"));
    }

    [Fact]
    public async Task Three_plus_signs_inside_other_bytes_are_payload()
    {
        await using var bench = await LinkedAsync();
        bench.Command("AT+CIPSEND=10");

        Assert.Equal("", bench.Send("a+++"));
        Assert.Equal("", bench.Send("+++"));
        Assert.Equal("\r\nRecv 10 bytes\r\n\r\nSEND OK\r\n", bench.Send("xyz"));
    }

    [Fact]
    public async Task Three_plus_signs_alone_cancel_after_a_silence_even_as_the_last_ones()
    {
        await using var bench = await LinkedAsync();
        bench.Command("AT+CIPSEND=3");

        Assert.Equal("", bench.Send("+++"));
        Assert.Equal("\r\nSEND Canceled\r\n", bench.After(TimeSpan.FromMilliseconds(20)));
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task Three_plus_signs_with_something_close_behind_are_payload()
    {
        await using var bench = await LinkedAsync();
        bench.Command("AT+CIPSEND=5");

        Assert.Equal("", bench.Send("+++"));
        Assert.Equal("", bench.After(TimeSpan.FromMilliseconds(15)));
        Assert.Equal("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n", bench.Send("ab"));
    }

    [Fact]
    public async Task CIPSENDEX_takes_backslashes_away()
    {
        await using var bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");
        bench.Command("AT+CIPSENDEX=100");

        Assert.Equal("\r\nRecv 6 bytes\r\n\r\nSEND OK\r\n", bench.Send("a\\\\b\\c\\\\0\\0"));
        Assert.Equal("a\\bc\\0", bench.Read(bench.Accept(listener)));
    }

    [Fact]
    public async Task A_command_line_inside_payload_is_payload()
    {
        await using var bench = await LinkedAsync();
        bench.Command("AT+CIPSEND=8");

        Assert.Equal("\r\nRecv 8 bytes\r\n\r\nSEND OK\r\n", bench.Send("AT+RST\r\n"));
    }

    [Theory]
    [InlineData("crlf", "AT\r", "")]
    [InlineData("cr", "AT\r", Ok)]
    [InlineData("cr-or-crlf", "AT\r", Ok)]
    public async Task The_switch_says_what_ends_a_line(string value, string sent, string answer)
    {
        await using var bench = new Bench(change: With("line-end", value)).Quiet();

        Assert.Equal(answer, bench.Send(sent));
    }

    [Fact]
    public async Task A_late_line_feed_spoils_the_next_line_of_a_build_that_runs_at_CR()
    {
        await using var bench = new Bench(change: With("line-end", "cr")).Quiet();

        Assert.Equal(Ok, bench.Send("AT\r\n"));
        Assert.Equal(Ok, bench.Send("AT\r"));
        Assert.Equal("", bench.Send("\n"));
        Assert.Equal(Error, bench.Send("AT\r\n"));
    }

    [Fact]
    public async Task A_late_line_feed_is_swallowed_where_people_type()
    {
        await using var bench = new Bench(change: With("line-end", "cr-or-crlf")).Quiet();

        Assert.Equal(Ok, bench.Send("AT\r"));
        Assert.Equal("", bench.Send("\n"));
        Assert.Equal(Ok, bench.Send("AT\r\n"));
    }

    [Theory]
    [InlineData("empty-line", "silent", "\r\n", "")]
    [InlineData("empty-line", "error", "\r\n", Error)]
    [InlineData("noise-before-at", "error", "\0AT\r\n", Error)]
    [InlineData("log-on-at-port", "on", "AT+CWJAP?\r\n", "No AP\r\r\n" + Ok)]
    public async Task A_switch_changes_an_answer(string name, string value, string sent, string answer)
    {
        await using var bench = new Bench(change: With(name, value)).Quiet();

        Assert.Equal(answer, bench.Send(sent));
    }

    [Theory]
    [InlineData("esp-at", "on", Error + "CLOSED\r\n")]
    [InlineData("esp-at", "off", Error)]
    [InlineData("esp-at-1.7", "on", Error + "CLOSED\r\n")]
    [InlineData("esp-at-1.7", "connect-fail", Error + "CONNECT FAIL\r\n")]
    public async Task The_switch_says_what_follows_a_failed_connect(string personality, string value, string answer)
    {
        await using var bench = new Bench(personality, With("closed-after-failed-connect", value)).Online();

        Assert.Equal(answer, bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1"));
    }

    [Theory]
    [InlineData("lowest", "0,CONNECT\r\n")]
    [InlineData("highest", "4,CONNECT\r\n")]
    public async Task The_switch_says_which_id_CIPSTARTEX_takes(string value, string connect)
    {
        await using var bench = new Bench(change: With("cipstartex-id", value)).Online();
        bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPMUX=1");

        Assert.Equal(connect + Ok, bench.Command("AT+CIPSTARTEX=\"TCP\",\"10.0.0.1\",1"));
    }

    [Theory]
    [InlineData("held", "", "+CIPRECVDATA:4,late\r\nOK\r\nCLOSED\r\n")]
    [InlineData("early", "CLOSED\r\n", "+CIPRECVDATA:4,late\r\nOK\r\n")]
    [InlineData("lossy", "CLOSED\r\n", Error)]
    public async Task The_switch_says_what_becomes_of_unread_data_when_the_peer_closes(
        string value, string said, string read)
    {
        await using var bench = new Bench(change: With("closed-before-read", value)).Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPRECVMODE=1");
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");
        InMemoryPeer peer = bench.Accept(listener);
        bench.Write(peer, "late");
        Assert.Equal("\r\n+IPD,4\r\n", bench.Take());
        peer.Dispose();

        Assert.Equal(said, bench.Take());
        Assert.Equal(read, bench.Command("AT+CIPRECVDATA=100"));
    }

    [Theory]
    [InlineData("send-fail", "\r\nSEND FAIL\r\n")]
    [InlineData("error", Error)]
    public async Task The_switch_says_how_a_send_on_a_lost_link_ends(string value, string verdict)
    {
        await using var bench = new Bench(change: With("send-on-lost-link", value)).Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");
        bench.Command("AT+CIPSEND=2");
        bench.Accept(listener).Dispose();
        Assert.Equal("CLOSED\r\n", bench.Take());

        Assert.Equal("\r\nRecv 2 bytes\r\n" + verdict, bench.Send("hi"));
    }

    [Theory]
    [InlineData("esp-at", "zero", "+CIPRECVDATA:0,\r\nOK\r\n")]
    [InlineData("esp-at", "error", Error)]
    [InlineData("esp-at-1.7", "zero", "\r\n+CIPRECVDATA,0:\r\nOK\r\n")]
    [InlineData("esp-at-1.7", "error", Error)]
    public async Task The_switch_says_what_an_empty_read_gives(string personality, string value, string answer)
    {
        await using var bench = new Bench(personality, With("empty-passive-read", value)).Online();
        bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPRECVMODE=1");
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");

        Assert.Equal(answer, bench.Command("AT+CIPRECVDATA=10"));
    }

    [Theory]
    [InlineData("ascending", "0,CLOSED\r\n1,CLOSED\r\n")]
    [InlineData("descending", "1,CLOSED\r\n0,CLOSED\r\n")]
    public async Task The_switch_says_in_which_order_RESTORE_closes(string value, string closed)
    {
        await using var bench = new Bench(change: With("restore-closes", value)).Online();
        bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPMUX=1");
        bench.Command("AT+CIPSTART=0,\"TCP\",\"10.0.0.1\",1");
        bench.Command("AT+CIPSTART=1,\"TCP\",\"10.0.0.1\",1");

        Assert.StartsWith(closed + Ok, bench.Command("AT+RESTORE"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("esp-at", "on", "AT\r\r\n")]
    [InlineData("esp-at-1.7", "on", "AT\r\r\n")]
    [InlineData("esp-at-1.7", "off", "AT\r\n")]
    public async Task The_switch_says_how_a_line_is_echoed(string personality, string value, string echo)
    {
        await using var bench = new Bench(personality, With("echo-doubles-return", value));

        Assert.Equal(echo + Ok, bench.Command("AT"));
    }

    [Theory]
    [InlineData("esp-at", "on", "\r\nWill force to restart!!!\r\n" + Ok)]
    [InlineData("esp-at-1.7", "on", "\r\nWill force to restart!!!\r\n" + Ok)]
    [InlineData("esp-at-1.7", "off", "\r\nWill force to restart!!!\r\n")]
    public async Task The_switch_says_whether_OK_precedes_a_forced_restart(
        string personality, string value, string said)
    {
        await using var bench = new Bench(
            personality, options => Slow(With("ok-before-forced-restart", value)(options)))
            .Quiet();
        bench.Command("AT+CWLAP");

        Assert.Equal(said, bench.Command("AT+RST"));
    }

    [Theory]
    [InlineData("none", "\r\nready\r\n")]
    [InlineData("clear", "\r\n ets Jan  8 2013,rst cause:1, boot mode:(3,6)\r\n\r\nload ")]
    [InlineData("garbage", "\0")]
    public async Task The_switch_says_what_the_ROM_prints(string value, string beginning)
    {
        await using var bench = new Bench(change: options => With("rom-text", value)(options) with
        {
            StartPowered = false,
        });
        bench.Module.PowerOn();

        string said = bench.Take();
        Assert.StartsWith(beginning, said, StringComparison.Ordinal);
        Assert.EndsWith("\r\nready\r\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_switch_is_tested()
    {
        string source = string.Concat(
            Directory.EnumerateFiles(Path.GetDirectoryName(SourceOf())!, "*Tests.cs").Select(File.ReadAllText));

        foreach (PersonalitySwitch known in PersonalityCatalog.Switches(PersonalityCatalog.Default))
        {
            Assert.Contains($"\"{known.Name}\"", source, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_wrong_option_is_refused_with_what_there_is()
    {
        ArgumentException wrong = Assert.Throws<ArgumentException>(() => new ModemSimulator(With("line-end", "lf")(
            With("no-such-switch", "on")(new SimulatorOptions { BitRate = 79 }) with { BitRate = 79 })));
        Assert.Contains("BitRate", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("crlf", wrong.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ModemSimulator(new SimulatorOptions { Personality = "toaster" }));
    }

    private static string SourceOf([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

    private static SimulatorOptions Slow(SimulatorOptions options) => options with { Timings = ModuleTimings.Typical };

    private static Func<SimulatorOptions, SimulatorOptions> With(string name, string value) => options =>
        options with { Switches = new Dictionary<string, string>(options.Switches) { [name] = value } };

    private static Task<Bench> LinkedAsync()
    {
        Bench bench = new Bench().Online();
        bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");
        return Task.FromResult(bench);
    }
}
