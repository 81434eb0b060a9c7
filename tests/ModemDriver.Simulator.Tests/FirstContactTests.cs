using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModemDriver.Simulator.Tests;

public class FirstContactTests
{
    [Fact]
    public async Task The_module_echoes_a_line_and_answers_it()
    {
        await using var bench = new Bench();

        Assert.Equal("AT\r\n\r\nOK\r\n", bench.Command("AT"));
    }

    [Fact]
    public async Task Power_up_prints_ready_and_joins_what_the_flash_holds()
    {
        await using var bench = new Bench(change: options => options with
        {
            StartPowered = false,
            StoredSsid = SimulatedWorld.DefaultSsid,
            StoredPassword = SimulatedWorld.DefaultPassword,
            Timings = ModuleTimings.Typical,
        });
        bench.Module.PowerOn();

        Assert.Equal("", bench.Take());
        Assert.Equal("\r\nready\r\n", bench.After(TimeSpan.FromMilliseconds(400)));
        Assert.Equal("WIFI CONNECTED\r\nWIFI GOT IP\r\n", bench.After(TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public async Task A_link_carries_bytes_in_both_directions()
    {
        await using var bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("192.168.1.10", 7);

        Assert.Equal("CONNECT\r\n\r\nOK\r\n", bench.Command("AT+CIPSTART=\"TCP\",\"192.168.1.10\",7"));
        InMemoryPeer peer = bench.Accept(listener);
        Assert.Equal("\r\nOK\r\n\r\n>", bench.Command("AT+CIPSEND=5"));
        Assert.Equal("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n", bench.Send("hello"));
        Assert.Equal("hello", bench.Read(peer));
        bench.Write(peer, "world!");
        Assert.Equal("\r\n+IPD,6:world!", bench.Take());
        Assert.Equal("CLOSED\r\n\r\nOK\r\n", bench.Command("AT+CIPCLOSE"));
        Assert.Equal("", bench.Read(peer));
    }

    [Fact]
    public async Task A_link_of_the_host_network_reaches_a_real_socket()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var module = new ModemSimulator(new SimulatorOptions());
        await using var wire = new WireReader(module.OpenStream());

        await wire.ExchangeAsync("ATE0\r\n", "\r\nOK\r\n", token);
        await wire.ExchangeAsync(
            "AT+CWJAP=\"ModemDriver\",\"simulated!\"\r\n", "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n", token);
        await wire.ExchangeAsync($"AT+CIPSTART=\"TCP\",\"127.0.0.1\",{port}\r\n", "CONNECT\r\n\r\nOK\r\n", token);
        using TcpClient peer = await listener.AcceptTcpClientAsync(token);
        await wire.ExchangeAsync("AT+CIPSEND=4\r\n", "\r\nOK\r\n\r\n>", token);
        await wire.ExchangeAsync("ping", "\r\nRecv 4 bytes\r\n\r\nSEND OK\r\n", token);
        var received = new byte[4];
        await peer.GetStream().ReadExactlyAsync(received, token);
        Assert.Equal("ping", Encoding.Latin1.GetString(received));
        await peer.GetStream().WriteAsync("pong"u8.ToArray(), token);
        await wire.ExpectAsync("\r\n+IPD,4:pong", token);
        peer.Close();
        await wire.ExpectAsync("CLOSED\r\n", token);
    }
}
