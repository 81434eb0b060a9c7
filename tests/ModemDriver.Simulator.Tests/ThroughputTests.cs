namespace ModemDriver.Simulator.Tests;

/// <summary>Much data: nothing lost, nothing twice, nothing out of order, whatever the sizes of reads.</summary>
public class ThroughputTests
{
    private const int Total = 300_000;
    private const int TransparentTotal = 4 * 1024 * 1024;

    [Theory]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(65536)]
    public async Task Pushed_data_arrives_whole_through_reads_of_any_size(int readBytes)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var network = new InMemoryNetwork();
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        network.Serve("10.0.0.1", 1, async peer =>
        {
            await connected.Task;
            await peer.WriteAsync(Pattern(), token);
            await peer.Ended;
        });
        await using var module = new ModemSimulator(new SimulatorOptions { Network = network });
        Stream stream = module.OpenStream();
        await using var wire = new WireReader(stream);
        await JoinAsync(wire, token);
        _ = await wire.ExchangeAsync("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1\r\n", "CONNECT\r\n\r\nOK\r\n", token);
        connected.SetResult();

        var received = new MemoryStream();
        var buffer = new byte[readBytes];
        while (received.Length < Total)
        {
            int length = await ReadHeaderAsync(wire, token);
            Assert.InRange(length, 1, 1460);
            await wire.CopyAsync(received, length, buffer, token);
        }

        Assert.Equal(Pattern(), received.ToArray());
        Assert.Null(module.Failure);
    }

    [Fact]
    public async Task Fetched_data_arrives_whole()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var network = new InMemoryNetwork();
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        network.Serve("10.0.0.1", 1, async peer =>
        {
            await connected.Task;
            await peer.WriteAsync(Pattern(), token);
        });
        await using var module = new ModemSimulator(new SimulatorOptions { Network = network });
        await using var wire = new WireReader(module.OpenStream());
        await JoinAsync(wire, token);
        _ = await wire.ExchangeAsync("AT+CIPRECVMODE=1\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1\r\n", "CONNECT\r\n\r\nOK\r\n", token);
        connected.SetResult();
        _ = await wire.ExpectAsync("\r\n+IPD,", token);
        _ = await wire.ExpectAsync("\r\n", token);

        var received = new MemoryStream();
        while (received.Length < Total)
        {
            _ = await wire.ExchangeAsync("AT+CIPRECVDATA=4096\r\n", "+CIPRECVDATA:", token);
            string length = await wire.ExpectAsync(",", token);
            await wire.CopyAsync(
                received, int.Parse(length[..^1], System.Globalization.CultureInfo.InvariantCulture),
                new byte[4096], token);
            _ = await wire.ExpectAsync("OK\r\n", token);
            if (received.Length < Total)
            {
                _ = await wire.ExpectAsync("\r\n+IPD,", token);
                _ = await wire.ExpectAsync("\r\n", token);
            }
        }

        Assert.Equal(Pattern(), received.ToArray());
        _ = await wire.ExpectAsync("CLOSED\r\n", token);
    }

    [Fact]
    public async Task Sent_data_arrives_whole()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var arrived = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var network = new InMemoryNetwork();
        network.Serve("10.0.0.1", 1, async peer =>
        {
            var copy = new MemoryStream();
            await peer.CopyToAsync(copy, token);
            arrived.SetResult(copy.ToArray());
        });
        await using var module = new ModemSimulator(new SimulatorOptions { Network = network });
        await using var wire = new WireReader(module.OpenStream());
        await JoinAsync(wire, token);
        _ = await wire.ExchangeAsync("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1\r\n", "CONNECT\r\n\r\nOK\r\n", token);

        byte[] pattern = Pattern();
        for (int sent = 0; sent < Total; sent += 2000)
        {
            _ = await wire.ExchangeAsync("AT+CIPSEND=2000\r\n", ">", token);
            await wire.Stream.WriteAsync(pattern.AsMemory(sent, 2000), token);
            _ = await wire.ExpectAsync("SEND OK\r\n", token);
        }

        _ = await wire.ExchangeAsync("AT+CIPCLOSE\r\n", "OK\r\n", token);
        Assert.Equal(pattern, await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, token));
    }

    [Fact]
    public async Task Transparent_data_arrives_whole_in_both_directions_at_once()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        byte[] pattern = Pattern(TransparentTotal);
        var network = new InMemoryNetwork();
        InMemoryListener listener = network.Listen("10.0.0.1", 1);
        await using var module = new ModemSimulator(new SimulatorOptions { Network = network });
        await using var wire = new WireReader(module.OpenStream());
        await JoinAsync(wire, token);
        _ = await wire.ExchangeAsync("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1\r\n", "CONNECT\r\n\r\nOK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CIPMODE=1\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CIPSEND\r\n", "\r\nOK\r\n\r\n>", token);
        await using InMemoryPeer peer = await listener.AcceptAsync(token);

        var toPeer = new byte[TransparentTotal];
        var toHost = new byte[TransparentTotal];
        await Task.WhenAll(
            peer.WriteAsync(pattern, token).AsTask(),
            wire.Stream.WriteAsync(pattern, token).AsTask(),
            peer.ReadExactlyAsync(toPeer, token).AsTask(),
            wire.Stream.ReadExactlyAsync(toHost, token).AsTask())
            .WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, token);

        Assert.Equal(pattern, toPeer);
        Assert.Equal(pattern, toHost);
        Assert.Null(module.Failure);
    }

    private static byte[] Pattern(int length = Total)
    {
        var pattern = new byte[length];
        new Random(7).NextBytes(pattern);
        return pattern;
    }

    private static async Task JoinAsync(WireReader wire, CancellationToken token)
    {
        _ = await wire.ExchangeAsync("ATE0\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CWJAP=\"ModemDriver\",\"simulated!\"\r\n", "OK\r\n", token);
    }

    private static async Task<int> ReadHeaderAsync(WireReader wire, CancellationToken token)
    {
        Assert.Equal("\r\n+IPD,", await wire.ExpectAsync("+IPD,", token));
        string length = await wire.ExpectAsync(":", token);
        return int.Parse(length[..^1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
