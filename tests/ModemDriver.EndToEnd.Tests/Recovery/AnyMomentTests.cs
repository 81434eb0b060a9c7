using ModemDriver.Simulator;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>Whatever the modem is doing when the module starts anew or the cable is pulled, and though it happens again
/// in the middle of the recovery: it comes back.</summary>
public sealed class AnyMomentTests
{
    // From the open of a link through its transfer into the recovery.
    private const int Commands = 30;

    // docs/architecture.md has the figure. The module starts in 0.3 s and joins at once, the port is there again at once.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> FirmwaresAndGaps()
    {
        var rows = new TheoryData<string, int>();
        foreach (string firmware in (string[])["esp-at", "esp-at-1.7", "esp-at-2.0", "air780", "air820"])
        {
            foreach (int gap in (int[])[1, 2, 3, 4, 7])
            {
                rows.Add(firmware, gap);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(FirmwaresAndGaps))]
    public async Task A_module_that_starts_anew_twice_comes_back(string firmware, int gap)
    {
        for (int command = 1; command <= Commands; command++)
        {
            await ComesBackAsync(firmware, Fault.ResetAt(command), Fault.ResetAt(command + gap, ResetCause.BrownOut));
        }
    }

    [Theory]
    [MemberData(nameof(FirmwaresAndGaps))]
    public async Task A_cable_that_is_pulled_and_a_module_that_then_starts_anew_come_back(string firmware, int gap)
    {
        for (int command = 1; command <= Commands; command++)
        {
            await ComesBackAsync(firmware, Fault.UnplugAt(command), Fault.ResetAt(command + gap));
        }
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.7")]
    [InlineData("esp-at-2.0")]
    public async Task Though_it_goes_on_all_through_the_recovery_it_comes_back(string firmware)
    {
        for (int gap = 1; gap <= 12; gap++)
        {
            await ComesBackAsync(
                firmware, Fault.ResetAt(9), Fault.UnplugAt(9 + gap), Fault.ResetAt(9 + (2 * gap), ResetCause.BrownOut));
            await ComesBackAsync(firmware, Fault.UnplugAt(9), Fault.ResetAt(9 + gap), Fault.UnplugAt(9 + (2 * gap)));
        }
    }

    private static async Task ComesBackAsync(string firmware, params Fault[] faults)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        foreach (Fault fault in faults)
        {
            rig.Module.Faults.Add(fault);
        }

        await rig.PassAsync(UseAsync(rig));
        long ended = rig.Time.GetTimestamp();
        await rig.PassAsync(TimeSpan.FromMilliseconds(100));
        await rig.PassAsync(rig.Modem.WaitForStateAsync(ModemState.Online, TimeSpan.FromMinutes(5), Token));

        TimeSpan took = rig.Time.GetElapsedTime(ended);
        Assert.True(took <= Longest, $"{took} after {string.Join(", ", faults.AsEnumerable())}:\n{rig.Wire}");
        await rig.NewLinkWorksAsync();
    }

    // As long as it goes well; how it ends is not what these tests are about, but that it does.
    private static async Task UseAsync(VirtualRig rig)
    {
        try
        {
            await using LinkStream link = await rig.Modem.ConnectAsync(Rig.Host, 7, Token);
            for (int i = 0; i < 10; i++)
            {
                await Traffic.EchoAsync(link, 5_000, seed: i, Token);
            }
        }
        catch (IOException)
        {
            Assert.NotEqual(ModemState.Faulted, rig.Modem.State);
        }
    }
}
