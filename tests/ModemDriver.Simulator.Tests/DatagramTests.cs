using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModemDriver.Simulator.Tests;

/// <summary>UDP links: peers, borders, and what each firmware prints.</summary>
public class DatagramTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";
    private const string Sent = "\r\nRecv 4 bytes\r\n\r\nSEND OK\r\n";

    [Theory]
    [InlineData("esp-at", "\r\n+IPD,2,4,\"192.168.1.30\",6000:ping", "\r\nOK\r\n\r\n>")]
    [InlineData("esp-at-esp32", "\r\n+IPD,2,4,\"192.168.1.30\",6000:ping", "\r\nOK\r\n\r\n>")]
    [InlineData("esp-at-2.0", "\r\n+IPD,2,4,192.168.1.30,6000:ping", "\r\nOK\r\n\r\n>")]
    [InlineData("esp-at-1.7", "\r\n+IPD,2,4,192.168.1.30,6000:ping", "\r\nOK\r\n> ")]
    public async Task Datagrams_go_to_and_from_changing_peers(string personality, string pushed, string prompt)
    {
        await using var bench = new Bench(personality).Online();
        using InMemoryDatagramPeer stranger = bench.Network.OpenDatagrams("192.168.1.30", 6000);
        bench.Command("AT+CIPMUX=1");
        Assert.Equal(Ok, bench.Command("AT+CIPDINFO=1"));
        Assert.Equal("2,CONNECT\r\n" + Ok, bench.Command("AT+CIPSTART=2,\"UDP\",\"192.168.1.20\",5000,5001,2"));

        stranger.Send("ping"u8, new IPEndPoint(IPAddress.Parse("192.168.1.77"), 5001));
        Assert.Equal(pushed, bench.Take());
        Assert.Equal(prompt, bench.Command("AT+CIPSEND=2,4,\"192.168.1.30\",6000"));
        Assert.Equal(Sent, bench.Send("pong"));
        Assert.Equal("pong from 192.168.1.77:5001", Received(bench, stranger));
    }

    [Theory]
    [InlineData(0, "192.168.1.20", "192.168.1.20", "192.168.1.20")]
    [InlineData(1, "192.168.1.20", "192.168.1.30", "192.168.1.30")]
    [InlineData(2, "192.168.1.20", "192.168.1.30", "192.168.1.40")]
    public async Task The_mode_decides_who_the_peer_is(int mode, string before, string afterOne, string afterTwo)
    {
        await using var bench = new Bench().Online();
        using InMemoryDatagramPeer named = bench.Network.OpenDatagrams("192.168.1.20", 5000);
        using InMemoryDatagramPeer first = bench.Network.OpenDatagrams("192.168.1.30", 5000);
        using InMemoryDatagramPeer second = bench.Network.OpenDatagrams("192.168.1.40", 5000);
        InMemoryDatagramPeer[] peers = [named, first, second];
        var module = new IPEndPoint(IPAddress.Parse("192.168.1.77"), 5001);
        bench.Command("AT+CIPDINFO=1");
        bench.Command($"AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,5001,{mode}");

        Assert.Equal(before, WhoGets());
        first.Send("a"u8, module);
        Assert.Equal($"\r\n+IPD,1,\"{afterOne}\",5000:a", bench.Take());
        Assert.Equal(afterOne, WhoGets());
        second.Send("b"u8, module);
        Assert.Equal($"\r\n+IPD,1,\"{afterTwo}\",5000:b", bench.Take());
        Assert.Equal(afterTwo, WhoGets());
        Assert.Equal(
            $"STATUS:2\r\n+CIPSTATUS:0,\"UDP\",\"{afterTwo}\",5000,5001,0\r\n" + Ok, bench.Command("AT+CIPSTATUS"));

        string WhoGets()
        {
            bench.Command("AT+CIPSEND=4");
            Assert.Equal(Sent, bench.Send("data"));
            return Assert.Single(peers, peer => peer.TryReceive(out _)).LocalEndPoint.Address.ToString();
        }
    }

    [Theory]
    [InlineData("off", "192.168.1.20")]
    [InlineData("on", "192.168.1.30")]
    public async Task Builds_differ_in_whether_a_send_changes_the_peer(string value, string peer)
    {
        await using var bench = new Bench(change: TransparentTests.Switch("send-changes-peer", value)).Online();
        bench.Command("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,5001,0");
        bench.Command("AT+CIPSEND=4,\"192.168.1.30\",5000");
        Assert.Equal(Sent, bench.Send("data"));

        Assert.Contains($"\"{peer}\"", bench.Command("AT+CIPSTATUS"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Borders_are_kept_and_what_is_too_long_is_lost()
    {
        await using var bench = new Bench().Online();
        using InMemoryDatagramPeer peer = bench.Network.OpenDatagrams("192.168.1.20", 5000);
        bench.Command("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,5001,0");
        var module = new IPEndPoint(IPAddress.Parse("192.168.1.77"), 5001);
        peer.Send("one"u8, module);
        peer.Send("three"u8, module);
        peer.Send(new byte[1473], module);
        peer.Send(Encoding.ASCII.GetBytes(new string('x', 1472)), module);

        Assert.Equal("\r\n+IPD,3:one\r\n+IPD,5:three\r\n+IPD,1472:" + new string('x', 1472), bench.Take());
        bench.Command("AT+CIPSEND=2048");
        Assert.EndsWith("SEND OK\r\n", bench.Send(new string('y', 2048)), StringComparison.Ordinal);
        Assert.True(peer.TryReceive(out InMemoryDatagram datagram));
        Assert.Equal(2048, datagram.Data.Length);
        Assert.False(peer.TryReceive(out _));
    }

    [Theory]
    [InlineData("ignored", "")]
    [InlineData("shown", "\r\n+IPD,0:")]
    public async Task A_datagram_without_data_is_no_end(string value, string said)
    {
        await using var bench = new Bench(change: TransparentTests.Switch("empty-datagram", value)).Online();
        using InMemoryDatagramPeer peer = bench.Network.OpenDatagrams("192.168.1.20", 5000);
        bench.Command("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,5001,0");
        var module = new IPEndPoint(IPAddress.Parse("192.168.1.77"), 5001);
        peer.Send([], module);
        Assert.Equal(said, bench.Take());
        peer.Send("more"u8, module);

        Assert.Equal("\r\n+IPD,4:more", bench.Take());
    }

    [Fact]
    public async Task A_short_passive_read_loses_the_rest_of_a_datagram_and_a_long_one_merges()
    {
        await using var bench = new Bench().Online();
        using InMemoryDatagramPeer peer = bench.Network.OpenDatagrams("192.168.1.20", 5000);
        bench.Command("AT+CIPRECVMODE=1");
        bench.Command("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,5001,0");
        var module = new IPEndPoint(IPAddress.Parse("192.168.1.77"), 5001);
        foreach (string data in new[] { "hello", "one", "two" })
        {
            peer.Send(Encoding.ASCII.GetBytes(data), module);
        }

        Assert.Equal("\r\n+IPD,5\r\n", bench.Take());
        Assert.Equal("+CIPRECVLEN:11\r\n" + Ok, bench.Command("AT+CIPRECVLEN?"));
        Assert.Equal("+CIPRECVDATA:2,he" + Ok + "\r\n+IPD,6\r\n", bench.Command("AT+CIPRECVDATA=2"));
        Assert.Equal("+CIPRECVDATA:6,onetwo" + Ok, bench.Command("AT+CIPRECVDATA=2048"));
        Assert.Equal(Error, bench.Command("AT+CIPRECVDATA=2048"));
        peer.Send("aaa"u8, module);
        peer.Send("b"u8, module);
        bench.Take();

        Assert.Equal("\r\n+IPD,3:aaa\r\n+IPD,1:b" + Ok, bench.Command("AT+CIPRECVMODE=0"));
    }

    [Fact]
    public async Task NonOS_pushes_datagrams_in_passive_mode_too()
    {
        await using var bench = new Bench("esp-at-1.7").Online();
        using InMemoryDatagramPeer peer = bench.Network.OpenDatagrams("192.168.1.20", 5000);
        bench.Command("AT+CIPRECVMODE=1");
        bench.Command("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,5001,0");
        peer.Send("hello"u8, new IPEndPoint(IPAddress.Parse("192.168.1.77"), 5001));

        Assert.Equal("\r\n+IPD,5:hello", bench.Take());
    }

    [Fact]
    public async Task Wi_Fi_that_goes_says_nothing_of_a_UDP_link_which_stays()
    {
        await using var bench = new Bench().Online();
        using InMemoryDatagramPeer peer = bench.Network.OpenDatagrams("192.168.1.20", 5000);
        bench.Command("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,5001,0");
        IReadOnlyList<AccessPoint> lost = bench.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);
        Assert.Equal("WIFI DISCONNECT\r\n", bench.Take());
        peer.Send("lost"u8, new IPEndPoint(IPAddress.Parse("192.168.1.77"), 5001));
        bench.Command("AT+CIPSEND=4");
        Assert.EndsWith("SEND FAIL\r\n", bench.Send("data"), StringComparison.Ordinal);
        bench.Module.World.AddAccessPoint(lost[0]);
        Assert.Equal("WIFI CONNECTED\r\nWIFI GOT IP\r\n", bench.After(TimeSpan.FromSeconds(2)));

        bench.Command("AT+CIPSEND=4");
        Assert.Equal(Sent, bench.Send("data"));
        Assert.Equal("data from 192.168.1.77:5001", Received(bench, peer));
        Assert.Equal("CLOSED\r\n" + Ok, bench.Command("AT+CIPCLOSE"));
    }

    [Theory]
    [InlineData("esp-at", "AT+CIPSEND=4,\"192.168.1.30\"", Error)]
    [InlineData("esp-at", "AT+CIPSEND=4,\"no.such.name\",5", Error)]
    [InlineData("esp-at-1.7", "AT+CIPSEND=4,\"no.such.name\",5", "ip error\r\n" + Error)]
    [InlineData("esp-at-1.7", "AT+CIPSEND=4,\"192.168.1.30\"", "no port\r\n" + Error)]
    [InlineData("esp-at-1.7", "AT+CIPSEND=4,\"192.168.1.30\",0", "port error\r\n" + Error)]
    public async Task A_wrong_address_is_refused(string personality, string line, string answer)
    {
        await using var bench = new Bench(personality).Online();
        bench.Command("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,5001,0");

        Assert.Equal(answer, bench.Command(line));
    }

    [Theory]
    [InlineData("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000", "CONNECT\r\n" + Ok)]
    [InlineData("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,5001", "CONNECT\r\n" + Ok)]
    [InlineData("AT+CIPSTART=\"UDP\",\"0.0.0.0\",5000,5001,2", "CONNECT\r\n" + Ok)]
    [InlineData("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,,2", Error)]
    [InlineData("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,5001,3", Error)]
    [InlineData("AT+CIPSTART=\"UDP\",\"192.168.1.20\",0", Error)]
    [InlineData("AT+CIPSTART=\"UDP\",\"192.168.1.20\"", Error)]
    public async Task The_parameters_are_checked(string line, string answer)
    {
        await using var bench = new Bench().Online();

        Assert.Equal(answer, bench.Command(line));
    }

    [Fact]
    public async Task A_local_port_belongs_to_one_link()
    {
        await using var bench = new Bench().Online();
        bench.Command("AT+CIPMUX=1");
        bench.Command("AT+CIPSTART=0,\"UDP\",\"192.168.1.20\",5000,5001,2");

        Assert.Equal(Error, bench.Command("AT+CIPSTART=1,\"UDP\",\"192.168.1.20\",5000,5001,2"));
        Assert.Equal("0,CLOSED\r\n" + Ok, bench.Command("AT+CIPCLOSE=0"));
        Assert.Equal("1,CONNECT\r\n" + Ok, bench.Command("AT+CIPSTART=1,\"UDP\",\"192.168.1.20\",5000,5001,2"));
    }

    [Fact]
    public async Task A_log_on_the_port_tells_of_the_local_port()
    {
        await using var bench = new Bench(change: TransparentTests.Switch("log-on-at-port", "on")).Online();

        Assert.Equal(
            "local port:5001\r\r\nchange type:2\r\r\nCONNECT\r\n" + Ok,
            bench.Command("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,5001,2"));
    }

    [Fact]
    public async Task The_link_form_says_UDP()
    {
        await using var bench = new Bench().Online();
        bench.Command("AT+SYSMSG=2");

        Assert.Equal(
            "+LINK_CONN:0,0,\"UDP\",0,\"192.168.1.20\",5000,5001\r\n" + Ok,
            bench.Command("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,5001,2"));
    }

    [Fact]
    public async Task Transparent_mode_makes_a_datagram_of_each_packet()
    {
        await using var bench = new Bench().Online();
        using InMemoryDatagramPeer peer = bench.Network.OpenDatagrams("192.168.1.20", 5000);
        bench.Command("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,5001,0");
        Assert.Equal(Ok, bench.Command("AT+CIPMODE=1"));
        Assert.Equal("\r\nOK\r\n\r\n>", bench.Command("AT+CIPSEND"));
        foreach (string data in new[] { "one", "two", new string('x', 2048) })
        {
            bench.Send(data);
            bench.After(TimeSpan.FromMilliseconds(20));
        }

        // 2048 bytes are one packet of the UART, and two of the network.
        foreach (string data in new[] { "one", "two", new string('x', 1460), new string('x', 588) })
        {
            Assert.Equal(data + " from 192.168.1.77:5001", Received(bench, peer));
        }

        peer.Send("back"u8, new IPEndPoint(IPAddress.Parse("192.168.1.77"), 5001));
        Assert.Equal("back", bench.Take());
    }

    [Theory]
    [InlineData("esp-at", Error)]
    [InlineData("esp-at-1.7", "not TCP\r\n" + Error)]
    public async Task Transparent_mode_needs_a_fixed_peer(string personality, string answer)
    {
        await using var bench = new Bench(personality).Online();
        bench.Command("AT+CIPSTART=\"UDP\",\"192.168.1.20\",5000,5001,2");
        bench.Command("AT+CIPMODE=1");

        Assert.Equal(answer, bench.Command("AT+CIPSEND"));
    }

    [Fact]
    public async Task A_saved_link_may_be_UDP_with_its_own_port()
    {
        await using var bench = new Bench().Online();
        using InMemoryDatagramPeer peer = bench.Network.OpenDatagrams("192.168.1.20", 5000);
        Assert.Equal(Ok, bench.Command("AT+SAVETRANSLINK=1,\"192.168.1.20\",5000,\"UDP\",5001"));
        bench.Command("AT+RST");
        bench.After(TimeSpan.FromSeconds(1));
        bench.Send("hello");
        bench.After(TimeSpan.FromMilliseconds(20));

        Assert.Equal("hello from 192.168.1.77:5001", Received(bench, peer));
    }

    [Fact]
    public async Task A_real_socket_answers()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)peer.Client.LocalEndPoint!).Port;
        await using var module = new ModemSimulator(new SimulatorOptions());
        await using var wire = new WireReader(module.OpenStream());
        _ = await wire.ExchangeAsync("ATE0\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CWJAP=\"ModemDriver\",\"simulated!\"\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync($"AT+CIPSTART=\"UDP\",\"127.0.0.1\",{port}\r\n", "CONNECT\r\n\r\nOK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CIPSEND=4\r\n", ">", token);
        _ = await wire.ExchangeAsync("ping", "SEND OK\r\n", token);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        UdpReceiveResult received = await peer.ReceiveAsync(either.Token);
        Assert.Equal("ping", Encoding.ASCII.GetString(received.Buffer));
        _ = await peer.SendAsync("pong"u8.ToArray(), received.RemoteEndPoint, either.Token);

        Assert.Equal("\r\n+IPD,4:pong", await wire.ExpectAsync("pong", token));
    }

    private static string Received(Bench bench, InMemoryDatagramPeer peer)
    {
        Assert.Equal("", bench.Take());
        Assert.True(peer.TryReceive(out InMemoryDatagram datagram), "No datagram has come.");
        return $"{Encoding.Latin1.GetString(datagram.Data.Span)} from {datagram.Sender}";
    }
}
