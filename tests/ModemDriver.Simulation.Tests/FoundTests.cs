using ModemDriver.Simulation.Faults;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.Simulation.Tests;

/// <summary>What seeds have found, shrunk: plans whose runs once broke a promise.</summary>
public sealed class FoundTests
{
    [Fact]
    public void A_connect_that_waits_for_the_mode_to_be_restored_ends_when_it_is_cancelled() => Hold(new RunPlan(781)
    {
        Personality = "esp-at-esp32",
        ConnectionMode = ConnectionMode.Single,
        LinkBufferBytes = 8192,
        Work = [new Work(WorkKind.Transparent, 349618789), new Work(WorkKind.Links, 1759117429)],
        Faults =
        [
            new SimFault("late answer", TimeSpan.FromSeconds(17))
            {
                Wire = Fault.LateAnswer("AT+CIPMUX", 1, TimeSpan.FromMilliseconds(7044)),
            },
        ],
    });

    [Fact]
    public void A_recovery_waits_for_whoever_listens_to_the_line_of_a_data_state_that_has_ended() => Hold(new RunPlan(1329)
    {
        Personality = "air780ep",
        ConnectionMode = ConnectionMode.Multiple,
        LinkBufferBytes = 4096,
        DisposedAt = TimeSpan.FromMilliseconds(7653),
        Work =
        [
            new Work(WorkKind.Links, 40025154), new Work(WorkKind.Listener, 2092621316),
            new Work(WorkKind.Transparent, 1953953510),
        ],
        Faults =
        [
            new SimFault("brown-out", TimeSpan.FromMilliseconds(2931)) { Act = WorldAct.BrownOut, Disrupts = true },
        ],
    });

    // Links closed in another's answers; a close that hit the next link; an end in the thread pool; accepts during a recovery.
    [Theory]
    [InlineData(3896)]
    [InlineData(633)]
    [InlineData(5521)]
    [InlineData(7526)]
    public void A_seed_that_once_broke_a_promise_keeps_it(int seed) => Hold(RunPlan.Draw(seed).WithoutServices());

    // A data mode that a lost byte left on; a mode that refuses to be set; what one session left unsent, sent to the next one's
    // peer; a late answer with another name; an end that was the network's; a module left at the prompt for a message.
    [Theory]
    [InlineData(46)]
    [InlineData(110)]
    [InlineData(3993)]
    [InlineData(4521)]
    [InlineData(8049)]
    [InlineData(3302)]
    [InlineData(7509)]
    public void A_seed_of_cellular_modules_that_once_broke_a_promise_keeps_it(int seed) => Hold(RunPlan.Draw(seed, "luat"));

    private static void Hold(RunPlan plan)
    {
        RunResult result = SimulationRun.Execute(plan, keptLines: 40);
        Assert.True(
            !result.HasFailed,
            $"{result.Plan}\n{string.Join('\n', result.Ledger.Violations)}\n{string.Join('\n', result.Tail)}");
    }
}
