using static ModemDriver.Simulator.Tests.LuatBench;

namespace ModemDriver.Simulator.Tests;

public class LuatSendTests
{
    [Theory]
    [InlineData("0", "\r\nSEND OK\r\n")]
    [InlineData("1", "\r\nDATA ACCEPT:4\r\n")]
    [InlineData("2", "\r\nSEND OK\r\n")]
    public async Task A_counted_payload_gets_its_verdict(string mode, string verdict)
    {
        await using var bench = Make("air780").Given("AT+CIPQSEND=" + mode);
        InMemoryPeer peer = bench.Connect();

        Assert.Equal("\r\n> ", bench.Send("AT+CIPSEND=4\r\n"));
        Assert.Equal(verdict, bench.Send("\x1a\x1b\0\r"));
        Assert.Equal("\x1a\x1b\0\r", bench.Read(peer));
    }

    [Theory]
    [InlineData("on", "on", "\r\n3, SEND OK\r\n", "\r\nDATA ACCEPT:3,4\r\n")]
    [InlineData("off", "off", "\r\n3,SEND OK\r\n", "\r\nDATAACCEPT:3,4\r\n")]
    public async Task Blanks_are_a_matter_of_the_build(string link, string accept, string slow, string quick)
    {
        await using var bench = Make("air780", "link-id-blank", link, "data-accept-blank", accept).Several();
        bench.Connect(id: "3,");

        bench.Send("AT+CIPSEND=3,4\r\n");
        Assert.Equal(slow, bench.Send("abcd"));
        bench.Given("AT+CIPQSEND=1");
        bench.Send("AT+CIPSEND=3,4\r\n");
        Assert.Equal(quick, bench.Send("abcd"));
    }

    [Fact]
    public async Task A_line_feed_behind_a_lone_return_is_no_payload()
    {
        await using var bench = Make("air780");
        InMemoryPeer peer = bench.Connect();

        bench.Send("AT+CIPSEND=3\r");
        Assert.Equal("", bench.Send("\nab"));
        Assert.Equal("\r\nSEND OK\r\n", bench.Send("c"));
        Assert.Equal("abc", bench.Read(peer));
        bench.Send("AT+CIPSEND=3\r\n");
        Assert.Equal("\r\nSEND OK\r\n", bench.Send("\nab"));
        Assert.Equal("\nab", bench.Read(peer));
    }

    [Fact]
    public async Task Bytes_beyond_the_length_are_the_next_line()
    {
        await using var bench = Make("air780");
        bench.Connect();

        bench.Send("AT+CIPSEND=2\r\n");

        Assert.Equal("\r\nSEND OK\r\n\r\n+CIPMUX: 0\r\n" + Ok, bench.Send("abAT+CIPMUX?\r"));
    }

    [Fact]
    public async Task The_payload_may_come_with_its_command()
    {
        await using var bench = Make("air780");
        InMemoryPeer peer = bench.Connect();

        Assert.Equal("\r\n> \r\nSEND OK\r\n", bench.Send("AT+CIPSEND=10\r1234567890"));
        Assert.Equal("1234567890", bench.Read(peer));
    }

    [Fact]
    public async Task Payload_is_echoed_as_lines_are()
    {
        await using var bench = Make("air780");
        bench.Connect();
        bench.Send("ATE1\r");

        bench.Send("AT+CIPSEND=2\r\n");

        Assert.Equal("ab\r\nSEND OK\r\n", bench.Send("ab"));
    }

    [Theory]
    [InlineData("ok", Ok)]
    [InlineData("send-fail", "\r\nSEND FAIL\r\n")]
    [InlineData("error", "\r\nERROR\r\n")]
    [InlineData("silent", "")]
    public async Task Escape_gives_a_payload_up(string value, string answer)
    {
        await using var bench = Make("air780", "escape-in-send", value);
        bench.Connect();
        bench.Send("AT+CIPSEND\r\n");

        Assert.Equal(answer, bench.Send("abc\x1b"));
        Assert.Equal("\r\n+CIPACK: 0,0,0\r\n" + Ok, bench.Send("AT+CIPACK\r"));
    }

    [Theory]
    [InlineData("0", "", "\r\nSEND OK\r\n")]
    [InlineData("1", "\r\n> ", "\r\nSEND OK\r\n")]
    [InlineData("2", "", "")]
    public async Task Prompt_and_verdict_may_be_left_out(string mode, string prompt, string verdict)
    {
        await using var bench = Make("air780").Given("AT+CIPSPRT=" + mode);
        InMemoryPeer peer = bench.Connect();

        Assert.Equal(prompt, bench.Send("AT+CIPSEND=2\r\n"));
        Assert.Equal(verdict, bench.Send("ab"));
        Assert.Equal("ab", bench.Read(peer));
    }

