using static ModemDriver.Simulator.Tests.LuatBench;

namespace ModemDriver.Simulator.Tests;

public class LuatReceiveTests
{
    [Theory]
    [InlineData("", "TEST123\r\n")]
    [InlineData("AT+CIPRXF=1", "TEST123")]
    [InlineData("AT+CIPHEAD=1", "\r\n+IPD,7:TEST123")]
    [InlineData("AT+CIPHEAD=1;+CIPSHOWTP=1", "\r\n+IPD,7,TCP:TEST123")]
    [InlineData("AT+CIPSHOWTP=1", "TEST123\r\n")]
    [InlineData("AT+CIPSRIP=1", "\r\nRECV FROM: 203.0.113.8:80\r\nTEST123\r\n")]
    public async Task A_single_link_pushes(string setting, string pushed)
    {
        await using var bench = Make("air780");
        if (setting.Length > 0)
        {
            bench.Given(setting);
        }

        InMemoryPeer peer = bench.Connect();
        bench.Write(peer, "TEST123");

        Assert.Equal(pushed, bench.Take());
    }

    [Theory]
    [InlineData("line-end-after-packet", "always", "AT+CIPHEAD=1", "\r\n+IPD,2:ab\r\n")]
    [InlineData("ipd-lead", "off", "AT+CIPHEAD=1", "+IPD,2:ab")]
    [InlineData("recv-from-blank", "off", "AT+CIPSRIP=1", "\r\nRECV FROM:203.0.113.8:80\r\nab\r\n")]
    public async Task Builds_push_in_their_own_way(string name, string value, string setting, string pushed)
    {
        await using var bench = Make("air780", name, value).Given(setting);
        InMemoryPeer peer = bench.Connect();
        bench.Write(peer, "ab");

        Assert.Equal(pushed, bench.Take());
    }

    [Theory]
    [InlineData("next-line", "raw-only", "\r\n+RECEIVE,5,2:\r\nab")]
    [InlineData("inline", "raw-only", "\r\n+RECEIVE,5,2:ab")]
    [InlineData("next-line", "always", "\r\n+RECEIVE,5,2:\r\nab\r\n")]
    public async Task Several_links_push_with_their_number_and_no_other_header(string data, string end, string pushed)
    {
        await using var bench = Make("air780", "receive-data", data, "line-end-after-packet", end)
            .Given("AT+CIPHEAD=1", "AT+CIPSRIP=1").Several();
        InMemoryPeer peer = bench.Connect(id: "5,");
        bench.Write(peer, "ab");

        Assert.Equal(pushed, bench.Take());
    }

    [Fact]
    public async Task A_push_has_1460_bytes_at_most()
    {
        await using var bench = Make("air780").Several();
        InMemoryPeer peer = bench.Connect(id: "0,");
        bench.Write(peer, new string('x', 2000));

        Assert.Equal(
            $"\r\n+RECEIVE,0,1460:\r\n{new string('x', 1460)}\r\n+RECEIVE,0,540:\r\n{new string('x', 540)}", bench.Take());
    }

    [Theory]
    [InlineData("when-empty", "")]
    [InlineData("when-read", "\r\n+CIPRXGET: 1\r\n")]
    public async Task With_one_notice_the_next_comes_when_the_host_has_read(string value, string notice)
    {
        await using var bench = Make("air780", "notice-again", value).Given("AT+CIPRXGET=1");
        InMemoryPeer peer = bench.Connect();

        bench.Write(peer, "abcd");
        Assert.Equal("\r\n+CIPRXGET: 1\r\n", bench.Take());
        bench.Write(peer, "ef");
        Assert.Equal("", bench.Take());
        Assert.Equal("\r\n+CIPRXGET: 2,2,4\r\nab\r\nOK\r\n", bench.Send("AT+CIPRXGET=2,2\r"));
        bench.Write(peer, "gh");
        Assert.Equal(notice, bench.Take());
        Assert.Equal("\r\n+CIPRXGET: 2,6,0\r\ncdefgh\r\nOK\r\n", bench.Send("AT+CIPRXGET=2,1460\r"));
        bench.Write(peer, "i");
        Assert.Equal("\r\n+CIPRXGET: 1\r\n", bench.Take());
    }

    [Fact]
    public async Task Mode_5_tells_of_each_packet()
    {
        await using var bench = Make("air780").Given("AT+CIPRXGET=5").Several();
        InMemoryPeer peer = bench.Connect(id: "2,");

        bench.Write(peer, "ab");
        bench.Write(peer, "cd");

        Assert.Equal("\r\n+CIPRXGET: 1,2\r\n\r\n+CIPRXGET: 1,2\r\n", bench.Take());
        Assert.Equal("\r\n+CIPRXGET: 4,2,4\r\n" + Ok, bench.Send("AT+CIPRXGET=4,2\r"));
    }

