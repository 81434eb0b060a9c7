using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Links;

/// <summary>A peer that says more at once than a reader has room for, to a module that pushes.</summary>
public sealed class OverflowTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air820")]
    public async Task A_link_that_overflows_while_it_is_opened_is_closed_in_the_module(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(
            firmware, options => options with { ReceiveMode = ReceiveMode.Push, LinkBufferBytes = 4096 });
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);
        Task<LinkStream> opening = rig.Modem.ConnectAsync(Rig.Host, 9, Token);
        InMemoryPeer peer = await rig.PassAsync(SpeakAsync(listener));
        IOException thrown = await Assert.ThrowsAnyAsync<IOException>(() => rig.PassAsync(ReadAllAsync(opening)));
        await rig.PassAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(LinkFailure.Overflow, Assert.IsType<LinkException>(thrown.InnerException ?? thrown).Reason);
        await Assert.ThrowsAnyAsync<IOException>(() => rig.PassAsync(peer.WriteAsync(new byte[40_000], Token).AsTask()));
        await rig.NewLinkWorksAsync();
    }

    private static async Task<InMemoryPeer> SpeakAsync(InMemoryListener listener)
    {
        InMemoryPeer peer = await listener.AcceptAsync(Token);
        await peer.WriteAsync(new byte[10_000], Token);
        return peer;
    }

    private static async Task ReadAllAsync(Task<LinkStream> opening)
    {
        await using LinkStream link = await opening;
        await link.ReadExactlyAsync(new byte[10_000], Token);
    }
}
