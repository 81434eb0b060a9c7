using System.Text;
using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>Transparent sessions of cellular modules, on a clock that the test moves.</summary>
public sealed class LuatTransparentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, ConnectionMode> FirmwaresAndModes()
    {
        var rows = new TheoryData<string, ConnectionMode>();
        foreach (string firmware in (string[])["air820", "air780", "air780ep"])
        {
            rows.Add(firmware, ConnectionMode.Multiple);
            rows.Add(firmware, ConnectionMode.Single);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(FirmwaresAndModes))]
    public async Task Bytes_go_both_ways_and_the_modem_is_as_before_afterwards(string firmware, ConnectionMode mode)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware, options => options with { ConnectionMode = mode });
        (TransparentSession session, InMemoryPeer peer) = await OpenAsync(rig);
        Assert.Equal(ModemState.OnlineData, rig.Modem.State);
        byte[] up = Traffic.Bytes(30_000, seed: 1);
        byte[] down = Traffic.Bytes(30_000, seed: 2);
        byte[] heard = new byte[up.Length];
        byte[] read = new byte[down.Length];
        await rig.PassAsync(Task.WhenAll(
            session.WriteAsync(up, Token).AsTask(),
            peer.ReadExactlyAsync(heard, Token).AsTask(),
            peer.WriteAsync(down, Token).AsTask(),
            session.ReadExactlyAsync(read, Token).AsTask()));
        Assert.Equal(up, heard);
        Assert.Equal(down, read);

        await rig.PassAsync(session.DisposeAsync().AsTask());
        Assert.Equal(0, await rig.PassAsync(peer.ReadAsync(new byte[1], Token).AsTask()));
        await rig.ChangesUntilAsync(ModemState.Online);
        await rig.NewLinkWorksAsync();
        Assert.Equal(mode, rig.Modem.ConnectionMode);
    }

    [Theory]
    [MemberData(nameof(FirmwaresAndModes))]
    public async Task A_suspended_session_takes_commands_and_goes_on(string firmware, ConnectionMode mode)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware, options => options with { ConnectionMode = mode });
        (TransparentSession session, InMemoryPeer peer) = await OpenAsync(rig);
        await rig.PassAsync(peer.WriteAsync("one "u8.ToArray(), Token).AsTask());
        await rig.PassAsync(session.SuspendAsync(Token));
        Assert.Equal(ModemState.Online, rig.Modem.State);
        CommandResponse signal = await rig.PassAsync(rig.Modem.SendAsync("AT+CSQ", cancellationToken: Token));
        Assert.StartsWith("+CSQ:", Assert.Single(signal.Lines), StringComparison.Ordinal);
        await rig.PassAsync(session.WriteAsync("waits"u8.ToArray(), Token).AsTask());
        await rig.PassAsync(session.ResumeAsync(Token));
        await rig.PassAsync(peer.WriteAsync("two"u8.ToArray(), Token).AsTask());

        Assert.Equal("one two", await ReadAsync(rig, session, 7));
        Assert.Equal("waits", await ReadAsync(rig, peer, 5));
        await rig.PassAsync(session.DisposeAsync().AsTask());
    }

    [Theory]
    [MemberData(nameof(FirmwaresAndModes))]
    public async Task A_peer_that_closes_ends_the_Stream_in_order_and_the_modem_is_as_before(string firmware, ConnectionMode mode)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware, options => options with { ConnectionMode = mode });
        (TransparentSession session, InMemoryPeer peer) = await OpenAsync(rig);
        byte[] said = [.. Traffic.Bytes(20_000, seed: 3), .. "\r\nCLOSED\r\n"u8];
        await rig.PassAsync(peer.WriteAsync(said, Token).AsTask());
        await rig.PassAsync(peer.DisposeAsync().AsTask());

        var all = new MemoryStream();
        await rig.PassAsync(session.CopyToAsync(all, Token));

        Assert.Equal(said, all.ToArray());
        Assert.Equal(0, await rig.PassAsync(session.ReadAsync(new byte[1], Token).AsTask()));
        IOException closed = await Assert.ThrowsAsync<IOException>(
            () => rig.PassAsync(session.WriteAsync(new byte[1], Token).AsTask()));
        Assert.Equal(LinkFailure.ClosedByPeer, Assert.IsType<LinkException>(closed.InnerException).Reason);
        await rig.PassAsync(session.DisposeAsync().AsTask());
        await rig.ChangesUntilAsync(ModemState.Online);
        await rig.NewLinkWorksAsync();
        Assert.Equal(mode, rig.Modem.ConnectionMode);
    }

    [Theory]
    [InlineData("\r\nCLOSED\r\n")]
    [InlineData("\r\nTCP ERROR:14\r\n")]
    [InlineData("\r\n+PDP DEACT\r\n")]
    [InlineData("\r\n+PDP: DEACT\r\n")]
    [InlineData("\r\n+PDP:DEACT\r\n")]
    [InlineData("\r\nRDY\r\n")]
    [InlineData("^boot.rom")]
    [InlineData("\r\nOK\r\n")]
    [InlineData("+++")]
    public async Task A_peer_that_says_the_modules_words_loses_nothing(string words)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync("air780");
        (TransparentSession session, InMemoryPeer peer) = await OpenAsync(rig);
        byte[] bytes = Encoding.ASCII.GetBytes($"before{words}after");
        await rig.PassAsync(peer.WriteAsync(bytes, Token).AsTask());

        Assert.Equal($"before{words}after", await ReadAsync(rig, session, bytes.Length));
        await rig.PassAsync(TimeSpan.FromSeconds(15));
        await rig.PassAsync(session.WriteAsync(bytes, Token).AsTask());
        Assert.Equal($"before{words}after", await ReadAsync(rig, peer, bytes.Length));
        Assert.Equal(ModemState.OnlineData, rig.Modem.State);
        await rig.PassAsync(session.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task The_escape_sequence_as_payload_reaches_the_peer_alone_and_in_pieces()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync("air780");
        (TransparentSession session, InMemoryPeer peer) = await OpenAsync(rig);
        string[] pieces = ["+++", "+", "+", "+", "++", "+++\r\n", "x", "+++"];
        foreach (string piece in pieces)
        {
            await rig.PassAsync(TimeSpan.FromSeconds(2));
            await rig.PassAsync(session.WriteAsync(Encoding.ASCII.GetBytes(piece), Token).AsTask());
            await rig.PassAsync(session.FlushAsync(Token));
        }

        string all = string.Concat(pieces);
        Assert.Equal(all, await ReadAsync(rig, peer, all.Length));
        await rig.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(ModemState.OnlineData, rig.Modem.State);
        await rig.PassAsync(session.DisposeAsync().AsTask());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_module_that_starts_anew_or_loses_its_context_comes_back(bool isReset)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync("air780");
        (TransparentSession session, _) = await OpenAsync(rig);
        if (isReset)
        {
            rig.Module.Reset(ResetCause.Watchdog);
        }
        else
        {
            rig.Module.World.Mobile.DeactivateContexts();
        }

        IOException ended = await Assert.ThrowsAsync<IOException>(
            () => rig.PassAsync(session.CopyToAsync(new MemoryStream(), Token)));
        Assert.IsType<LinkException>(ended.InnerException);
        await rig.PassAsync(session.DisposeAsync().AsTask());
        await rig.PassAsync(TimeSpan.FromMinutes(2));
        await rig.PassAsync(rig.Modem.WaitForStateAsync(ModemState.Online, TimeSpan.FromHours(1), Token));
        await rig.NewLinkWorksAsync();
        Assert.Equal(ConnectionMode.Multiple, rig.Modem.ConnectionMode);
    }

    [Fact]
    public async Task Nobody_at_the_other_end_is_told_and_the_modem_is_as_before()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync("air780");
        LinkException refused = await Assert.ThrowsAsync<LinkException>(
            () => rig.PassAsync(rig.Modem.OpenTransparentAsync(new TransparentRequest(Rig.Host, 99), Token)));

        Assert.Equal(LinkFailure.Refused, refused.Reason);
        await rig.NewLinkWorksAsync();
        Assert.Equal(ConnectionMode.Multiple, rig.Modem.ConnectionMode);
    }

    [Fact]
    public async Task A_module_without_a_way_out_of_the_data_state_is_not_led_into_it()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync("air780eq");

        FeatureNotSupportedException refused = await Assert.ThrowsAsync<FeatureNotSupportedException>(
            () => rig.PassAsync(rig.Modem.OpenTransparentAsync(new TransparentRequest(Rig.Host, 9), Token)));
        Assert.Equal(ModemFeature.TransparentMode, refused.Feature);
    }

    private static async Task<(TransparentSession Session, InMemoryPeer Peer)> OpenAsync(VirtualRig rig)
    {
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);
        TransparentSession session = await rig.PassAsync(
            rig.Modem.OpenTransparentAsync(new TransparentRequest(Rig.Host, 9), Token));
        return (session, await rig.PassAsync(listener.AcceptAsync(Token).AsTask()));
    }

    private static async Task<string> ReadAsync(VirtualRig rig, Stream stream, int count)
    {
        byte[] bytes = new byte[count];
        await rig.PassAsync(stream.ReadExactlyAsync(bytes, Token).AsTask());
        return Encoding.ASCII.GetString(bytes);
    }
}
