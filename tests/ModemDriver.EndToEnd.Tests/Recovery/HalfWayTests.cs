using ModemDriver.Simulator;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>Steps that something else overtakes: what was begun is finished, or begun anew.</summary>
public sealed class HalfWayTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_data_state_that_was_entered_too_late_is_left_again()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync();
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);
        rig.Module.Faults.Add(Fault.LateAnswer("AT+CIPMODE=1", 1, TimeSpan.FromSeconds(8)));

        await Assert.ThrowsAnyAsync<ModemException>(
            () => rig.PassAsync(rig.Modem.OpenTransparentAsync(Rig.Host, 9, Token)));

        Assert.True(listener.TryAccept(out _));
        await rig.PassAsync(TimeSpan.FromSeconds(20));
        await rig.PassAsync(rig.Modem.WaitForStateAsync(ModemState.Online, Longest, Token));
        await rig.NewLinkWorksAsync();
    }

    [Fact]
    public async Task A_mode_whose_change_was_answered_too_late_is_told_once_more()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync("esp-at-2.1");
        rig.Module.Faults.Add(Fault.LateAnswer("AT+CIPMUX", 1, TimeSpan.FromSeconds(6)));

        await Assert.ThrowsAsync<CommandTimeoutException>(
            () => rig.PassAsync(rig.Modem.SetConnectionModeAsync(ConnectionMode.Single, Token)));

        await rig.PassAsync(TimeSpan.FromSeconds(10));
        await rig.NewLinkWorksAsync();
    }

    [Fact]
    public async Task A_module_that_is_busy_for_now_is_not_taken_for_one_that_cannot_keep_what_arrives()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync("air780");
        rig.Module.Faults.Add(Fault.Busy(2, executes: false, "AT+CIPRXGET=5"));
        rig.Module.Reset();
        await rig.PassAsync(TimeSpan.FromSeconds(1));
        await rig.PassAsync(rig.Modem.WaitForStateAsync(ModemState.Online, Longest, Token));

        await rig.NewLinkWorksAsync();

        Assert.Contains("AT+CIPRXGET=2", rig.Wire, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_whose_answers_had_noise_in_them_is_not_taken_for_another()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync();
        string dialect = rig.Modem.Identity.Dialect;
        rig.Module.Faults.Add(Fault.ReplacedAnswer("AT+GMR", 1, "\r\nERROR\r\n"));
        rig.Module.Faults.Add(Fault.ReplacedAnswer("AT+GMR", 3, "\r\nERROR\r\n"));
        rig.Module.Reset();
        await rig.PassAsync(TimeSpan.FromSeconds(1));
        await rig.PassAsync(rig.Modem.WaitForStateAsync(ModemState.Online, Longest, Token));

        Assert.Equal(dialect, rig.Modem.Identity.Dialect);
        await rig.NewLinkWorksAsync();
    }

    [Theory]
    [InlineData("air820")]
    [InlineData("air780")]
    public async Task An_end_that_is_told_without_a_network_is_not_the_peers(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        (LinkStream link, _) = await rig.ConnectToPeerAsync(9);
        Task<int> reading = link.ReadAsync(new byte[10], Token).AsTask();

        rig.Module.World.Mobile.LoseCoverage();

        IOException thrown = await Assert.ThrowsAsync<IOException>(() => rig.PassAsync(reading));
        Assert.IsType<LinkException>(thrown.InnerException);
    }
}
