using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace ModemDriver.Simulator.Tests;

/// <summary>Links and a server over IPv6.</summary>
public sealed class IPv6Tests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";
    private const string Peer = "2001:db8::10";
    private const string Module = "fe80::a6cf:12ff:feaa:bbcc";
    private const string Sent = "\r\nRecv 2 bytes\r\n\r\nSEND OK\r\n";

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-2.3")]
    [InlineData("esp-at-esp32")]
    public async Task A_TCP_link_carries_data_both_ways(string personality)
    {
        await using Bench bench = WithIPv6(personality);
        InMemoryListener listener = bench.Network.Listen(Peer, 8001);
        Assert.Equal("CONNECT\r\n" + Ok, bench.Command($"AT+CIPSTART=\"TCPv6\",\"{Peer}\",8001"));
        InMemoryPeer peer = bench.Accept(listener);

        Assert.EndsWith(">", bench.Command("AT+CIPSEND=2"), StringComparison.Ordinal);
        Assert.Equal(Sent, bench.Send("hi"));
        Assert.Equal("hi", bench.Read(peer));
        bench.Command("AT+CIPDINFO=1");
        bench.Write(peer, "you");
        Assert.Equal($"\r\n+IPD,3,\"{Peer}\",8001:you", bench.Take());
        Assert.StartsWith(
            $"STATUS:3\r\n+CIPSTATUS:0,\"TCPv6\",\"{Peer}\",8001,", bench.Command("AT+CIPSTATUS"), StringComparison.Ordinal);
        _ = bench.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);
        Assert.Equal("WIFI DISCONNECT\r\nCLOSED\r\n", bench.Take());
    }

    [Fact]
    public async Task A_name_has_an_address_of_each_kind()
    {
        await using Bench bench = WithIPv6("esp-at-esp32");
        _ = bench.Network.Listen(Peer, 8001);
        _ = bench.Network.Listen("10.0.0.1", 8001);
        bench.Network.AddName("both.example", Peer);
        bench.Network.AddName("both.example", "10.0.0.1");
        bench.Network.AddName("old.example", "10.0.0.1");
        bench.Command("AT+CIPMUX=1");
        bench.Command("AT+SYSMSG=2");

        Assert.StartsWith(
            $"+LINK_CONN:0,0,\"TCPv6\",0,\"{Peer}\",8001,",
            bench.Command("AT+CIPSTART=0,\"TCPv6\",\"both.example\",8001"), StringComparison.Ordinal);
        Assert.StartsWith(
            "+LINK_CONN:0,1,\"TCP\",0,\"10.0.0.1\",8001,",
            bench.Command("AT+CIPSTART=1,\"TCP\",\"both.example\",8001"), StringComparison.Ordinal);
        Assert.Equal(Error, bench.Command("AT+CIPSTART=2,\"TCPv6\",\"old.example\",8001"));
        Assert.Equal(Error, bench.Command("AT+CIPSTART=2,\"TCPv6\",\"10.0.0.1\",8001"));
        Assert.Equal(Error, bench.Command($"AT+CIPSTART=2,\"TCP\",\"{Peer}\",8001"));
    }

    [Theory]
    [InlineData("esp-at-esp32", Error)] // AT+CIPV6=1 is missing
    [InlineData("esp-at-2.1", Error)]
    [InlineData("esp-at-1.7", "Link type ERROR\r\n" + Error)]
    public async Task Where_there_is_no_IPv6_there_is_no_link(string personality, string answer)
    {
        await using var bench = new Bench(personality).Online();
        _ = bench.Network.Listen(Peer, 8001);

        Assert.Equal(answer, bench.Command($"AT+CIPSTART=\"TCPv6\",\"{Peer}\",8001"));
    }

    [Fact]
    public async Task Datagrams_go_both_ways_and_to_others()
    {
        await using Bench bench = WithIPv6("esp-at-esp32");
        using InMemoryDatagramPeer peer = bench.Network.OpenDatagrams(Peer, 5000);
        using InMemoryDatagramPeer other = bench.Network.OpenDatagrams("2001:db8::20", 5000);
        Assert.Equal("CONNECT\r\n" + Ok, bench.Command($"AT+CIPSTART=\"UDPv6\",\"{Peer}\",5000,5001,0"));

        bench.Command("AT+CIPSEND=2");
        Assert.Equal(Sent, bench.Send("hi"));
        Assert.True(peer.TryReceive(out InMemoryDatagram got));
        Assert.Equal(new IPEndPoint(IPAddress.Parse(Module), 5001), got.Sender);
        bench.Command("AT+CIPSEND=2,\"2001:db8::20\",5000");
        Assert.Equal(Sent, bench.Send("ho"));
        Assert.True(other.TryReceive(out _));
        peer.Send("you"u8, got.Sender);
        Assert.Equal("\r\n+IPD,3:you", bench.Take());
    }

    [Fact]
    public async Task An_ESP32_serves_TCP_at_its_own_addresses()
    {
        await using Bench bench = WithIPv6("esp-at-esp32");
        bench.Command("AT+CIPMUX=1");
        bench.Command("AT+SYSMSG=2");
        Assert.Equal(Ok, bench.Command("AT+CIPSERVER=1,80,\"TCPv6\""));
        Assert.Equal("+CIPSERVER:1,80,\"TCPv6\",0\r\n" + Ok, bench.Command("AT+CIPSERVER?"));

        using InMemoryPeer client = bench.Network.Connect(Module, 80, new IPEndPoint(IPAddress.Parse(Peer), 5000));
        Assert.Equal($"+LINK_CONN:0,0,\"TCPv6\",1,\"{Peer}\",5000,80\r\n", bench.Take());
        bench.Write(client, "GET");
        Assert.Equal("\r\n+IPD,0,3:GET", bench.Take());
        Assert.Throws<Network.NetworkException>(() => bench.Network.Connect("192.168.1.77", 80));
    }

    [Fact]
    public async Task An_ESP8266_serves_IPv4_only()
    {
        await using Bench bench = WithIPv6("esp-at-2.3");
        bench.Command("AT+CIPMUX=1");

        Assert.Equal(Error, bench.Command("AT+CIPSERVER=1,80,\"TCPv6\""));
    }

    [Fact]
    public async Task A_link_reaches_the_loopback_address_of_this_machine()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using var module = new ModemSimulator(new SimulatorOptions { Personality = "esp-at-esp32" });
        await using var wire = new WireReader(module.OpenStream());
        _ = await wire.ExchangeAsync("ATE0\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CWJAP=\"ModemDriver\",\"simulated!\"\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CIPV6=1\r\n", "WIFI GOT IPv6 LL\r\n", token);
        if (!Socket.OSSupportsIPv6)
        {
            _ = await wire.ExchangeAsync("AT+CIPSTART=\"TCPv6\",\"::1\",9\r\n", Error, token);
            return;
        }

        using var listener = new TcpListener(IPAddress.IPv6Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = await wire.ExchangeAsync($"AT+CIPSTART=\"TCPv6\",\"::1\",{port}\r\n", "CONNECT\r\n" + Ok, token);
        using TcpClient peer = await listener.AcceptTcpClientAsync(token);
        await peer.GetStream().WriteAsync(Encoding.ASCII.GetBytes("hello"), token);

        Assert.Equal("\r\n+IPD,5:hello", await wire.ExpectAsync("hello", token));
        Assert.Null(module.Failure);
    }

    [Fact]
    public async Task TLS_stands_on_IPv6_too_as_a_client_and_as_a_server()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var network = new InMemoryNetwork();
        network.Serve(Peer, 443, async peer =>
        {
            await using var served = new SslStream(peer);
            await served.AuthenticateAsServerAsync(TestCertificates.Shared.Server);
            await peer.Ended;
        });
        await using var module = new ModemSimulator(new SimulatorOptions
        {
            Personality = "esp-at-esp32",
            Network = network,
            Certificates = new ModuleCertificates { Server = TestCertificates.Shared.Server },
        });
        await using var wire = new WireReader(module.OpenStream());
        _ = await wire.ExchangeAsync("ATE0\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CWJAP=\"ModemDriver\",\"simulated!\"\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CIPV6=1\r\n", "WIFI GOT IPv6 LL\r\n", token);
        _ = await wire.ExchangeAsync("AT+CIPMUX=1\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync($"AT+CIPSTART=4,\"SSLv6\",\"{Peer}\",443\r\n", "4,CONNECT\r\n" + Ok, token);
        Assert.Equal(Ok, await wire.ExchangeAsync("AT+CIPSERVER=1,443,\"SSLv6\"\r\n", "OK\r\n", token));
        await using var tls = new SslStream(
            network.Connect(Module, 443),
            leaveInnerStreamOpen: false,
            (_, shown, _, _) => shown?.Subject == TestCertificates.Shared.Server.Subject);
        await tls.AuthenticateAsClientAsync("module").WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, token);
        _ = await wire.ExpectAsync("0,CONNECT\r\n", token);
        await tls.WriteAsync("GET"u8.ToArray(), token);

        _ = await wire.ExpectAsync("\r\n+IPD,0,3:GET", token);
        Assert.Null(module.Failure);
    }

    private static Bench WithIPv6(string personality)
    {
        Bench bench = new Bench(personality).Online();
        Assert.Equal(Ok + "WIFI GOT IPv6 LL\r\n", bench.Command("AT+CIPV6=1"));
        return bench;
    }
}
