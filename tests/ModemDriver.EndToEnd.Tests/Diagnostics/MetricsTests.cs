using System.Diagnostics;
using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Diagnostics;

/// <summary>What a modem tells to whoever listens to its Meter and its source of activities.</summary>
public sealed class MetricsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at", "AT+CIPSTART")]
    [InlineData("air780", "AT+CIPSTART")]
    public async Task A_day_of_work_is_seen_in_states_commands_links_and_bytes(string firmware, string open)
    {
        string port = $"work-{firmware}";
        using var seen = new Measured(port);
        await using (VirtualRig rig = await VirtualRig.OnlineAsync(firmware, port: port))
        {
            LinkStream link = await rig.ConnectAsync();
            await rig.PassAsync(Traffic.EchoAsync(link, 10_000, seed: 5, Token));
            seen.Collect();
            Assert.Equal(1, seen.Sum("modem.link.count"));
            Assert.Equal(1, seen.Sum("modem.state", ("modem.state", "online")));
            Assert.Equal(1, seen.Sum("modem.state"));
            Assert.Equal(Enum.GetValues<ModemState>().Length, seen.Values("modem.state").Count);
            await rig.PassAsync(link.DisposeAsync().AsTask());
            InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);
            LinkStream other = await rig.ConnectAsync(9);
            (await rig.PassAsync(listener.AcceptAsync(Token).AsTask())).Close();
            Assert.Equal(0, await rig.PassAsync(other.ReadAsync(new byte[1], Token).AsTask()));
            await Assert.ThrowsAsync<LinkException>(() => rig.ConnectAsync(4242));
        }

        seen.Collect();
        Assert.Empty(seen.Values("modem.state"));
        Assert.Equal(1, seen.Sum("modem.state.changes", ("modem.state", "online"), ("modem.state.trigger", "network_joined")));
        Assert.Equal("close_requested", seen.Tags("modem.state.changes", "modem.state.trigger")[^1]);
        Assert.Equal(
            3, seen.Values("modem.command.duration", ("modem.command.name", open)).Count);
        Assert.NotEmpty(seen.Values("modem.command.duration", ("modem.command.outcome", "ok")));
        Assert.All(seen.Values("modem.command.duration"), seconds => Assert.InRange(seconds, 0, 60));
        Assert.Equal(2, seen.Sum("modem.link.opened", ("modem.link.kind", "tcp"), ("modem.link.origin", "connected")));
        Assert.Equal(1, seen.Sum("modem.link.open_failures"));
        Assert.Equal(["closed", "peer_closed"], seen.Tags("modem.link.ended", "modem.link.reason"));
        Assert.Equal(10_000, seen.Sum("modem.link.io", ("network.io.direction", "transmit")));
        Assert.Equal(10_000, seen.Sum("modem.link.io", ("network.io.direction", "receive")));
        Assert.InRange(seen.Sum("modem.port.io", ("network.io.direction", "transmit")), 10_001, 40_000);
        Assert.InRange(seen.Sum("modem.port.io", ("network.io.direction", "receive")), 10_001, 40_000);
        Assert.Empty(seen.Values("modem.recovery.duration"));
    }

    [Fact]
    public async Task A_reset_is_seen_as_a_recovery_with_its_cause_its_rungs_and_its_time()
    {
        using var seen = new Measured("reset");
        await using VirtualRig rig = await VirtualRig.OnlineAsync(port: "reset");
        await rig.ConnectAsync();

        rig.Module.Reset(ResetCause.BrownOut);
        await rig.ChangesUntilAsync(ModemState.Online);

        double took = Assert.Single(seen.Values(
            "modem.recovery.duration", ("modem.recovery.cause", "module_reset"), ("modem.state", "online")));
        double attempt = Assert.Single(seen.Values(
            "modem.recovery.attempt.duration", ("modem.recovery.rung", "bring_up"), ("modem.recovery.result", "helped")));
        Assert.InRange(took, attempt, attempt + 1);
        Assert.InRange(attempt, 0.1, 5);
        Assert.Equal(["module_reset"], seen.Tags("modem.link.ended", "modem.link.reason"));
        Assert.Equal(
            1,
            seen.Sum(
                "modem.state.changes", ("modem.state", "recovering"), ("error.type", typeof(ModemClosedException).FullName!)));
    }

    [Fact]
    public async Task Silence_is_seen_as_a_time_out_and_what_it_took_to_be_in_step_again()
    {
        using var seen = new Measured("silence");
        await using VirtualRig rig = await VirtualRig.ReadyAsync(port: "silence");

        rig.Cable.Cut();
        await Assert.ThrowsAsync<CommandTimeoutException>(
            () => rig.PassAsync(rig.Modem.SendAsync("AT+GMR", TimeSpan.FromSeconds(2), Token)));
        rig.Cable.Mend();
        await rig.PassAsync(rig.Modem.SendAsync("AT", cancellationToken: Token));

        Assert.Equal(1, seen.Sum("modem.command.timeouts", ("modem.command.stage", "written")));
        Assert.Equal(
            [2.0],
            seen.Values("modem.command.duration", ("modem.command.outcome", "timed_out"), ("modem.command.name", "AT+GMR"))
                .Select(seconds => Math.Round(seconds)));
        Assert.Equal(["in_step"], seen.Tags("modem.channel.resynchronisations", "modem.channel.result"));
    }

    [Fact]
    public async Task The_signal_is_seen_as_it_was_read()
    {
        using var seen = new Measured("signal");
        await using VirtualRig rig = await VirtualRig.OnlineAsync("air780", port: "signal");

        SignalQuality signal = await rig.PassAsync(rig.Modem.ReadSignalAsync(Token));

        Assert.NotNull(signal.RssiDbm ?? signal.RsrpDbm);
        Assert.Equal(signal.RssiDbm, Last(seen, "modem.signal.rssi"));
        Assert.Equal(signal.RsrpDbm, Last(seen, "modem.signal.rsrp"));
        Assert.Equal(signal.RsrqDb, Last(seen, "modem.signal.rsrq"));
        Assert.Equal(signal.SinrDb, Last(seen, "modem.signal.sinr"));
    }

    [Fact]
    public async Task Commands_belong_to_the_call_that_asked_for_them_and_recoveries_to_nobody()
    {
        using var seen = new Measured("traces");
        await using VirtualRig rig = await VirtualRig.OnlineAsync(port: "traces");
        using (Activity mine = new Activity("mine").Start())
        {
            await rig.ConnectAsync();
            Activity link = Assert.Single(seen.Activities, activity => activity.OperationName == "modem.link.open");
            Assert.Equal(mine.SpanId, link.ParentSpanId);
            Activity open = Assert.Single(seen.Activities, activity => activity.ParentSpanId == link.SpanId);
            Assert.Equal("modem.command", open.OperationName);
            Assert.Equal("AT+CIPSTART", open.GetTagItem("modem.command.name"));
            Assert.Equal($"{Rig.Host}:7", link.GetTagItem("modem.link.endpoint"));

            rig.Module.Reset(ResetCause.Watchdog);
            await rig.ChangesUntilAsync(ModemState.Online);
        }

        Activity online = Assert.Single(seen.Activities, activity => activity.OperationName == "modem.go_online");
        Assert.Contains(seen.Activities, activity => activity.ParentSpanId == online.SpanId);
        Activity recovery = Assert.Single(seen.Activities, activity => activity.OperationName == "modem.recovery");
        Assert.Equal(default, recovery.ParentSpanId);
        Assert.Equal("module_reset", recovery.GetTagItem("modem.recovery.cause"));
        Activity attempt = Assert.Single(seen.Activities, activity => activity.ParentSpanId == recovery.SpanId);
        Assert.Equal("bring_up", attempt.GetTagItem("modem.recovery.rung"));
        Assert.Contains(seen.Activities, activity => activity.ParentSpanId == attempt.SpanId);
        Assert.All(seen.Activities, activity => Assert.InRange(activity.Duration, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task No_secret_is_in_a_measurement_or_an_activity()
    {
        using var seen = new Measured("secret");
        await using VirtualRig rig = await VirtualRig.OnlineAsync(port: "secret");

        Assert.NotEmpty(seen.Values("modem.command.duration", ("modem.command.name", "AT+CWJAP")));
        Assert.DoesNotContain(
            seen.Activities.SelectMany(activity => activity.TagObjects),
            tag => $"{tag.Value}".Contains(SimulatedWorld.DefaultPassword, StringComparison.Ordinal));
        Assert.DoesNotContain(
            seen.Activities, activity => activity.StatusDescription?.Contains(SimulatedWorld.DefaultPassword) == true);
        Assert.All(
            seen.Tags("modem.command.duration", "modem.command.name"), name => Assert.Matches(@"^AT[+^*%$&]?[A-Z0-9]*$", name));
    }

    private static double? Last(Measured seen, string name) =>
        seen.Values(name) is { Count: > 0 } values ? values[^1] : null;
}
