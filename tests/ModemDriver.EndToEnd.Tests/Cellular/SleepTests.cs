using ModemDriver.EndToEnd.Tests.Recovery;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>Modules that sleep, and lose what they are sent meanwhile.</summary>
public sealed class SleepTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SleepMode.IdleLine)]
    [InlineData(SleepMode.Deepest)]
    public async Task Commands_and_links_work_after_any_quiet(SleepMode mode)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync("air780");
        await rig.PassAsync(rig.Modem.Board.SetSleepAsync(mode, TimeSpan.FromSeconds(3), Token));
        foreach (double quiet in (double[])[0.5, 2.9, 3.1, 10, 600])
        {
            await rig.PassAsync(TimeSpan.FromSeconds(quiet));
            Assert.Equal(mode, await rig.PassAsync(rig.Modem.Board.ReadSleepAsync(Token)));
        }

        Assert.Equal(ModemState.Online, rig.Modem.State);
    }

    [Fact]
    public async Task A_mode_holds_over_a_start_of_the_module()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync("air780");
        await rig.PassAsync(rig.Modem.Board.SetSleepAsync(SleepMode.IdleLine, cancellationToken: Token));
        await rig.PassAsync(rig.Modem.ResetModuleAsync(Token));
        await rig.PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(SleepMode.IdleLine, await rig.PassAsync(rig.Modem.Board.ReadSleepAsync(Token)));
    }

    [Theory]
    [InlineData("esp-at")]
    public async Task A_deep_sleep_closes_the_modem(string personality)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(personality);
        await rig.PassAsync(rig.Modem.Board.SleepDeeplyAsync(TimeSpan.FromMinutes(5), Token));

        Assert.Equal(ModemState.Closed, rig.Modem.State);
        Assert.Contains("AT+GSLP=300000", rig.Wire, StringComparison.Ordinal);
    }
}
