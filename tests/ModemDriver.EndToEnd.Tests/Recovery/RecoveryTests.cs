using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>What is lost, what comes back by itself, and what is told of it, on a clock that the test moves.</summary>
public sealed class RecoveryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.7")]
    [InlineData("esp-at-2.0")]
    public async Task An_access_point_that_goes_and_comes_back(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        LinkStream link = await rig.ConnectAsync();
        Task<int> reading = link.ReadAsync(new byte[10], Token).AsTask();

        IReadOnlyList<AccessPoint> lost = rig.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);
        LinkException reason = await LinkLostAsync(rig, reading);
        await rig.PassAsync(TimeSpan.FromMinutes(3));

        Assert.Equal(LinkFailure.NetworkLost, reason.Reason);
        Assert.Equal(ModemState.Recovering, rig.Modem.State);
        ModemClosedException refused = await Assert.ThrowsAsync<ModemClosedException>(() => rig.ConnectAsync());
        Assert.Equal(ModemState.Recovering, refused.State);

        rig.Module.World.AddAccessPoint(Assert.Single(lost));

        await AssertComesBackAsync(rig, "NetworkLost -> Recovering", "NetworkJoined -> Online");
    }

    [Theory]
    [InlineData("esp-at", ResetCause.Watchdog)]
    [InlineData("esp-at", ResetCause.BrownOut)]
    [InlineData("esp-at-1.7", ResetCause.Watchdog)]
    [InlineData("esp-at-2.0", ResetCause.External)]
    [InlineData("air780", ResetCause.BrownOut)]
    [InlineData("air820", ResetCause.Watchdog)]
    public async Task A_module_that_is_reset_in_the_middle_of_a_transfer(string firmware, ResetCause cause)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        (LinkStream link, InMemoryPeer peer) = await rig.ConnectToPeerAsync(9);
        Task sending = SendForeverAsync(link);
        await rig.PassAsync(peer.ReadExactlyAsync(new byte[20_000], Token).AsTask());
        Task<int> reading = link.ReadAsync(new byte[10], Token).AsTask();

        rig.Module.Reset(cause);

        Assert.Equal(LinkFailure.ModuleReset, (await LinkLostAsync(rig, reading)).Reason);
        Assert.Equal(LinkFailure.ModuleReset, (await LinkLostAsync(rig, sending)).Reason);
        await AssertComesBackAsync(rig, "ModuleReset -> Recovering", "NetworkJoined -> Online");
    }

    [Fact]
    public async Task A_module_without_power_for_a_while()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync();
        (LinkStream link, InMemoryPeer peer) = await rig.ConnectToPeerAsync(9);
        Task sending = SendForeverAsync(link);
        await rig.PassAsync(peer.ReadExactlyAsync(new byte[20_000], Token).AsTask());

        rig.Module.PowerOff();
        LinkException reason = await LinkLostAsync(rig, sending);
        await rig.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(ModemState.Recovering, rig.Modem.State);
        rig.Module.PowerOn();

        // The module cannot say that it is gone: a send without a verdict tells it.
        Assert.Equal(LinkFailure.SendFailed, reason.Reason);
        await AssertComesBackAsync(rig, "ChannelBroken -> Recovering", "NetworkJoined -> Online");
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.7")]
    [InlineData("esp-at-2.0")]
    [InlineData("air780")]
    [InlineData("air820")]
    public async Task A_module_that_is_mute_and_speaks_again(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        (LinkStream link, InMemoryPeer peer) = await rig.ConnectToPeerAsync(9);
        Task<int> reading = link.ReadAsync(new byte[10], Token).AsTask();

        rig.Cable.Cut();
        CommandTimeoutException late = await Assert.ThrowsAsync<CommandTimeoutException>(
            () => rig.PassAsync(rig.Modem.SendAsync("AT", TimeSpan.FromSeconds(5), Token)));
        LinkException reason = await LinkLostAsync(rig, reading);
        await rig.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(ModemState.Recovering, rig.Modem.State);
        rig.Cable.Mend();

        Assert.Equal(TimeSpan.FromSeconds(5), late.TimeLimit);
        Assert.Equal(LinkFailure.ModemClosed, reason.Reason);
        await AssertComesBackAsync(rig, "ChannelBroken -> Recovering", "NetworkJoined -> Online");

        // The module has had the old link all the time, and nobody else would close it.
        Assert.Equal(0, await rig.PassAsync(peer.ReadAsync(new byte[1], Token).AsTask()));
    }

    [Fact]
    public async Task A_cable_that_is_pulled_and_plugged_in_again()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync();
        LinkStream link = await rig.ConnectAsync();
        Task<int> reading = link.ReadAsync(new byte[10], Token).AsTask();

        rig.Module.Unplug();

        Assert.Equal(LinkFailure.ModemClosed, (await LinkLostAsync(rig, reading)).Reason);
        await AssertComesBackAsync(rig, "PortLost -> Recovering", "NetworkJoined -> Online");
    }

    [Fact]
    public async Task A_recovery_that_is_given_up_keeps_its_reason()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(drive: options => options with
        {
            Recovery = new RecoveryOptions { MaxAttempts = 3 },
        });
        rig.Cable.Cut();
        await Assert.ThrowsAsync<CommandTimeoutException>(
            () => rig.PassAsync(rig.Modem.SendAsync("AT", TimeSpan.FromSeconds(5), Token)));

        IReadOnlyList<ModemStateChange> changes = await rig.ChangesUntilAsync(ModemState.Faulted);

        Assert.Equal(["ChannelBroken -> Recovering", "RecoveryExhausted -> Faulted"], StateLog.Rows(changes));
        Exception reason = Assert.IsType<ModuleSilentException>(changes[^1].Reason);
        ModemClosedException refused = await Assert.ThrowsAsync<ModemClosedException>(() => rig.ConnectAsync());
        Assert.Same(reason, refused.InnerException);
        Assert.Equal(ModemState.Faulted, refused.State);
        await Assert.ThrowsAsync<ModemClosedException>(
            () => rig.PassAsync(rig.Modem.WaitForStateAsync(ModemState.Online, cancellationToken: Token)));
        rig.Cable.Mend();
        await rig.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(ModemState.Faulted, rig.Modem.State);
    }

    // Each reason is told, and afterwards everything works.
    private static async Task AssertComesBackAsync(VirtualRig rig, params string[] rows)
    {
        IReadOnlyList<ModemStateChange> changes = await rig.ChangesUntilAsync(ModemState.Online);

        Assert.Equal(rows, StateLog.Rows(changes));
        Assert.NotNull(changes[0].Reason);
        Assert.Null(changes[^1].Reason);
        await rig.NewLinkWorksAsync();
        Assert.Empty(await rig.PassAsync(rig.Modem.ReadLinksAsync(Token)));
    }

    private static async Task<LinkException> LinkLostAsync(VirtualRig rig, Task call)
    {
        IOException lost = await Assert.ThrowsAsync<IOException>(() => rig.PassAsync(call));
        return Assert.IsType<LinkException>(lost.InnerException);
    }

    private static async Task SendForeverAsync(LinkStream link)
    {
        byte[] bytes = Traffic.Bytes(50_000, seed: 31);
        while (true)
        {
            await link.WriteAsync(bytes, Token);
        }
    }
}
