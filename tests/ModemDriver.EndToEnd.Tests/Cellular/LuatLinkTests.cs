using System.Net;
using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>Links of cellular modules, from the card to the last byte, on a clock that the test moves.</summary>
public sealed class LuatLinkTests
{
    private const int EchoBytes = 64 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IEnumerable<string> Firmwares =>
        PersonalityCatalog.Names.Where(name => name.StartsWith("air", StringComparison.Ordinal));

    public static TheoryData<string> EachFirmware() => [.. Firmwares];

    public static TheoryData<string, ConnectionMode, ReceiveMode> EveryWay()
    {
        var rows = new TheoryData<string, ConnectionMode, ReceiveMode>();
        foreach (string firmware in Firmwares)
        {
            foreach (ConnectionMode mode in Enum.GetValues<ConnectionMode>())
            {
                rows.Add(firmware, mode, ReceiveMode.Automatic);
                rows.Add(firmware, mode, ReceiveMode.Push);
            }
        }

        return rows;
    }

    /// <summary>Each value of each switch, but for two that lose bytes: those have tests of their own.</summary>
    public static TheoryData<string, string, ConnectionMode, ReceiveMode> EverySwitch()
    {
        var rows = new TheoryData<string, string, ConnectionMode, ReceiveMode>();
        foreach (PersonalitySwitch one in PersonalityCatalog.Switches("air780"))
        {
            foreach (string value in one.Values.Where(value => value != one.Default && (one.Name, value) != ("read-data", "glued")))
            {
                rows.Add(one.Name, value, ConnectionMode.Multiple, ReceiveMode.Automatic);
                rows.Add(one.Name, value, ConnectionMode.Multiple, ReceiveMode.Push);
                rows.Add(one.Name, value, ConnectionMode.Single, ReceiveMode.Automatic);
                rows.Add(one.Name, value, ConnectionMode.Single, ReceiveMode.Push);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(EveryWay))]
    public async Task What_is_sent_comes_back_as_it_went(string firmware, ConnectionMode mode, ReceiveMode receive)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware, options => In(options, mode, receive));
        LinkStream link = await rig.ConnectAsync();
        await rig.PassAsync(Traffic.EchoAsync(link, EchoBytes, seed: 1, Token));

