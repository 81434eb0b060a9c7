namespace ModemDriver.Simulator.Tests;

/// <summary>The other ways to send: with escapes, without a limit, into a buffer; and how to give one up.</summary>
public class SendTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";
    private const string Prompt = "\r\nOK\r\n\r\n>";

    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData("line one|\\0", "line one", 8)]
    [InlineData("line one\\0", "line one", 8)]
    [InlineData("a\\\\0b\\0", "a\\0b", 4)]
    [InlineData("a\\\\\\0", "a\\", 2)]
    [InlineData("a\\bc\\0", "abc", 3)]
    [InlineData("back\\|0", "back", 4)]
    public async Task CIPSENDEX_ends_at_a_backslash_and_a_zero(string pieces, string arrives, int count)
    {
        await using var bench = new Bench().Online();
        InMemoryPeer peer = Connect(bench);
        Assert.Equal(Prompt, bench.Command("AT+CIPSENDEX=2048"));
        string said = "";
        foreach (string piece in pieces.Split('|'))
        {
            said += bench.Send(piece) + bench.After(Silence);
        }

        Assert.Equal($"\r\nRecv {count} bytes\r\n\r\nSEND OK\r\n", said);
        Assert.Equal(arrives, bench.Read(peer));
    }

    [Theory]
    [InlineData("off", "")]
    [InlineData("on", "\r\n")]
    public async Task CIPSENDL_sends_while_it_receives_and_reports(string value, string lead)
    {
        await using var bench = new Bench("esp-at-esp32", TransparentTests.Switch("sendl-report-lead", value)).Online();
        InMemoryPeer peer = Connect(bench);
        Assert.Equal(Ok, bench.Command("AT+CIPSENDLCFG=100"));
        Assert.Equal("+CIPSENDLCFG:100,2920\r\n" + Ok, bench.Command("AT+CIPSENDLCFG?"));
        Assert.Equal(Prompt, bench.Command("AT+CIPSENDL=200"));
        Assert.Equal(lead + "+CIPSENDL:100,100\r\n", bench.Send(new string('x', 100)));
        Assert.Equal(new string('x', 100), bench.Read(peer));
        Assert.Equal("", bench.Send(new string('y', 50)));
        Assert.Equal(new string('y', 50), bench.Read(peer));
        Assert.Equal(lead + "+CIPSENDL:200,200\r\n\r\nSEND OK\r\n", bench.Send(new string('z', 50)));

        Assert.Equal(new string('z', 50), bench.Read(peer));
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task CIPSENDL_is_given_up_by_three_plus_signs_alone()
    {
        await using var bench = new Bench("esp-at-esp32").Online();
        InMemoryPeer peer = Connect(bench);
        Assert.Equal(Prompt, bench.Command("AT+CIPSENDL=1000"));
        bench.Send("partial");
        Assert.Equal("", bench.After(TimeSpan.FromMilliseconds(50)));
        Assert.Equal("", bench.Send("+++"));

        Assert.Equal("\r\nSEND CANCELLED\r\n", bench.After(Silence));
        Assert.Equal("partial", bench.Read(peer));
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task CIPSENDL_swallows_the_rest_when_the_link_has_died()
    {
        await using var bench = new Bench("esp-at-esp32").Online();
        InMemoryPeer peer = Connect(bench);
        Assert.Equal(Prompt, bench.Command("AT+CIPSENDL=1000"));
        peer.Reset();
        Assert.Equal("CLOSED\r\n", bench.Take());
        Assert.Equal("", bench.Send(new string('x', 999)));

        Assert.Equal("\r\nSEND FAIL\r\n", bench.Send("x"));
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task CIPSENDL_waits_for_a_slow_peer_and_loses_nothing()
    {
        await using var bench = new Bench("esp-at-esp32").Online();
        InMemoryPeer peer = Connect(bench);
        bench.Command("AT+CIPSENDLCFG=1048576");
        Assert.Equal(Prompt, bench.Command("AT+CIPSENDL=200000"));
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal("", bench.Send(new string((char)('a' + (i % 26)), 2000)));
        }

        string arrived = "";
        while (arrived.Length < 200_000)
        {
            arrived += bench.Read(peer);
        }

        Assert.Equal("\r\nSEND OK\r\n", bench.Take());
        Assert.Equal(string.Concat(Enumerable.Range(0, 100).Select(i => new string((char)('a' + (i % 26)), 2000))), arrived);
    }

    [Theory]
    [InlineData("esp-at", "AT+CIPSENDL=10", Error)]
    [InlineData("esp-at-2.3", "AT+CIPSENDLCFG?", Error)]
    [InlineData("esp-at-esp32", "AT+CIPSENDL=10", Error)]
    [InlineData("esp-at-esp32", "AT+CIPSENDLCFG=99", Error)]
    [InlineData("esp-at-esp32", "AT+CIPSENDLCFG=100,2921", Error)]
    [InlineData("esp-at-esp32", "AT+CIPSENDBUF=10", Error)]
    [InlineData("esp-at-1.7", "AT+CIPSENDBUF=10", "link is not valid\r\n" + Error)]
    [InlineData("esp-at-1.7", "AT+CIPBUFSTATUS", "link is not valid\r\n" + Error)]
    public async Task Releases_differ(string personality, string line, string answer)
    {
        await using var bench = new Bench(personality).Online();

        Assert.Equal(answer, bench.Command(line));
    }

    [Fact]
    public async Task NonOS_sends_buffered_segments_behind_the_host_s_back()
    {
        await using var bench = new Bench("esp-at-1.7").Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPMUX=1");
        bench.Command("AT+CIPSTART=3,\"TCP\",\"10.0.0.1\",1");
        InMemoryPeer peer = bench.Accept(listener);

        Assert.Equal("1,0\r\n\r\nOK\r\n> ", bench.Command("AT+CIPSENDBUF=3,5"));
        Assert.Equal("\r\nRecv 5 bytes\r\n\r\n3,1,SEND OK\r\n", bench.Send("first"));
        Assert.Equal("2,1\r\n\r\nOK\r\n> ", bench.Command("AT+CIPSENDBUF=3,6"));
        Assert.Equal("\r\nRecv 6 bytes\r\n\r\n3,2,SEND OK\r\n", bench.Send("second"));
        Assert.Equal("firstsecond", bench.Read(peer));
        Assert.Equal("3,2,2,5840,16\r\n" + Ok, bench.Command("AT+CIPBUFSTATUS=3"));
        Assert.Equal("3,1,TRUE\r\n" + Ok, bench.Command("AT+CIPCHECKSEQ=3,1"));
        Assert.Equal("3,3,FALSE\r\n" + Ok, bench.Command("AT+CIPCHECKSEQ=3,3"));
        Assert.Equal(Ok, bench.Command("AT+CIPBUFRESET=3"));
        Assert.Equal("1,0\r\n\r\nOK\r\n> ", bench.Command("AT+CIPSENDBUF=3,1"));
    }

    [Fact]
    public async Task NonOS_takes_commands_while_a_buffered_segment_waits_and_refuses_more_than_fits()
    {
        await using var bench = new Bench("esp-at-1.7").Online();
        InMemoryPeer peer = Connect(bench);
        string said = "";
        int segments = 0;
        while (!said.Contains("ERROR", StringComparison.Ordinal))
        {
            said = bench.Command("AT+CIPSENDBUF=2048");
            if (said.EndsWith("> ", StringComparison.Ordinal))
            {
                segments++;
                bench.Send(new string('x', 2048));
            }
        }

        // The peer takes nothing: what the window and the buffer hold, and no more.
        Assert.InRange(segments, 8, 12);
        Assert.Equal(Ok, bench.Command("AT"));
        Assert.Equal(Error, bench.Command("AT+CIPBUFRESET"));
        peer.Reset();
        string end = bench.Take();
        Assert.Contains($"\r\n{segments},SEND FAIL\r\n", end, StringComparison.Ordinal);
        Assert.Contains("CLOSED\r\n", end, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_escape_counts_even_when_the_module_was_too_slow_to_see_the_silence()
    {
        await using var bench = new Bench().Online();
        _ = Connect(bench);
        Assert.Equal(Prompt, bench.Command("AT+CIPSEND=100"));
        bench.Host.Send("only a part"u8);
        bench.Time.Advance(Silence);
        bench.Host.Send("+++"u8);
        bench.Time.Advance(Silence);
        bench.Host.Send("AT\r\n"u8);

        Assert.Equal("\r\nSEND Canceled\r\n" + Ok, bench.Take());
    }

    private static InMemoryPeer Connect(Bench bench)
    {
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        Assert.Equal("CONNECT\r\n" + Ok, bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1"));
        return bench.Accept(listener);
    }
}
