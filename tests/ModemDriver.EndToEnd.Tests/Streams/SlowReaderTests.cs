using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Streams;

/// <summary>What a reader that does not read does to its peer, and to its neighbours.</summary>
public sealed class SlowReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.7")]
    [InlineData("air780")]
    [InlineData("air820")]
    public async Task A_slow_reader_slows_its_peer_and_not_its_neighbour(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);
        (LinkStream slow, InMemoryPeer peer) = await rig.ConnectToPeerAsync(9);
        byte[] flood = Traffic.Bytes(300_000, 11);
        Task flooding = peer.WriteAsync(flood, Token).AsTask();

        await using LinkStream neighbour = await rig.ConnectAsync();
        await Traffic.EchoAsync(neighbour, 100_000, 12, Token);

        Assert.False(flooding.IsCompleted);
        var received = new byte[flood.Length];
        await slow.ReadExactlyAsync(received, Token).Within(Token);
        await flooding.Within(Token);
        Assert.Equal(flood, received);
    }

    [Theory]
    [InlineData("esp-at-1.6")]
    [InlineData("esp-at-2.0")]
    public async Task Firmware_that_pushes_too_much_loses_that_link_only(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);
        await using LinkStream neighbour = await rig.ConnectAsync();
        (LinkStream slow, InMemoryPeer peer) = await rig.ConnectToPeerAsync(9);
        var sent = Traffic.Bytes(200_000, 13);
        Task flooding = FloodAsync(peer, sent);
        await flooding.Within(Token);

        var received = new MemoryStream();
        IOException lost = await Assert.ThrowsAsync<IOException>(() => slow.CopyToAsync(received, Token).Within(Token));

        Assert.Equal(LinkFailure.Overflow, Assert.IsType<LinkException>(lost.InnerException).Reason);
        Assert.Equal(sent[..(int)received.Length], received.ToArray());
        await Traffic.EchoAsync(neighbour, 10_000, 14, Token);
        Assert.Equal(ModemState.Online, rig.Modem.State);
    }

    // The link is closed under the peer's hands: that is what the test wants.
    private static async Task FloodAsync(InMemoryPeer peer, byte[] bytes)
    {
        try
        {
            await peer.WriteAsync(bytes, Token);
        }
        catch (IOException)
        {
            Assert.False(Token.IsCancellationRequested);
        }
    }
}