    [Theory]
    [InlineData("next-line", "one", "\r\n+CIPRXGET: 2,2,0\r\nab\r\nOK\r\n", "\r\n+CIPRXGET: 3,1,0\r\n63\r\nOK\r\n")]
    [InlineData("next-line", "two", "\r\n+CIPRXGET: 2,2,0\r\nab\r\n\r\nOK\r\n", "\r\n+CIPRXGET: 3,1,0\r\n63\r\n\r\nOK\r\n")]
    [InlineData("glued-hex", "one", "\r\n+CIPRXGET: 2,2,0\r\nab\r\nOK\r\n", "\r\n+CIPRXGET: 3,1,063\r\n\r\nOK\r\n")]
    [InlineData("glued", "one", "\r\n+CIPRXGET: 2,2,0ab\r\n\r\nOK\r\n", "\r\n+CIPRXGET: 3,1,063\r\n\r\nOK\r\n")]
    public async Task Builds_give_read_data_in_their_own_way(string data, string end, string plain, string hex)
    {
        await using var bench = Make("air780", "read-data", data, "read-end", end).Given("AT+CIPRXGET=1");
        InMemoryPeer peer = bench.Connect();
        bench.Write(peer, "ab");
        bench.Take();
        Assert.Equal(plain, bench.Send("AT+CIPRXGET=2,10\r"));
        bench.Write(peer, "c");
        bench.Take();

        Assert.Equal(hex, bench.Send("AT+CIPRXGET=3,10\r"));
    }

    [Theory]
    [InlineData("zero", "\r\n+CIPRXGET: 2,0,0\r\n" + Ok)]
    [InlineData("error", WrongState)]
    public async Task Nothing_to_read_is_said(string value, string answer)
    {
        await using var bench = Make("air780", "empty-read", value).Given("AT+CIPRXGET=1");
        bench.Connect();

        Assert.Equal(answer, bench.Send("AT+CIPRXGET=2,10\r"));
    }

    [Theory]
    [InlineData("kept", "\r\n+CIPRXGET: 2,4,0\r\nlast\r\nOK\r\n")]
    [InlineData("lost", "\r\n+CIPRXGET: 2,0,0\r\n" + Ok)]
    public async Task What_was_unread_at_the_close_can_be_read(string value, string answer)
    {
        await using var bench = Make("air780", "unread-at-close", value).Given("AT+CIPRXGET=1");
        InMemoryPeer peer = bench.Connect();
        bench.Write(peer, "last");
        await peer.DisposeAsync();

        Assert.Equal("\r\n+CIPRXGET: 1\r\n\r\nCLOSED\r\n", bench.Take());
        Assert.Equal(answer, bench.Send("AT+CIPRXGET=2,10\r"));
    }

    [Fact]
    public async Task A_host_that_does_not_read_holds_its_peer_back()
    {
        await using var bench = Make("air780").Given("AT+CIPRXGET=1");
        InMemoryPeer peer = bench.Connect();
        ValueTask writing = peer.WriteAsync(new byte[60_000], CancellationToken.None);
        bench.Take();

        Assert.Equal("\r\n+CIPRXGET: 4,10220\r\n" + Ok, bench.Send("AT+CIPRXGET=4\r"));
        Assert.False(writing.IsCompleted);
        int read = 0;
        for (int i = 0; i < 60 && read < 60_000; i++)
        {
            string answer = bench.Send("AT+CIPRXGET=2,1460\r").Replace("\r\n+CIPRXGET: 1\r\n", "", StringComparison.Ordinal);
            read += int.Parse(answer.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture);
        }

        Assert.Equal(60_000, read);
        await writing;
    }

    [Theory]
    [InlineData("one", "\r\n+CIPRXGET: 2,3,2\r\nabc\r\nOK\r\n")]
    [InlineData("stream", "\r\n+CIPRXGET: 2,5,0\r\nabcde\r\nOK\r\n")]
    public async Task A_read_of_datagrams_ends_with_the_first_or_runs_on(string value, string answer)
    {
        await using var bench = Make("air780", "datagram-read", value).Given("AT+CIPRXGET=1", "AT+CLPORT=UDP,5000");
        using InMemoryDatagramPeer peer = bench.Network.OpenDatagrams(Server, 9000);
        bench.Send($"AT+CIPSTART=UDP,{Server},9000\r");
        var module = new System.Net.IPEndPoint(new System.Net.IPAddress([10, 74, 149, 48]), 5000);
        peer.Send("abc"u8, module);
        peer.Send("de"u8, module);
        bench.Take();

        Assert.Equal(answer, bench.Send("AT+CIPRXGET=2,1460\r"));
    }

    [Theory]
    [InlineData("AT+CIPRXGET=2,1461", "\r\n+CME ERROR: 50\r\n")]
    [InlineData("AT+CIPRXGET=3,731", "\r\n+CME ERROR: 50\r\n")]
    [InlineData("AT+CIPRXGET=2,0,10", "\r\n+CME ERROR: 50\r\n")]
    [InlineData("AT+CIPRXGET=6", "\r\n+CME ERROR: 50\r\n")]
    [InlineData("AT+CIPRXGET?", "\r\n+CIPRXGET: 1\r\n" + Ok)]
    [InlineData("AT+CIPRXGET=0;+CIPRXGET=4", WrongState)]
    public async Task Reads_are_checked(string line, string answer)
    {
        await using var bench = Make("air780").Given("AT+CIPRXGET=1");
        bench.Connect();

        Assert.Equal(answer, bench.Send(line + "\r"));
    }
}
