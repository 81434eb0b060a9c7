using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>The modem copes with every build of a firmware: each switch of the simulated module, in each position, through
/// a join, a loss of the access point, a reset, and back.</summary>
public sealed class BuildsThatDifferTests
{
    public static TheoryData<string, string, string> Builds
    {
        get
        {
            var builds = new TheoryData<string, string, string>();
            foreach (string personality in new[] { "esp-at", "esp-at-1.7" })
            {
                foreach (PersonalitySwitch known in PersonalityCatalog.Switches(personality))
                {
                    foreach (string value in known.Values.Where(value => value != known.Default))
                    {
                        builds.Add(personality, known.Name, value);
                    }
                }
            }

            return builds;
        }
    }

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task The_modem_comes_back_whatever_the_build(string personality, string name, string value)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(personality, simulate: options => options with
        {
            Switches = new Dictionary<string, string> { [name] = value },
        });
        await rig.NewLinkWorksAsync();

        IReadOnlyList<AccessPoint> lost = rig.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);
        await rig.PassAsync(TimeSpan.FromMinutes(2));
        rig.Module.World.AddAccessPoint(Assert.Single(lost));
        await rig.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(ModemState.Online, rig.Modem.State);
        await rig.NewLinkWorksAsync();

        rig.Module.Reset(ResetCause.Watchdog);
        await rig.PassAsync(TimeSpan.FromMinutes(5));
        if (value == "invalid")
        {
            // A module that never says that it is ready is known to have been reset when it is next spoken to.
            LinkException reset = await Assert.ThrowsAsync<LinkException>(() => rig.ConnectAsync());
            Assert.Equal(LinkFailure.ModuleReset, reset.Reason);
            await rig.PassAsync(TimeSpan.FromMinutes(5));
        }

        Assert.Equal(ModemState.Online, rig.Modem.State);
        await rig.NewLinkWorksAsync();
    }
}
