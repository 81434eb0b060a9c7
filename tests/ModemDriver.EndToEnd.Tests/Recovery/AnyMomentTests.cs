using ModemDriver.Simulator;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>Whatever the modem is doing when the module starts anew or the cable is pulled, and though it happens again
/// in the middle of the recovery: it comes back.</summary>
public sealed class AnyMomentTests
{
    // From the open of a link through its transfer into the recovery.
    private const int Commands = 30;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> FirmwaresAndGaps()
    {
        var rows = new TheoryData<string, int>();
        foreach (string firmware in (string[])["esp-at", "esp-at-1.7", "esp-at-2.0", "air780", "air820"])
        {
            foreach (int gap in (int[])[1, 4])
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

    private static async Task ComesBackAsync(string firmware, params Fault[] faults)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        foreach (Fault fault in faults)
        {
            rig.Module.Faults.Add(fault);
        }

        await rig.PassAsync(UseAsync(rig));
        await rig.PassAsync(TimeSpan.FromMinutes(1));

        // Most are back by now. A wait that is counted in the clock of the test ends by it, and says what went on.
        await rig.PassAsync(rig.Modem.WaitForStateAsync(ModemState.Online, TimeSpan.FromHours(3), Token));
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
