using ModemDriver.Simulator;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>Each rung of the recovery ladder, by a fault that needs it: what was tried, in order, and what helped.</summary>
public sealed class LadderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task Resynchronise_after_an_answer_that_never_came(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        var log = new RungLog(rig.Modem);
        LinkStream link = await rig.ConnectAsync();

        rig.Module.Faults.Add(Fault.MissingAnswer("AT", 1));
        await Assert.ThrowsAsync<CommandTimeoutException>(
            () => rig.PassAsync(rig.Modem.SendAsync("ATE0", TimeSpan.FromSeconds(2), Token)));
        await rig.PassAsync(Traffic.EchoAsync(link, 2_000, seed: 1, Token));

        Assert.Equal(["CommandTimedOut: Resynchronise 1 helped"], log.Rows);
        Assert.InRange(log.Reports[0].Duration, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5));
        Assert.Equal(ModemState.Online, rig.Modem.State);
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task Leave_the_data_state_in_which_a_pulled_cable_has_left_the_module(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        var log = new RungLog(rig.Modem);
        rig.Network.Listen(Rig.Host, 9);
        await rig.PassAsync(rig.Modem.OpenTransparentAsync(new TransparentRequest(Rig.Host, 9), Token));

        rig.Module.Unplug();
        await rig.ChangesUntilAsync(ModemState.Recovering);
        await rig.ChangesUntilAsync(ModemState.Online);

        Assert.Contains("StuckInDataState: LeaveDataState 1 helped", log.Rows);
        Assert.Equal("PortLost: ReopenPort 1 helped", log.Rows[^1]);
        await rig.NewLinkWorksAsync();
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task Close_links_that_only_the_module_knows(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        var log = new RungLog(rig.Modem);
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);
        var request = new LinkRequest(Rig.Host, 9) { LinkId = 3, Allocation = LinkIdAllocation.Manual };

        // The module opens the link, and what it says of it is lost.
        rig.Module.Faults.Add(Fault.MissingAnswer("AT+CIPSTART"));
        await Assert.ThrowsAsync<LinkException>(() => rig.PassAsync(rig.Modem.ConnectAsync(request, Token)));
        InMemoryPeer peer = await rig.PassAsync(listener.AcceptAsync(Token).AsTask());
        await rig.PassAsync(rig.Modem.ConnectAsync(request, Token));

        Assert.Equal(["CommandTimedOut: Resynchronise 1 helped", "UnknownLinks: CloseLinks 1 helped"], log.Rows);
        Assert.Equal(0, await rig.PassAsync(peer.ReadAsync(new byte[1], Token).AsTask()));
        Assert.Equal([3], (await rig.PassAsync(rig.Modem.ReadLinksAsync(Token))).Select(link => link.Id));
        Assert.Equal(ModemState.Online, rig.Modem.State);
    }

    [Fact]
    public async Task Reattach_after_an_access_point_that_was_gone()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync();
        var log = new RungLog(rig.Modem);

        IReadOnlyList<AccessPoint> lost = rig.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);
        await rig.ChangesUntilAsync(ModemState.Recovering);
        await rig.PassAsync(TimeSpan.FromSeconds(20));
        rig.Module.World.AddAccessPoint(Assert.Single(lost));
        await rig.ChangesUntilAsync(ModemState.Online);

        Assert.Matches("^NetworkLost: Reattach [0-9]+ helped$", log.Rows[^1]);
        Assert.All(log.Reports.SkipLast(1), report => Assert.IsType<NetworkJoinException>(report.Failure));
    }

    [Fact]
    public async Task Reattach_after_a_context_that_the_network_has_ended()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync("air780");
        var log = new RungLog(rig.Modem);

        rig.Module.World.Mobile.DeactivateContexts();
        await rig.ChangesUntilAsync(ModemState.Online);

        Assert.Equal(["PacketDataLost: Reattach 1 helped"], log.Rows);
    }

    [Fact]
    public async Task Cycle_the_radio_of_a_module_that_finds_no_network_for_long()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync("air780", options => options with
        {
            Cellular = new CellularOptions
            {
                RegistrationLossLimit = TimeSpan.FromSeconds(30), RegistrationTimeLimit = TimeSpan.FromSeconds(30),
            },
        });
        var log = new RungLog(rig.Modem);

        rig.Modem.RecoveryReported += (_, _) => rig.Module.World.Mobile.RestoreCoverage();
        rig.Module.World.Mobile.LoseCoverage();
        await rig.ChangesUntilAsync(ModemState.Recovering);
        await rig.ChangesUntilAsync(ModemState.Online);

        Assert.Equal(["PacketDataLost: Reattach 1 failed", "PacketDataLost: CycleRadio 2 helped"], log.Rows);
        Assert.Contains("AT+CFUN=", rig.Wire, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task Bring_up_a_module_that_has_started_anew(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        var log = new RungLog(rig.Modem);

        rig.Module.Reset(ResetCause.BrownOut);
        await rig.ChangesUntilAsync(ModemState.Online);

        Assert.Equal(["ModuleReset: BringUp 1 helped"], log.Rows);
    }

    [Theory]
    [InlineData("esp-at", "AT+CIPST", "AT+RST")]
    [InlineData("air780", "AT+CIPMUX", "AT+RESET")]
    public async Task Reset_a_module_that_answers_and_cannot_be_brought_up(string firmware, string refused, string reset)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        var log = new RungLog(rig.Modem);

        // It refuses a step without which it cannot be used.
        rig.Module.Reset();
        rig.Module.Faults.Add(Fault.ReplacedAnswer(refused, 1, "\r\nERROR\r\n"));
        await rig.ChangesUntilAsync(ModemState.Online);

        Assert.Equal("ModuleReset: BringUp 1 failed", log.Rows[0]);
        Assert.Equal("ModuleReset: ResetModule 2 helped", log.Rows[^1]);
        Assert.Contains(reset, rig.Wire, StringComparison.Ordinal);
        Assert.IsType<CommandFailedException>(log.Reports[0].Failure);
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task Pulse_the_line_of_a_module_that_hears_nothing_and_whose_reset_is_wired_to_it(string firmware)
    {
        VirtualRig? rig = null;
        await using VirtualRig wired = await VirtualRig.OnlineAsync(
            firmware,
            wire: port => LinedTransport.Wire(
                port,
                () =>
                {
                    rig!.Cable.Mend(); // set before anything fails
                    rig.Module.Reset();
                }));
        rig = wired;
        var log = new RungLog(rig.Modem);

        rig.Cable.Cut();
        await GoSilentAsync(rig);
        await rig.ChangesUntilAsync(ModemState.Online);

        Assert.Equal(
            [
                "CommandTimedOut: Resynchronise 1 failed", "ChannelBroken: BringUp 1 failed",
                "ChannelBroken: ResetModule 2 failed", "ChannelBroken: PulseLine 3 helped",
            ],
            log.Rows);
        await rig.NewLinkWorksAsync();
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task Reopen_a_port_that_has_gone_deaf(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        var log = new RungLog(rig.Modem);

        rig.Cable.Deafen();
        await GoSilentAsync(rig);
        await rig.ChangesUntilAsync(ModemState.Online);

        Assert.Equal(
            [
                "CommandTimedOut: Resynchronise 1 failed", "ChannelBroken: BringUp 1 failed",
                "ChannelBroken: ResetModule 2 failed", "ChannelBroken: ReopenPort 3 helped",
            ],
            log.Rows);
        await rig.NewLinkWorksAsync();
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task Call_the_hook_for_a_module_that_needs_its_power_cut(string firmware)
    {
        VirtualRig? rig = null;
        List<RecoveryHookContext> calls = [];
        await using VirtualRig powered = await VirtualRig.OnlineAsync(firmware, options => options with
        {
            Recovery = new RecoveryOptions
            {
                Hook = (context, _) =>
                {
                    calls.Add(context);
                    rig!.Module.PowerOn(); // set before anything fails
                    return Task.CompletedTask;
                },
            },
        });
        rig = powered;
        var log = new RungLog(rig.Modem);

        rig.Module.PowerOff();
        await GoSilentAsync(rig);
        await rig.ChangesUntilAsync(ModemState.Online);

        Assert.Matches("^ChannelBroken: Hook [0-9]+ helped$", log.Rows[^1]);
        RecoveryHookContext call = Assert.Single(calls);
        Assert.Equal((rig.Modem.Port, log.Reports[^1].Attempt), (call.Port, call.Attempt));
        Assert.IsType<ModuleSilentException>(call.Reason);
        Assert.Equal(
            ["BringUp", "ResetModule", "ReopenPort"],
            log.Reports.Skip(1).Take(3).Select(report => report.Rung.ToString()));
        await rig.NewLinkWorksAsync();
    }

    [Fact]
    public async Task A_hook_that_never_ends_is_told_to_let_go_of_and_does_not_hold_up_the_rest()
    {
        CancellationToken told = default;
        int calls = 0;
        var never = new TaskCompletionSource();
        await using VirtualRig rig = await VirtualRig.OnlineAsync(drive: options => options with
        {
            Recovery = new RecoveryOptions
            {
                Hook = (_, token) =>
                {
                    calls++;
                    told = token;
                    return never.Task;
                },
                HookDelay = TimeSpan.Zero,
                HookInterval = TimeSpan.Zero,
                HookTimeLimit = TimeSpan.FromSeconds(20),
            },
        });
        var log = new RungLog(rig.Modem);

        rig.Cable.Cut();
        await GoSilentAsync(rig);
        await rig.PassAsync(TimeSpan.FromMinutes(10));
        rig.Cable.Mend();
        await rig.ChangesUntilAsync(ModemState.Online);

        RecoveryReport hook = Assert.Single(log.Reports, report => report.Rung == RecoveryRung.Hook);
        Assert.IsType<TimeoutException>(hook.Failure);
        Assert.InRange(hook.Duration, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(21));
        Assert.True(told.IsCancellationRequested);
        Assert.Equal(1, calls);
        Assert.StartsWith("ChannelBroken: ReopenPort", log.Rows[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_that_throws_is_reported_and_called_again_after_its_interval()
    {
        List<TimeSpan> calls = [];
        VirtualRig? rig = null;
        await using VirtualRig broken = await VirtualRig.OnlineAsync(drive: options => options with
        {
            Recovery = new RecoveryOptions
            {
                Hook = (_, _) =>
                {
                    calls.Add(rig!.Time.GetElapsedTime(0)); // set before anything fails
                    throw new InvalidOperationException("the relay does not answer");
                },
                HookInterval = TimeSpan.FromMinutes(5),
            },
        });
        rig = broken;
        var log = new RungLog(rig.Modem);

        rig.Cable.Cut();
        await GoSilentAsync(rig);
        await rig.PassAsync(TimeSpan.FromMinutes(30));

        RecoveryReport[] hooks = [.. log.Reports.Where(report => report.Rung == RecoveryRung.Hook)];
        Assert.All(hooks, report => Assert.Equal("the relay does not answer", report.Failure?.Message));
        Assert.InRange(calls.Count, 4, 6);
        Assert.All(
            calls.Zip(calls.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(7)));
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task It_neither_spins_nor_gives_up(string firmware)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        var log = new RungLog(rig.Modem);

        rig.Cable.Cut();
        await GoSilentAsync(rig);
        await rig.PassAsync(TimeSpan.FromMinutes(100));

        // Half a minute between two attempts and a few seconds for each: some two a minute at first, and no fewer than one.
        Assert.Equal(ModemState.Recovering, rig.Modem.State);
        Assert.InRange(log.Reports.Count, 100, 300);
        rig.Cable.Mend();
        await rig.ChangesUntilAsync(ModemState.Online);
        await rig.NewLinkWorksAsync();
    }

    [Fact]
    public async Task The_waits_are_scattered_and_come_again_with_their_seed()
    {
        IReadOnlyList<TimeSpan> first = await WaitsAsync(1);

        Assert.Equal(first, await WaitsAsync(1));
        Assert.NotEqual(first, await WaitsAsync(2));
        Assert.All(first, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(31)));
    }

    // From the failure of one attempt to the end of the next, without what that took.
    private static async Task<IReadOnlyList<TimeSpan>> WaitsAsync(int seed)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(drive: options => options with { Seed = seed });
        List<TimeSpan> waits = [];
        long last = 0;
        rig.Modem.RecoveryReported += (_, report) =>
        {
            if (last != 0)
            {
                waits.Add(rig.Time.GetElapsedTime(last) - report.Duration);
            }

            last = rig.Time.GetTimestamp();
        };

        rig.Cable.Cut();
        await GoSilentAsync(rig);
        await rig.PassAsync(TimeSpan.FromMinutes(5));
        Assert.NotEmpty(waits);
        return waits;
    }

    private static async Task GoSilentAsync(VirtualRig rig)
    {
        await Assert.ThrowsAsync<CommandTimeoutException>(
            () => rig.PassAsync(rig.Modem.SendAsync("AT", TimeSpan.FromSeconds(2), Token)));
        await rig.ChangesUntilAsync(ModemState.Recovering);
    }

    private sealed class RungLog
    {
        private readonly Lock _gate = new();
        private readonly List<RecoveryReport> _reports = [];

        public RungLog(Modem modem) => modem.RecoveryReported += (_, report) =>
        {
            lock (_gate)
            {
                _reports.Add(report);
            }
        };

        public IReadOnlyList<RecoveryReport> Reports
        {
            get
            {
                lock (_gate)
                {
                    return [.. _reports];
                }
            }
        }

        public IReadOnlyList<string> Rows =>
        [
            .. Reports.Select(report =>
                $"{report.Cause}: {report.Rung} {report.Attempt} {(report.Failure is null ? "helped" : "failed")}"),
        ];
    }
}
