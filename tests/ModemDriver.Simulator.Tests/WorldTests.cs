namespace ModemDriver.Simulator.Tests;

/// <summary>Power, resets, access points that come and go, ways in.</summary>
public class WorldTests
{
    private const string Ok = "\r\nOK\r\n";

    [Fact]
    public async Task A_lost_access_point_takes_the_links_along()
    {
        await using Bench bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");
        InMemoryPeer peer = bench.Accept(listener);

        IReadOnlyList<AccessPoint> lost = bench.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);

        Assert.Equal("WIFI DISCONNECT\r\nCLOSED\r\n", bench.Take());
        await Assert.ThrowsAsync<Network.NetworkException>(
            async () => await peer.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken));
        Assert.Equal("STATUS:5\r\n" + Ok, bench.Command("AT+CIPSTATUS"));
        bench.Module.World.AddAccessPoint(lost[0]);
        Assert.Equal("WIFI CONNECTED\r\nWIFI GOT IP\r\n", bench.After(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task Without_an_interval_ESP_AT_stays_away_and_NonOS_comes_back()
    {
        foreach ((string name, string said) in new[]
        {
            ("esp-at", ""), ("esp-at-1.7", "WIFI CONNECTED\r\nWIFI GOT IP\r\n"),
        })
        {
            await using Bench bench = new Bench(name).Online();
            bench.Command("AT+CWRECONNCFG=0,0");
            IReadOnlyList<AccessPoint> lost = bench.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);
            Assert.Equal("WIFI DISCONNECT\r\n", bench.Take());
            bench.Module.World.AddAccessPoint(lost[0]);

            Assert.Equal(said, bench.After(TimeSpan.FromSeconds(3)));
        }
    }

    [Fact]
    public async Task After_its_count_of_attempts_the_module_gives_up()
    {
        await using Bench bench = new Bench().Online();
        bench.Command("AT+CWRECONNCFG=1,2");
        IReadOnlyList<AccessPoint> lost = bench.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);
        bench.Take();
        Assert.StartsWith("+CWSTATE:3,", bench.Command("AT+CWSTATE?"), StringComparison.Ordinal);
        bench.After(TimeSpan.FromSeconds(3));
        Assert.StartsWith("+CWSTATE:4,", bench.Command("AT+CWSTATE?"), StringComparison.Ordinal);
        bench.Module.World.AddAccessPoint(lost[0]);

        Assert.Equal("", bench.After(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Leaving_by_command_does_not_come_back()
    {
        await using Bench bench = new Bench().Online();

        Assert.Equal(Ok + "WIFI DISCONNECT\r\n", bench.Command("AT+CWQAP"));
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(10)));
        Assert.Equal(Ok, bench.Command("AT+CWQAP"));
    }

    [Fact]
    public async Task A_reset_forgets_links_and_echo_and_joins_again()
    {
        await using Bench bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1");
        InMemoryPeer peer = bench.Accept(listener);

        bench.Module.Reset(ResetCause.Watchdog);

        Assert.Equal("\r\nready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n", bench.Take());
        Assert.Equal("AT\r\n" + Ok, bench.Command("AT"));
        await Assert.ThrowsAsync<Network.NetworkException>(
            async () => await peer.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_power_the_module_is_deaf_and_mute()
    {
        await using Bench bench = new Bench().Quiet();
        bench.Module.PowerOff();

        Assert.Equal("", bench.Command("AT"));
        bench.Module.Reset();
        Assert.Equal("", bench.Take());
        bench.Module.PowerOn();
        Assert.Equal("\r\nready\r\n", bench.Take());
        bench.Module.PowerOn();
        Assert.Equal("", bench.Take());
    }

    [Fact]
    public async Task One_way_in_is_open_at_a_time()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using var module = new ModemSimulator(new SimulatorOptions());
        using (TcpPort tcp = module.ListenTcp())
        {
            Assert.Throws<InvalidOperationException>(() => module.OpenStream());
            Assert.Throws<InvalidOperationException>(() => module.OpenPty());
        }

        var unplugged = new TraceSignal("! unplugged");
        await using var second = new ModemSimulator(new SimulatorOptions { Trace = unplugged.Hear });
        Stream stream = second.OpenStream();
        await stream.DisposeAsync();
        await unplugged.WaitAsync(token);
        await using var wire = new WireReader(second.OpenStream());
        _ = await wire.ExchangeAsync("AT\r\n", "OK\r\n", token);
    }

    [Fact]
    public async Task An_unplugged_stream_gives_what_had_arrived_and_then_throws()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var answered = new TraceSignal("< \\r\\nOK");
        var unplugged = new TraceSignal("! unplugged");
        await using var module = new ModemSimulator(new SimulatorOptions
        {
            Trace = line =>
            {
                answered.Hear(line);
                unplugged.Hear(line);
            },
        });
        await using Stream stream = module.OpenStream();
        await stream.WriteAsync("AT\r\n"u8.ToArray(), token);
        await answered.WaitAsync(token);

        module.Unplug();
        await unplugged.WaitAsync(token);

        var buffer = new byte[100];
        int count = await stream.ReadAtLeastAsync(buffer, 10, throwOnEndOfStream: true, token);
        Assert.Equal("AT\r\n\r\nOK\r\n"u8.ToArray(), buffer[..count]);
        await Assert.ThrowsAsync<IOException>(async () => await stream.ReadExactlyAsync(buffer, token));
        await Assert.ThrowsAsync<IOException>(async () => await stream.WriteAsync(buffer, token));
    }

    [Fact]
    public async Task Disposing_the_stream_wakes_a_read_that_waits()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using var module = new ModemSimulator(new SimulatorOptions());
        Stream stream = module.OpenStream();
        Task<int> reading = stream.ReadAsync(new byte[1], token).AsTask();

        await stream.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => reading.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, token));
    }

    [Fact]
    public async Task A_TCP_client_after_another_finds_the_module()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using var module = new ModemSimulator(new SimulatorOptions());
        using TcpPort port = module.ListenTcp();
        for (int i = 0; i < 3; i++)
        {
            using var client = new System.Net.Sockets.TcpClient();
            await client.ConnectAsync(System.Net.IPAddress.Loopback, port.Port, token);
            await using var wire = new WireReader(client.GetStream());

            string answer = await wire.ExchangeAsync("AT\r\n", "OK\r\n", token);
            Assert.Equal("AT\r\n\r\nOK\r\n", answer);
        }
    }
}