    [Fact]
    public async Task A_timer_sends_what_has_come()
    {
        await using var bench = Make("air780").Given("AT+CIPQSEND=1", "AT+CIPATS=1,10");
        InMemoryPeer peer = bench.Connect();
        bench.Send("AT+CIPSEND=10\r\n");
        bench.Send("abc");

        Assert.Equal("", bench.After(TimeSpan.FromSeconds(9.9)));
        Assert.Equal("\r\nDATA ACCEPT:3\r\n", bench.After(TimeSpan.FromSeconds(0.2)));
        Assert.Equal("abc", bench.Read(peer));
        Assert.Equal(Ok, bench.Send("AT\r"));
    }

    [Fact]
    public async Task A_timer_sends_nothing_when_nothing_has_come()
    {
        await using var bench = Make("air780").Given("AT+CIPQSEND=1", "AT+CIPATS=1,10");
        using InMemoryDatagramPeer peer = bench.Network.OpenDatagrams(Server, 5000);
        bench.Send("AT+CIPSTART=\"UDP\",\"" + Server + "\",5000\r\n");
        bench.Send("AT+CIPSEND=10\r\n");

        Assert.Equal("\r\nDATA ACCEPT:0\r\n", bench.After(TimeSpan.FromSeconds(10.1)));
        Assert.Equal("\r\n> ", bench.Send("AT+CIPSEND=1\r\n"));
        bench.Send("x");
        ValueTask<InMemoryDatagram> heard = peer.ReceiveAsync(TestContext.Current.CancellationToken);
        Assert.True(heard.IsCompletedSuccessfully);
        Assert.Equal("x"u8.ToArray(), (await heard).Data.ToArray());
    }

    [Theory]
    [InlineData("AT+CIPSEND=0", "\r\n+CME ERROR: 50\r\n")]
    [InlineData("AT+CIPSEND=1461", "\r\n+CME ERROR: 50\r\n")]
    [InlineData("AT+CIPSEND=0,4", WrongState)]
    [InlineData("AT+CIPSEND?", "\r\n+CIPSEND: 1460\r\n" + Ok)]
    [InlineData("AT+CIPSEND=?", "\r\n+CIPSEND: (1-1460)\r\n" + Ok)]
    public async Task Sends_are_checked(string line, string answer)
    {
        await using var bench = Make("air780");
        bench.Connect();

        Assert.Equal(answer, bench.Send(line + "\r\n"));
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_holds_the_verdict_back_in_slow_mode()
    {
        await using var bench = Make("air780").Given("AT+CIPQSEND=2");
        bench.Connect();
        string payload = new('x', 1460);
        string verdict = "\r\nSEND OK\r\n";
        for (int i = 0; verdict.Length > 0 && i < 20; i++)
        {
            bench.Send("AT+CIPSEND=1460\r\n");
            verdict = bench.Send(payload);
        }

        Assert.Equal("", bench.After(TimeSpan.FromSeconds(49)));
        Assert.Equal("\r\nSEND FAIL\r\n", bench.After(TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("=1", false)]
    [InlineData("=0", true)]
    public async Task A_slow_close_lets_the_queue_run_out(string form, bool arrives)
    {
        await using var bench = Make("air780");
        InMemoryPeer peer = bench.Connect();
        const int Sends = 20;
        for (int i = 0; i < Sends; i++)
        {
            bench.Send("AT+CIPSEND=1460\r\n");
            Assert.Equal("\r\nSEND OK\r\n", bench.Send(new string('x', 1460)));
        }

        string closed = bench.Send($"AT+CIPCLOSE{form}\r");
        int read = 0;
        Task<int> next = peer.ReadAsync(new byte[65_536], CancellationToken.None).AsTask();
        while (next.IsCompletedSuccessfully && await next > 0)
        {
            read += await next;
            closed += bench.Take();
            next = peer.ReadAsync(new byte[65_536], CancellationToken.None).AsTask();
        }

        Assert.Equal("\r\nCLOSE OK\r\n", closed);
        Assert.Equal(arrives, read == Sends * 1460);
    }

    [Fact]
    public async Task The_sizes_are_shown_for_each_number_or_each_open_link()
    {
        await using var all = Make("air780").Several();
        await using var open = Make("air780", "cipsend-query", "open").Several();
        open.Connect(id: "4,");

        Assert.Equal(6, all.Send("AT+CIPSEND?\r").Split("+CIPSEND: ").Length - 1);
        Assert.Equal("\r\n+CIPSEND: 4,1460\r\n" + Ok, open.Send("AT+CIPSEND?\r"));
    }
}
