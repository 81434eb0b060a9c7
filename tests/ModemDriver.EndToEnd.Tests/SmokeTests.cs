using System.Net;
using System.Net.Sockets;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests;

/// <summary>Every firmware, every way in: open, go online, links, reset, links again.</summary>
public sealed class SmokeTests
{
    private const int EchoBytes = 256 * 1024;

    public static TheoryData<string, Way> FirmwaresAndWays()
    {
        var rows = new TheoryData<string, Way>();
        foreach (string firmware in Firmwares)
        {
            rows.Add(firmware, Way.Memory);
            rows.Add(firmware, Way.Pty);
            rows.Add(firmware, Way.SerialPort);
        }

        return rows;
    }

    public static TheoryData<string> EachFirmware() => [.. Firmwares];

    private static IEnumerable<string> Firmwares =>
        PersonalityCatalog.Names.Where(name => name.StartsWith("esp-at", StringComparison.Ordinal)
            || name.StartsWith("air", StringComparison.Ordinal));

    // An unpaced module that pushes is faster than a reader on a busy machine; what is not read must fit.
    private static ModemOptions RoomForAll(ModemOptions options) => options with { LinkBufferBytes = 4 * EchoBytes };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(FirmwaresAndWays))]
    public async Task A_quarter_of_a_megabyte_comes_back_as_it_went(string firmware, Way way)
    {
        await using Rig rig = await Rig.OpenAsync(firmware, way, RoomForAll);
        Assert.Equal(ModemState.Online, rig.Modem.State);

        await using LinkStream link = await rig.ConnectAsync();
        await Traffic.EchoAsync(link, EchoBytes, seed: 1, Token);

        Assert.Equal(EchoBytes, link.Info.BytesSent);
        Assert.Equal(EchoBytes, link.Info.BytesReceived);
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task A_single_link_carries_the_same(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(
            firmware, drive: options => RoomForAll(options) with { ConnectionMode = ConnectionMode.Single });

        await using LinkStream link = await rig.ConnectAsync();
        await Traffic.EchoAsync(link, EchoBytes, seed: 2, Token);

        Assert.Equal(0, link.LinkId);
        Assert.Equal(ConnectionMode.Single, rig.Modem.ConnectionMode);
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task Three_links_of_three_allocations_do_not_mix(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware, drive: RoomForAll);
        await using LinkStream automatic = await rig.ConnectAsync();
        await using LinkStream manual = await rig.Modem.ConnectAsync(new LinkRequest(Rig.Host, 7) { LinkId = 2 }, Token);
        bool canAssign = rig.Modem.Supports(ModemFeature.ModuleAssignedLinkId);
        var third = new LinkRequest(Rig.Host, 7)
        {
            Allocation = canAssign ? LinkIdAllocation.ModuleAssigned : LinkIdAllocation.Automatic,
        };
        await using LinkStream assigned = await rig.Modem.ConnectAsync(third, Token);

        await Task.WhenAll(
            Traffic.EchoAsync(automatic, 50_000, 1, Token),
            Traffic.EchoAsync(manual, 50_000, 2, Token),
            Traffic.EchoAsync(assigned, 50_000, 3, Token));

        // From the top downwards; modules hold five links or six.
        int top = automatic.LinkId;
        Assert.InRange(top, 4, 5);
        Assert.Equal((2, canAssign ? 0 : top - 1), (manual.LinkId, assigned.LinkId));
        Assert.Equal(3, (await rig.Modem.ReadLinksAsync(Token)).Count);
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task After_a_reset_of_the_module_links_have_failed_and_new_ones_work(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);
        LinkStream link = await rig.ConnectAsync();
        Task<int> reading = link.ReadAsync(new byte[10], Token).AsTask();

        rig.Module.Reset(ResetCause.Watchdog);

        IOException lost = await Assert.ThrowsAsync<IOException>(() => reading.Within(Token));
        Assert.Equal(LinkFailure.ModuleReset, Assert.IsType<LinkException>(lost.InnerException).Reason);
        await rig.Modem.WaitForStateAsync(ModemState.Online, cancellationToken: Token).Within(Token);
        await using LinkStream again = await rig.ConnectAsync();
        await Traffic.EchoAsync(again, 10_000, 3, Token);
        Assert.True(again.Info.Generation > link.Info.Generation);
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task A_closed_link_frees_its_number_and_tells_the_peer(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);
        (LinkStream link, InMemoryPeer peer) = await rig.ConnectToPeerAsync(9);

        await link.WriteAsync("last words"u8.ToArray(), Token);
        await link.DisposeAsync().Within(Token);

        var heard = new byte[64];
        Assert.Equal(10, await peer.ReadAtLeastAsync(heard, 64, throwOnEndOfStream: false, Token).Within(Token));
        Assert.Empty(await rig.Modem.ReadLinksAsync(Token));
    }

    [Fact]
    public async Task A_link_reaches_a_server_on_the_sockets_of_this_machine()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using Rig rig = await Rig.OpenAsync(
            "esp-at", simulate: options => options with { Network = new HostNetwork() });
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Task<TcpClient> accepting = listener.AcceptTcpClientAsync(Token).AsTask();

        await using LinkStream link = await rig.Modem.ConnectAsync("127.0.0.1", port, Token);
        using TcpClient peer = await accepting.Within(Token);
        Task serving = Servers.EchoAsync(peer.GetStream());
        await Traffic.EchoAsync(link, EchoBytes, 4, Token);
        await link.DisposeAsync().Within(Token);

        await serving.Within(Token);
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air820")]
    [InlineData("air780")]
    public async Task The_mode_changes_once_no_link_is_open(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);
        LinkStream link = await rig.ConnectAsync();

        LinkException inTheWay = await Assert.ThrowsAsync<LinkException>(
            () => rig.Modem.SetConnectionModeAsync(ConnectionMode.Single, Token));
        Assert.Contains(Rig.Host, inTheWay.Message, StringComparison.Ordinal);
        await link.DisposeAsync().Within(Token);
        await rig.Modem.SetConnectionModeAsync(ConnectionMode.Single, Token);

        await using LinkStream single = await rig.ConnectAsync();
        await Traffic.EchoAsync(single, 1000, 5, Token);
    }
}
