using System.Text;
using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Transparent;

/// <summary>A module that starts anew in the data state, and a peer that says the same words.</summary>
public sealed class SuspicionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-2.0")]
    [InlineData("esp-at-1.7")]
    [InlineData("esp-at-1.6")]
    public async Task A_module_that_starts_anew_is_noticed_without_a_call_and_comes_back(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        (TransparentSession session, InMemoryPeer peer) = await OpenAsync(rig);
        await rig.PassAsync(peer.WriteAsync("before"u8.ToArray(), Token).AsTask());
        var bytes = new byte[6];
        await rig.PassAsync(session.ReadExactlyAsync(bytes, Token).AsTask());
        long started = rig.Time.GetTimestamp();
        rig.Module.Reset(ResetCause.Watchdog);

        // Whatever it printed on its way is not read as data in part and then ended: the Stream throws.
        IOException ended = await rig.PassAsync(ReadToFailureAsync(session));
        TimeSpan noticed = rig.Time.GetElapsedTime(started);
        await rig.ChangesUntilAsync(ModemState.Recovering);
        await rig.ChangesUntilAsync(ModemState.Online);

        Assert.Equal(LinkFailure.ModuleReset, Assert.IsType<LinkException>(ended.InnerException).Reason);
        Assert.True(noticed < TimeSpan.FromSeconds(10), $"after {noticed}");
        await rig.NewLinkWorksAsync();
        Assert.Equal(ConnectionMode.Multiple, rig.Modem.ConnectionMode);
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-2.0")]
    [InlineData("esp-at-1.7")]
    [InlineData("esp-at-1.6")]
    public async Task A_peer_that_says_the_words_of_a_start_loses_nothing(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        (TransparentSession session, InMemoryPeer peer) = await OpenAsync(rig);
        string line = "2026-11-28 boot\r\n ets Jan  8 2013,rst cause:4, boot mode:(3,6)\r\n\r\nready\r\n";
        byte[] log = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => $"{i} {line}")));
        byte[] up = Traffic.Bytes(20_000, 4);
        var read = new byte[log.Length];
        var heard = new byte[up.Length];

        Task both = Task.WhenAll(
            WriteInPiecesAsync(peer, log),
            session.ReadExactlyAsync(read, Token).AsTask(),
            WriteInPiecesAsync(session, up),
            peer.ReadExactlyAsync(heard, Token).AsTask());
        await rig.PassAsync(both);

        Assert.Equal(log, read);
        Assert.Equal(up, heard);
        await rig.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(ModemState.OnlineData, rig.Modem.State);
        await rig.PassAsync(session.DisposeAsync().AsTask());
        await rig.NewLinkWorksAsync();
    }

    private static async Task<IOException> ReadToFailureAsync(Stream stream)
    {
        var buffer = new byte[4096];
        while (true)
        {
            try
            {
                Assert.NotEqual(0, await stream.ReadAsync(buffer, Token));
            }
            catch (IOException exception)
            {
                return exception;
            }
        }
    }

    private static async Task WriteInPiecesAsync(Stream stream, byte[] bytes)
    {
        var random = new Random(6);
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(random.Next(1, 300), bytes.Length - at);
            await stream.WriteAsync(bytes.AsMemory(at, length), Token);
            at += length;
        }
    }

    private static async Task<(TransparentSession Session, InMemoryPeer Peer)> OpenAsync(VirtualRig rig)
    {
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);
        TransparentSession session = await rig.PassAsync(rig.Modem.OpenTransparentAsync(Rig.Host, 9, Token));
        return (session, await rig.PassAsync(listener.AcceptAsync(Token).AsTask()));
    }
}