        Assert.Equal(EchoBytes, link.Info.BytesSent);
        Assert.Equal(EchoBytes, link.Info.BytesReceived);
        await rig.PassAsync(link.DisposeAsync().AsTask());
        await rig.NewLinkWorksAsync();
    }

    [Theory]
    [MemberData(nameof(EverySwitch))]
    public async Task Whatever_nobody_has_confirmed_makes_no_difference(
        string name, string value, ConnectionMode mode, ReceiveMode receive)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(
            "air780", options => In(options, mode, receive), options => Switched(options, name, value));
        LinkStream link = await rig.ConnectAsync();
        await rig.PassAsync(Traffic.EchoAsync(link, 20_000, seed: 1, Token));
        await rig.PassAsync(link.DisposeAsync().AsTask());

        // Nobody is there: the module says that it fails, and the next one works.
        LinkException refused = await Assert.ThrowsAsync<LinkException>(() => rig.ConnectAsync(port: 99));
        Assert.Equal(LinkFailure.Refused, refused.Reason);
        await rig.NewLinkWorksAsync();
        Assert.Equal(ModemState.Online, rig.Modem.State);
    }

    [Theory]
    [MemberData(nameof(EverySwitch))]
    public async Task A_context_that_the_network_takes_back_is_told_and_comes_back(
        string name, string value, ConnectionMode mode, ReceiveMode receive)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(
            "air780", options => In(options, mode, receive), options => Switched(options, name, value));
        LinkStream link = await rig.ConnectAsync();
        Task<int> reading = link.ReadAsync(new byte[1], Token).AsTask();

        rig.Module.World.Mobile.DeactivateContexts();
        await rig.PassAsync(TimeSpan.FromSeconds(1));

        // With a CLOSED of its own before it is told, the link has ended in order.
        if (reading.IsFaulted)
        {
            IOException lost = await Assert.ThrowsAsync<IOException>(() => reading);
            Assert.IsType<LinkException>(lost.InnerException);
        }

        await rig.ChangesUntilAsync(ModemState.Online);
        Assert.True(reading.IsCompleted);
        await rig.NewLinkWorksAsync();
    }

    [Fact]
    public async Task Bytes_that_stand_where_they_cannot_be_told_from_a_number_end_the_link_and_are_not_made_up()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(
            "air780", simulate: options => Switched(options, "read-data", "glued"));
        LinkStream link = await rig.ConnectAsync();

        IOException lost = await Assert.ThrowsAsync<IOException>(
            () => rig.PassAsync(Traffic.EchoAsync(link, 20_000, seed: 1, Token)));
        Assert.IsType<LinkException>(lost.InnerException);
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task Six_links_at_once_do_not_mix(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        LinkStream[] links = new LinkStream[6];
        for (int i = 0; i < links.Length; i++)
        {
            links[i] = await rig.ConnectAsync();
        }

        Assert.Equal([5, 4, 3, 2, 1, 0], links.Select(link => link.LinkId));
        await rig.PassAsync(Task.WhenAll(links.Select((link, i) => Traffic.EchoAsync(link, 20_000, seed: i, Token))));
        Task<LinkStream> seventh = rig.Modem.ConnectAsync(new LinkRequest(Rig.Host, 7) { TimeLimit = TimeSpan.FromSeconds(5) }, Token);
        LinkException full = await Assert.ThrowsAsync<LinkException>(() => rig.PassAsync(seventh));
        Assert.Equal(LinkFailure.NoFreeNumber, full.Reason);
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task The_mode_changes_while_the_modem_is_online_and_names_what_is_in_the_way(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        LinkStream link = await rig.ConnectAsync();
        LinkException inTheWay = await Assert.ThrowsAsync<LinkException>(
            () => rig.PassAsync(rig.Modem.SetConnectionModeAsync(ConnectionMode.Single, Token)));
        Assert.Contains($"link 5 to {Rig.Host}:7", inTheWay.Message, StringComparison.Ordinal);
        await rig.PassAsync(link.DisposeAsync().AsTask());

        await rig.PassAsync(rig.Modem.SetConnectionModeAsync(ConnectionMode.Single, Token));
        await rig.NewLinkWorksAsync();
        await rig.PassAsync(rig.Modem.SetConnectionModeAsync(ConnectionMode.Multiple, Token));
        await rig.NewLinkWorksAsync();
        Assert.Equal(ModemState.Online, rig.Modem.State);
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task A_flush_can_wait_until_the_peer_has_acknowledged(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);
        LinkStream link = await rig.PassAsync(rig.Modem.ConnectAsync(
            new LinkRequest(Rig.Host, 9) { FlushWaitsFor = FlushPoint.Acknowledged }, Token));
        InMemoryPeer peer = await rig.PassAsync(listener.AcceptAsync(Token).AsTask());
        byte[] sent = Traffic.Bytes(10_000, seed: 5);
        await rig.PassAsync(link.WriteAsync(sent, Token).AsTask());
        Task flushing = link.FlushAsync(Token);
        byte[] heard = new byte[sent.Length];
        await rig.PassAsync(peer.ReadExactlyAsync(heard, Token).AsTask());
        await rig.PassAsync(flushing);

        Assert.Equal(sent, heard);
        await rig.PassAsync(link.FlushAsync(Token));
        await rig.PassAsync(link.DisposeAsync().AsTask());
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task Datagrams_keep_their_borders_and_go_to_the_one_peer(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(
            firmware, options => options with { ReceiveMode = ReceiveMode.Push });
        using InMemoryDatagramPeer peer = rig.Network.OpenDatagrams(Rig.Host, 5000);
        UdpLink link = await rig.PassAsync(
            rig.Modem.OpenUdpAsync(new UdpRequest(Rig.Host, 5000), Token));

        foreach (int size in (int[])[1, 100, 1460])
        {
            byte[] sent = Traffic.Bytes(size, seed: size);
            await rig.PassAsync(link.SendAsync(sent, Token));
            InMemoryDatagram heard = await rig.PassAsync(peer.ReceiveAsync(Token).AsTask());
            Assert.Equal(sent, heard.Data.ToArray());
            peer.Send(sent, heard.Sender);
            peer.Send(sent.AsSpan(0, 1), heard.Sender);
            Assert.Equal(sent, (await rig.PassAsync(link.ReceiveAsync(Token))).Data.ToArray());
            Assert.Equal(sent[..1], (await rig.PassAsync(link.ReceiveAsync(Token))).Data.ToArray());
        }

        await Assert.ThrowsAsync<FeatureNotSupportedException>(
            () => rig.PassAsync(link.SendToAsync("x"u8.ToArray(), new IPEndPoint(IPAddress.Parse("10.0.0.3"), 1), Token)));
        await rig.PassAsync(link.DisposeAsync().AsTask());
        await rig.NewLinkWorksAsync();
    }

    [Fact]
    public async Task Datagrams_are_refused_by_the_name_of_the_option_while_the_module_would_run_them_together()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync("air780");

        NotSupportedException refused = await Assert.ThrowsAsync<NotSupportedException>(
            () => rig.PassAsync(rig.Modem.OpenUdpAsync(new UdpRequest(Rig.Host, 5000), Token)));
        Assert.Contains("ReceiveMode.Push", refused.Message, StringComparison.Ordinal);
    }

    private static ModemOptions In(ModemOptions options, ConnectionMode mode, ReceiveMode receive) =>
        options with { ConnectionMode = mode, ReceiveMode = receive, LinkBufferBytes = 4 * EchoBytes };

    private static SimulatorOptions Switched(SimulatorOptions options, string name, string value) =>
        options with { Switches = new Dictionary<string, string> { [name] = value } };
}
