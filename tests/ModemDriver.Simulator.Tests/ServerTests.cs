using System.Net;
using System.Net.Sockets;
using System.Text;
using ModemDriver.Simulator.Network;

namespace ModemDriver.Simulator.Tests;

/// <summary>The server of the module: numbers, limits, idle clients, and what each firmware prints.</summary>
public class ServerTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";
    private const string Address = "192.168.1.77";

    [Fact]
    public async Task A_client_comes_is_answered_and_the_server_stops()
    {
        await using var bench = new Bench().Online();
        bench.Command("AT+CIPMUX=1");
        Assert.Equal(Ok, bench.Command("AT+CIPSERVERMAXCONN=2"));
        Assert.Equal(Ok, bench.Command("AT+CIPSERVER=1,80"));
        await using InMemoryPeer client = bench.Network.Connect(Address, 80);
        bench.Write(client, "GET /\r\n\r\n");
        Assert.Equal("0,CONNECT\r\n\r\n+IPD,0,9:GET /\r\n\r\n", bench.Take());
        Assert.Equal("\r\nOK\r\n\r\n>", bench.Command("AT+CIPSEND=0,2"));
        Assert.Equal("\r\nRecv 2 bytes\r\n\r\nSEND OK\r\n", bench.Send("hi"));
        Assert.Equal("hi", bench.Read(client));
        Assert.Equal("0,CLOSED\r\n" + Ok, bench.Command("AT+CIPCLOSE=0"));
        Assert.Equal(Ok, bench.Command("AT+SYSMSG=2"));

        InMemoryPeer another = Connect(bench, 80, "192.168.1.50", 49812);
        Assert.Equal("+LINK_CONN:0,0,\"TCP\",1,\"192.168.1.50\",49812,80\r\n", bench.Take());
        InMemoryPeer third = Connect(bench, 80, "192.168.1.51", 50100);
        Assert.Equal("+LINK_CONN:0,1,\"TCP\",1,\"192.168.1.51\",50100,80\r\n", bench.Take());
        await third.DisposeAsync();
        Assert.Equal("1,CLOSED\r\n", bench.Take());
        Assert.Equal("0,CLOSED\r\n" + Ok, bench.Command("AT+CIPSERVER=0,1"));
        Assert.Equal(0, await another.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        Assert.Equal("+CIPSERVER:0\r\n" + Ok, bench.Command("AT+CIPSERVER?"));
        Assert.Throws<NetworkException>(() => Connect(bench, 80, "192.168.1.50", 1));
    }

    [Theory]
    [InlineData("esp-at", "AT+CIPSERVER=1,80", Error)]
    [InlineData("esp-at", "AT+CIPMUX=1|AT+CIPSERVER=1|AT+CIPSERVER?", "+CIPSERVER:1,333,\"TCP\"\r\n" + Ok)]
    [InlineData("esp-at-1.7", "AT+CIPMUX=1|AT+CIPSERVER=1,8080|AT+CIPSERVER?", "+CIPSERVER:1,8080,\"TCP\"\r\n" + Ok)]
    [InlineData("esp-at-esp32", "AT+CIPMUX=1|AT+CIPSERVER=1,80|AT+CIPSERVER?", "+CIPSERVER:1,80,\"TCP\",0\r\n" + Ok)]
    [InlineData("esp-at-esp32", "AT+CIPMUX=1|AT+CIPSERVER=1,80,\"TCP\",1", Ok)]
    [InlineData("esp-at", "AT+CIPMUX=1|AT+CIPSERVER=1,80,\"TCP\"", Error)]
    [InlineData("esp-at", "AT+CIPMUX=1|AT+CIPSERVER=1,80|AT+CIPSERVER=1,81", Ok)]
    [InlineData("esp-at-1.7", "AT+CIPMUX=1|AT+CIPSERVER=1,80|AT+CIPSERVER=1,81", "no change\r\n" + Ok)]
    [InlineData("esp-at-1.7", "AT+CIPSERVER=0", "no change\r\n" + Ok)]
    [InlineData("esp-at-2.1", "AT+CIPSERVER=0,1", Error)]
    [InlineData("esp-at", "AT+CIPSERVER=0,1", Ok)]
    [InlineData("esp-at", "AT+CIPMUX=1|AT+CIPSERVER=1,80|AT+CIPMUX=0", Error)]
    [InlineData("esp-at-1.7", "AT+CIPMUX=1|AT+CIPSERVER=1,80|AT+CIPMUX=0", "CIPSERVER must be 0\r\n" + Error)]
    [InlineData("esp-at", "AT+CIPSERVER=1,0", Error)]
    [InlineData("esp-at", "AT+CIPSERVER=2", Error)]
    [InlineData("esp-at", "AT+CIPSERVERMAXCONN?", "+CIPSERVERMAXCONN:5\r\n" + Ok)]
    [InlineData("esp-at", "AT+CIPSERVERMAXCONN=6", Error)]
    [InlineData("esp-at-1.7", "AT+CIPMUX=1|AT+CIPSERVER=1|AT+CIPSTO=60|AT+CIPSTO?", "+CIPSTO:60\r\n" + Ok)]
    [InlineData("esp-at-1.7", "AT+CIPMUX=1|AT+CIPSERVER=1|AT+CIPSTO=180", "not change\r\n" + Ok)]
    [InlineData("esp-at", "AT+CIPMUX=1|AT+CIPSERVER=1,80|AT+CIPMODE=1", Error)]
    public async Task The_commands_answer(string personality, string lines, string answer)
    {
        await using var bench = new Bench(personality).Quiet();
        string said = "";
        foreach (string line in lines.Split('|'))
        {
            said = bench.Command(line);
        }

        Assert.Equal(answer, said);
    }

    [Fact]
    public async Task Five_clients_at_once_get_the_numbers_from_0_and_the_sixth_is_closed()
    {
        await using Bench bench = Serving(new Bench());
        InMemoryPeer[] clients = [.. Enumerable.Range(0, 6).Select(i => Connect(bench, 80, "192.168.1.50", 5000 + i))];

        Assert.Equal("0,CONNECT\r\n1,CONNECT\r\n2,CONNECT\r\n3,CONNECT\r\n4,CONNECT\r\n", bench.Take());
        Assert.Equal(0, await clients[5].ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        await clients[2].DisposeAsync();
        Assert.Equal("2,CLOSED\r\n", bench.Take());
        Connect(bench, 80, "192.168.1.50", 5006);
        Assert.Equal("2,CONNECT\r\n", bench.Take());
        Assert.Contains(
            "+CIPSTATUS:2,\"TCP\",\"192.168.1.50\",5006,80,1\r\n", bench.Command("AT+CIPSTATUS"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_comes_while_the_host_connects_gets_another_number()
    {
        await using Bench bench = Serving(new Bench());
        bench.Network.BlackHole("10.0.0.1", 1);
        Assert.Equal("", bench.Command("AT+CIPSTART=0,\"TCP\",\"10.0.0.1\",1"));
        Connect(bench, 80, "192.168.1.50", 5000);

        Assert.Equal("1,CONNECT\r\n", bench.Take());
        Assert.Equal(Error, bench.After(TimeSpan.FromSeconds(19)));
        Connect(bench, 80, "192.168.1.50", 5001);
        Assert.Equal("0,CONNECT\r\n", bench.Take());
    }

    [Theory]
    [InlineData("closes", "0,CONNECT\r\n")]
    [InlineData("stops", "")]
    public async Task A_server_beyond_its_limit(string value, string afterwards)
    {
        await using Bench bench = Serving(new Bench(change: TransparentTests.Switch("server-beyond-limit", value)), 1);
        InMemoryPeer first = Connect(bench, 80, "192.168.1.50", 5000);
        InMemoryPeer second = Connect(bench, 80, "192.168.1.50", 5001);
        Assert.Equal("0,CONNECT\r\n", bench.Take());
        Assert.Equal(0, await second.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        await first.DisposeAsync();
        Assert.Equal("0,CLOSED\r\n", bench.Take());
        Connect(bench, 80, "192.168.1.50", 5002);

        Assert.Equal(afterwards, bench.Take());
    }

    [Theory]
    [InlineData("refused", 1, "Have 3 Connections\r\n" + Error)]
    [InlineData("refused", 2, "Have 3 Connections\r\n" + Error)]
    [InlineData("refused-below-clients", 1, "Have 2 Connections\r\n" + Error)]
    [InlineData("refused-below-clients", 2, Ok)]
    [InlineData("accepted", 1, Ok)]
    public async Task A_limit_below_what_is_open(string value, int limit, string answer)
    {
        await using Bench bench = Serving(
            new Bench(change: TransparentTests.Switch("server-limit-below-links", value)));
        bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=4,\"TCP\",\"10.0.0.1\",1");
        Connect(bench, 80, "192.168.1.50", 5000);
        Connect(bench, 80, "192.168.1.50", 5001);
        bench.Take();

        Assert.Equal(answer, bench.Command($"AT+CIPSERVERMAXCONN={limit}"));
    }

    [Theory]
    [InlineData("ascending", "0,CLOSED\r\n1,CLOSED\r\n")]
    [InlineData("descending", "1,CLOSED\r\n0,CLOSED\r\n")]
    public async Task A_stop_that_closes_says_so_in_order_and_leaves_the_host_s_own_links(string value, string closed)
    {
        await using Bench bench = Serving(new Bench(change: TransparentTests.Switch("server-closes", value)));
        bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=4,\"TCP\",\"10.0.0.1\",1");
        Connect(bench, 80, "192.168.1.50", 5000);
        Connect(bench, 80, "192.168.1.50", 5001);
        bench.Take();

        Assert.Equal(closed + Ok, bench.Command("AT+CIPSERVER=0,1"));
        Assert.Contains("+CIPSTATUS:4,", bench.Command("AT+CIPSTATUS"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_without_closing_leaves_the_clients()
    {
        await using Bench bench = Serving(new Bench());
        InMemoryPeer client = Connect(bench, 80, "192.168.1.50", 5000);
        bench.Take();
        Assert.Equal(Ok, bench.Command("AT+CIPSERVER=0"));
        bench.Write(client, "still");

        Assert.Equal("\r\n+IPD,0,5:still", bench.Take());
    }

    [Theory]
    [InlineData("omitted", "+CIPSERVER:1,80,\"TCP\"\r\n" + Ok)]
    [InlineData("shown", "+CIPSERVER:1,80,\"TCP\",0\r\n" + Ok)]
    public async Task The_query_shows_the_authority_where_a_build_does(string value, string answer)
    {
        await using Bench bench = Serving(new Bench(change: TransparentTests.Switch("server-ca-field", value)));

        Assert.Equal(answer, bench.Command("AT+CIPSERVER?"));
    }

    [Fact]
    public async Task An_idle_client_is_closed_and_only_its_own_traffic_keeps_it()
    {
        await using Bench bench = Serving(new Bench());
        Assert.Equal(Ok, bench.Command("AT+CIPSTO=10"));
        InMemoryPeer client = Connect(bench, 80, "192.168.1.50", 5000);
        Assert.Equal("0,CONNECT\r\n", bench.After(TimeSpan.FromSeconds(9)));
        bench.Write(client, "x");
        Assert.Equal("\r\n+IPD,0,1:x", bench.After(TimeSpan.FromSeconds(9)));
        bench.Command("AT+CIPSEND=0,1");
        bench.Send("y");
        bench.Take();

        Assert.Equal("0,CLOSED\r\n", bench.After(TimeSpan.FromSeconds(1.1)));
    }

    [Fact]
    public async Task Without_a_timeout_an_idle_client_stays()
    {
        await using Bench bench = Serving(new Bench());
        Assert.Equal(Ok, bench.Command("AT+CIPSTO=0"));
        Connect(bench, 80, "192.168.1.50", 5000);

        Assert.Equal("0,CONNECT\r\n", bench.After(TimeSpan.FromSeconds(300)));
    }

    [Fact]
    public async Task A_module_without_an_address_cannot_be_reached_and_one_that_loses_it_loses_its_clients()
    {
        await using var bench = new Bench().Quiet();
        bench.Command("AT+CIPMUX=1");
        bench.Command("AT+CIPSERVER=1,80");
        Assert.Throws<NetworkException>(() => Connect(bench, 80, "192.168.1.50", 5000));
        bench.Command("AT+CWJAP=\"ModemDriver\",\"simulated!\"");
        Connect(bench, 80, "192.168.1.50", 5000);
        Assert.Equal("0,CONNECT\r\n", bench.Take());
        bench.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);

        Assert.Equal("WIFI DISCONNECT\r\n0,CLOSED\r\n", bench.Take());
    }

    [Fact]
    public async Task Clients_reach_the_SoftAP_too()
    {
        await using var bench = new Bench().Quiet();
        bench.Command("AT+CWMODE=2");
        bench.Command("AT+CIPMUX=1");
        bench.Command("AT+CIPSERVER=1,80");
        bench.Network.Connect("192.168.4.1", 80, new IPEndPoint(IPAddress.Parse("192.168.4.2"), 5000));

        Assert.Equal("0,CONNECT\r\n", bench.Take());
    }

    [Fact]
    public async Task A_reset_ends_the_server()
    {
        await using Bench bench = Serving(new Bench());
        bench.Module.Reset();
        bench.Take();

        Assert.Throws<NetworkException>(() => Connect(bench, 80, "192.168.1.50", 5000));
    }

    [Fact]
    public async Task A_server_for_one_client_may_be_transparent()
    {
        await using Bench bench = Serving(new Bench("esp-at-2.3"), 1);
        Assert.Equal(Ok, bench.Command("AT+CIPMODE=1"));
        Assert.Equal(Error, bench.Command("AT+CIPSEND"));
        InMemoryPeer first = Connect(bench, 80, "192.168.1.50", 5000);
        Assert.Equal("0,CONNECT\r\n", bench.Take());
        Assert.Equal("\r\nOK\r\n\r\n>", bench.Command("AT+CIPSEND"));
        bench.Write(first, "in");
        Assert.Equal("in", bench.Take());
        await first.DisposeAsync();
        Assert.Equal("", bench.Take());
        InMemoryPeer second = Connect(bench, 80, "192.168.1.50", 5001);
        bench.Send("out");

        Assert.Equal("", bench.After(TimeSpan.FromMilliseconds(20)));
        Assert.Equal("out", bench.Read(second));
    }

    [Fact]
    public async Task Two_modules_reach_each_other()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var network = new InMemoryNetwork();
        var world = new SimulatedWorld();
        await using var server = new ModemSimulator(new SimulatorOptions { Network = network, World = world });
        await using var client = new ModemSimulator(new SimulatorOptions { Network = network, World = world });
        await using var serverWire = new WireReader(server.OpenStream());
        await using var clientWire = new WireReader(client.OpenStream());
        await JoinAsync(serverWire, token);
        await JoinAsync(clientWire, token);
        _ = await serverWire.ExchangeAsync("AT+CIPMUX=1\r\n", "OK\r\n", token);
        _ = await serverWire.ExchangeAsync("AT+CIPSERVER=1,80\r\n", "OK\r\n", token);
        _ = await clientWire.ExchangeAsync(
            $"AT+CIPSTART=\"TCP\",\"{Address}\",80\r\n", "CONNECT\r\n\r\nOK\r\n", token);
        _ = await serverWire.ExpectAsync("0,CONNECT\r\n", token);
        _ = await clientWire.ExchangeAsync("AT+CIPSEND=4\r\n", ">", token);
        _ = await clientWire.ExchangeAsync("ping", "SEND OK\r\n", token);
        Assert.Equal("\r\n+IPD,0,4:ping", await serverWire.ExpectAsync("ping", token));
        _ = await serverWire.ExchangeAsync("AT+CIPSEND=0,4\r\n", ">", token);
        _ = await serverWire.ExchangeAsync("pong", "SEND OK\r\n", token);
        Assert.Equal("\r\n+IPD,4:pong", await clientWire.ExpectAsync("pong", token));
        _ = await clientWire.ExchangeAsync("AT+CIPCLOSE\r\n", "OK\r\n", token);

        _ = await serverWire.ExpectAsync("0,CLOSED\r\n", token);
    }

    [Theory]
    [InlineData(80, false)]
    [InlineData(8080, true)]
    public async Task A_real_client_reaches_the_module_at_the_port_that_is_told(int modulePort, bool isMapped)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var told = new TaskCompletionSource<ModuleListener>(TaskCreationOptions.RunContinuationsAsynchronously);
        var network = new HostNetwork
        {
            ListenPorts = isMapped ? new Dictionary<int, int> { [modulePort] = 0 } : [],
            Listening = told.SetResult,
        };
        await using var module = new ModemSimulator(new SimulatorOptions { Network = network });
        await using var wire = new WireReader(module.OpenStream());
        await JoinAsync(wire, token);
        _ = await wire.ExchangeAsync("AT+CIPMUX=1\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync("AT+SYSMSG=2\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync($"AT+CIPSERVER=1,{modulePort}\r\n", "OK\r\n", token);
        ModuleListener listener = await told.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, token);
        Assert.Equal(modulePort, listener.ModulePort);
        Assert.NotEqual(modulePort, listener.Port);
        Assert.Equal([listener], network.Listeners);

        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, listener.Port, token);
        string connected = await wire.ExpectAsync("\r\n", token);
        Assert.EndsWith($",{modulePort}\r\n", connected, StringComparison.Ordinal);
        await client.GetStream().WriteAsync("hello"u8.ToArray(), token);
        Assert.Equal("\r\n+IPD,0,5:hello", await wire.ExpectAsync("hello", token));
        _ = await wire.ExchangeAsync("AT+CIPSEND=0,2\r\n", ">", token);
        _ = await wire.ExchangeAsync("hi", "SEND OK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CIPSERVER=0,1\r\n", "OK\r\n", token);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        Assert.Equal("hi", await reader.ReadToEndAsync(token).WaitAsync(
            TimeSpan.FromSeconds(20), TimeProvider.System, token));
        Assert.Empty(network.Listeners);
    }

    [Theory]
    [InlineData(0, 80)]
    [InlineData(65_536, 80)]
    [InlineData(80, -1)]
    [InlineData(80, 65_536)]
    public void A_port_out_of_its_range_is_refused(int modulePort, int port) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HostNetwork
        {
            ListenPorts = new Dictionary<int, int> { [modulePort] = port },
        });

    private static Bench Serving(Bench bench, int most = 5)
    {
        bench.Online();
        bench.Command("AT+CIPMUX=1");
        Assert.Equal(Ok, bench.Command($"AT+CIPSERVERMAXCONN={most}"));
        Assert.Equal(Ok, bench.Command("AT+CIPSERVER=1,80"));
        return bench;
    }

    private static InMemoryPeer Connect(Bench bench, int port, string address, int clientPort) =>
        bench.Network.Connect(Address, port, new IPEndPoint(IPAddress.Parse(address), clientPort));

    private static async Task JoinAsync(WireReader wire, CancellationToken token)
    {
        _ = await wire.ExchangeAsync("ATE0\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CWJAP=\"ModemDriver\",\"simulated!\"\r\n", "OK\r\n", token);
    }
}
