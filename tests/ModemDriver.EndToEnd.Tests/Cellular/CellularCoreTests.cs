using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>Card, registration, operators and signal of simulated modules.</summary>
public sealed class CellularCoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("modemdriver-pin-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Modules =>
        [.. PersonalityCatalog.Names.Where(name => name.StartsWith("air", StringComparison.Ordinal))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Modules))]
    public async Task Everything_that_can_be_asked_is_answered(string personality)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(personality);
        CellularInterface cellular = rig.Modem.Cellular;

        CellularRegistration registration = await rig.PassAsync(cellular.ReadRegistrationAsync(Token));
        SignalQuality signal = await rig.PassAsync(rig.Modem.ReadSignalAsync(Token));
        CurrentOperator current = await rig.PassAsync(cellular.ReadOperatorAsync(Token));
        IReadOnlyList<CellularOperator> operators = await rig.PassAsync(cellular.ListOperatorsAsync(cancellationToken: Token));
        IReadOnlyList<PdpContext> contexts = await rig.PassAsync(cellular.ReadContextsAsync(Token));
        SimInfo sim = await rig.PassAsync(cellular.ReadSimAsync(Token));

        Assert.Equal((RegistrationStatus.Home, AccessTechnology.Lte), (registration.Status, registration.Technology));
        Assert.True(registration.AreaCode > 0 && registration.CellId > 0, $"{registration}");
        Assert.InRange(signal.RsrpDbm ?? 0, -140, -44);
        Assert.True(signal.Class > SignalClass.None, $"{signal}");
        Assert.Equal(("46000", OperatorSelectionMode.Automatic), (current.Code, current.Mode));
        Assert.False(string.IsNullOrEmpty(current.Name));
        Assert.Contains(operators, one => one is { Code: "46000", Status: OperatorStatus.Current });
        Assert.Contains(operators, one => one is { Code: "46001", Status: OperatorStatus.Forbidden });
        Assert.Contains(contexts, one => one.Address is not null);
        Assert.Equal(SimState.Ready, sim.State);
        Assert.Equal(("898604A11123C0012345", "460041112345678"), (sim.Iccid, sim.Imsi));
        Assert.Equal(15, (await rig.PassAsync(cellular.ReadImeiAsync(Token)))?.Length);
        Assert.NotNull(await rig.PassAsync(cellular.ReadAddressAsync(Token)));
        Assert.Equal(RadioState.Full, await rig.PassAsync(cellular.ReadRadioAsync(Token)));
        await rig.PassAsync(cellular.ReadClockAsync(Token));
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public async Task A_locked_card_is_unlocked_with_the_PIN_of_the_options(string personality)
    {
        SimCard card = new() { Pin = "4711", IsPinEnabled = true };
        await using VirtualRig rig = await VirtualRig.OnlineAsync(
            personality, options => options with { Cellular = WithPin("4711") }, options => options with { SimCard = card });

        await rig.NewLinkWorksAsync();
        Assert.Equal(3, card.PinTriesLeft);
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public async Task A_wrong_PIN_costs_one_try_over_ten_restarts_and_the_right_one_then_works(string personality)
    {
        SimCard card = new() { Pin = "4711", IsPinEnabled = true };
        for (int i = 0; i < 10; i++)
        {
            await using VirtualRig rig = await ReadyAsync(personality, card, "9999");
            SimException failure = await Assert.ThrowsAsync<SimException>(() => rig.PassAsync(rig.Modem.GoOnlineAsync(Token)));

            Assert.Equal(i == 0 ? SimFailure.PinRefused : SimFailure.PinWithheld, failure.Reason);
            Assert.Equal(ModemState.Locked, rig.Modem.State);
            Assert.Equal(2, card.PinTriesLeft);
        }

        await using VirtualRig last = await ReadyAsync(personality, card, pin: null);
        await last.PassAsync(last.Modem.Cellular.UnlockAsync("4711", cancellationToken: Token));
        await last.PassAsync(last.Modem.GoOnlineAsync(Token));
        Assert.Equal(3, card.PinTriesLeft);
    }

    [Fact]
    public async Task A_card_that_is_blocked_is_unblocked_with_its_PUK()
    {
        SimCard card = new() { Pin = "4711", IsPinEnabled = true, PinTriesLeft = 0 };
        await using VirtualRig rig = await ReadyAsync("air780", card, "4711");
        SimException failure = await Assert.ThrowsAsync<SimException>(() => rig.PassAsync(rig.Modem.GoOnlineAsync(Token)));
        Assert.Equal(SimFailure.PukRequired, failure.Reason);

        await rig.PassAsync(rig.Modem.Cellular.UnblockAsync("12345678", "1357", Token));
        await rig.PassAsync(rig.Modem.GoOnlineAsync(Token));

        Assert.Equal(("1357", 3), (card.Pin, card.PinTriesLeft));
    }

    [Fact]
    public async Task A_refused_registration_and_a_missing_card_are_told_by_name()
    {
        var world = MobileWorld.CreateUsual();
        await using VirtualRig rig = await VirtualRig.ReadyAsync(
            "air780", simulate: options => options with { World = new SimulatedWorld { Mobile = world } });
        world.DenyRegistration();
        NetworkJoinException denied =
            await Assert.ThrowsAsync<NetworkJoinException>(() => rig.PassAsync(rig.Modem.GoOnlineAsync(Token)));
        Assert.Equal(NetworkJoinFailure.RegistrationDenied, denied.Reason);
        world.AllowRegistration();
        await rig.PassAsync(rig.Modem.Cellular.RegisterAsync(Token));
        Assert.Equal(ModemState.Registered, rig.Modem.State);

        await using VirtualRig empty = await VirtualRig.ReadyAsync("air780", simulate: options => options with { SimCard = null });
        SimException missing = await Assert.ThrowsAsync<SimException>(() => empty.PassAsync(empty.Modem.GoOnlineAsync(Token)));
        Assert.Equal(SimFailure.NotInserted, missing.Reason);
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public async Task A_context_that_the_network_ends_fails_the_links_with_that_reason_and_is_made_anew(string personality)
    {
        var world = MobileWorld.CreateUsual();
        await using VirtualRig rig = await OnlineAsync(personality, world);
        LinkStream link = await rig.ConnectAsync();

        world.DeactivateContexts();
        await rig.ChangesUntilAsync(ModemState.Recovering);
        await FailsAsync(rig, link, LinkFailure.PacketDataLost);
        await rig.ChangesUntilAsync(ModemState.Online);
        await rig.NewLinkWorksAsync();
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public async Task A_network_that_gives_no_context_for_an_hour_is_survived(string personality)
    {
        var world = MobileWorld.CreateUsual();
        await using VirtualRig rig = await OnlineAsync(personality, world);

        world.AcceptsContexts = false;
        world.DeactivateContexts();
        await rig.PassAsync(TimeSpan.FromHours(1));
        Assert.Equal(ModemState.Recovering, rig.Modem.State);
        world.AcceptsContexts = true;
        await rig.ChangesUntilAsync(ModemState.Online);
        await rig.NewLinkWorksAsync();
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public async Task A_network_that_detaches_the_module_gets_it_back(string personality)
    {
        var world = MobileWorld.CreateUsual();
        await using VirtualRig rig = await OnlineAsync(personality, world);

        world.Detach();
        await rig.ChangesUntilAsync(ModemState.Recovering);
        long from = rig.Time.GetTimestamp();
        await rig.ChangesUntilAsync(ModemState.Online);

        // Not the three minutes that a module which searches has: this one rests until its radio is cycled.
        Assert.InRange(rig.Time.GetElapsedTime(from), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1));
        await rig.NewLinkWorksAsync();
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public async Task A_card_that_is_taken_out_and_put_back_is_no_end(string personality)
    {
        SimCard card = new();
        await using VirtualRig rig = await VirtualRig.OnlineAsync(
            personality, simulate: options => options with { SimCard = card });

        rig.Module.RemoveSim();
        await rig.PassAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(ModemState.Recovering, rig.Modem.State);
        rig.Module.InsertSim(card);
        await rig.ChangesUntilAsync(ModemState.Online);
        await rig.NewLinkWorksAsync();
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public async Task Ten_minutes_in_a_tunnel_are_survived(string personality)
    {
        var world = MobileWorld.CreateUsual();
        await using VirtualRig rig = await OnlineAsync(personality, world);

        world.LoseCoverage();
        await rig.PassAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(ModemState.Recovering, rig.Modem.State);
        world.RestoreCoverage();
        await rig.ChangesUntilAsync(ModemState.Online);
        await rig.NewLinkWorksAsync();
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public async Task A_reset_with_a_locked_card_is_survived(string personality)
    {
        SimCard card = new() { Pin = "4711", IsPinEnabled = true };
        await using VirtualRig rig = await VirtualRig.OnlineAsync(
            personality, options => options with { Cellular = WithPin("4711") }, options => options with { SimCard = card });

        rig.Module.Reset();
        await rig.ChangesUntilAsync(ModemState.Recovering);
        await rig.ChangesUntilAsync(ModemState.Online);
        await rig.NewLinkWorksAsync();
        Assert.Equal(3, card.PinTriesLeft);
    }

    private static async Task FailsAsync(VirtualRig rig, LinkStream link, LinkFailure reason)
    {
        IOException failure = await Assert.ThrowsAnyAsync<IOException>(() => rig.PassAsync(link.ReadAsync(new byte[1], Token).AsTask()));
        LinkException why = failure as LinkException ?? Assert.IsType<LinkException>(failure.InnerException);
        Assert.Equal(reason, why.Reason);
    }

    private static Task<VirtualRig> OnlineAsync(string personality, MobileWorld world) => VirtualRig.OnlineAsync(
        personality, simulate: options => options with { World = new SimulatedWorld { Mobile = world } });

    private Task<VirtualRig> ReadyAsync(string personality, SimCard card, string? pin) => VirtualRig.ReadyAsync(
        personality, options => options with { Cellular = WithPin(pin) }, options => options with { SimCard = card });

    private CellularOptions WithPin(string? pin) =>
        new() { Pin = pin, PinRecordPath = Path.Combine(_folder, "refused-pins") };
}
