namespace ModemDriver.Simulation.Tests;

/// <summary>A handful of the runs; the program does thousands (docs/reliability.md).</summary>
public sealed class SeedTests
{
    private const int Seeds = 300;

    [Fact]
    public void No_promise_is_broken()
    {
        for (int seed = 1; seed <= Seeds; seed++)
        {
            RunResult result = SimulationRun.Execute(RunPlan.Draw(seed), keptLines: 40);
            Assert.True(
                !result.HasFailed,
                $"{result.Plan}\n{string.Join('\n', result.Ledger.Violations)}\n{string.Join('\n', result.Tail)}");
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(43)]
    [InlineData(61)]
    public void The_same_seed_gives_the_same_wire(int seed)
    {
        RunResult first = SimulationRun.Execute(RunPlan.Draw(seed));
        RunResult second = SimulationRun.Execute(RunPlan.Draw(seed));
        RunResult other = SimulationRun.Execute(RunPlan.Draw(seed + 1));

        Assert.True(first.WireBytes > 0);
        Assert.Equal(first.Hash, second.Hash);
        Assert.NotEqual(first.Hash, other.Hash);
    }
}
