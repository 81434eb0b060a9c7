using System.Collections.Concurrent;
using ModemDriver.Clients;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Clients;

public sealed class ManagedTcpTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_connects_again_as_soon_as_the_module_is_back()
    {
        await using Rig rig = await Rig.OpenAsync("esp-at");
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);

        // No wait would be over before the test is: what connects again is the modem's return.
        var hour = TimeSpan.FromHours(1);
        var client = new ManagedTcpClient(
            rig.Modem, new LinkRequest(Rig.Host, 9), new ManagedTcpOptions { FirstDelay = hour, LongestDelay = hour });
        var states = new ConcurrentQueue<ManagedTcpState>();
        client.Changed += (_, change) => states.Enqueue(change.State);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task running = client.RunAsync(GreetAsync, stop.Token);

        await GreetedAsync(listener);
        rig.Module.Reset(ResetCause.Watchdog);
        await GreetedAsync(listener);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Within(Token));
        Assert.Contains(ManagedTcpState.WaitingForModem, states);
        Assert.Equal(2, states.Count(state => state == ManagedTcpState.Connected));
        Assert.Equal(ManagedTcpState.Stopped, client.State);
    }

    [Fact]
    public async Task It_ends_with_the_modem()
    {
        await using Rig rig = await Rig.OpenAsync("esp-at");
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);
        var client = new ManagedTcpClient(rig.Modem, new LinkRequest(Rig.Host, 9));
        Task running = client.RunAsync(GreetAsync, Token);
        await GreetedAsync(listener);

        await rig.Modem.DisposeAsync();

        await Assert.ThrowsAsync<ModemClosedException>(() => running.Within(Token));
    }

    private static async Task GreetAsync(Stream stream, CancellationToken token)
    {
        await stream.WriteAsync("hello"u8.ToArray(), token);
        await stream.ReadExactlyAsync(new byte[1], token);
    }

    private static async Task GreetedAsync(InMemoryListener listener)
    {
        InMemoryPeer peer = await listener.AcceptAsync(Token).Within(Token);
        var greeting = new byte[5];
        await peer.ReadExactlyAsync(greeting, Token).AsTask().Within(Token);
        Assert.Equal("hello"u8.ToArray(), greeting);
    }
}
