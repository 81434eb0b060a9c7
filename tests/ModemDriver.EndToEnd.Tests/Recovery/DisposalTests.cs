using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>A modem that is disposed in the midst of its work.</summary>
public sealed class DisposalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_modem_that_asks_regularly_for_its_network_ends_while_it_is_online()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(
            drive: options => options with { HealthInterval = TimeSpan.FromSeconds(30) });
        await rig.PassAsync(TimeSpan.FromSeconds(40));

        await rig.PassAsync(rig.Modem.DisposeAsync().AsTask());

        Assert.Equal(ModemState.Closed, rig.Modem.State);
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.6")]
    [InlineData("air820")]
    public async Task A_reader_is_told_that_the_modem_was_closed_and_not_the_peer(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        (LinkStream link, InMemoryPeer peer) = await rig.ConnectToPeerAsync(9);
        await rig.PassAsync(peer.WriteAsync(new byte[1000], Token).AsTask());
        await rig.PassAsync(TimeSpan.FromSeconds(3));

        await rig.PassAsync(rig.Modem.DisposeAsync().AsTask());

        var read = new byte[1000];
        await rig.PassAsync(link.ReadExactlyAsync(read, Token).AsTask());
        IOException thrown = await Assert.ThrowsAsync<IOException>(() => rig.PassAsync(link.ReadAsync(read, Token).AsTask()));
        Assert.Equal(LinkFailure.ModemClosed, Assert.IsType<LinkException>(thrown.InnerException).Reason);
    }

    [Fact]
    public async Task A_peer_that_has_closed_before_the_modem_was_is_an_orderly_end()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync();
        (LinkStream link, InMemoryPeer peer) = await rig.ConnectToPeerAsync(9);
        await rig.PassAsync(peer.WriteAsync(new byte[1000], Token).AsTask());
        await rig.PassAsync(peer.DisposeAsync().AsTask());
        await rig.PassAsync(TimeSpan.FromSeconds(3));

        await rig.PassAsync(rig.Modem.DisposeAsync().AsTask());

        var read = new byte[1000];
        await rig.PassAsync(link.ReadExactlyAsync(read, Token).AsTask());
        Assert.Equal(0, await rig.PassAsync(link.ReadAsync(read, Token).AsTask()));
    }
}
