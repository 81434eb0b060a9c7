using ModemDriver.Simulation.Checks;

namespace ModemDriver.Simulation;

/// <summary>What a run has come to.</summary>
/// <param name="Plan">What was run.</param>
/// <param name="Ledger">What was found.</param>
/// <param name="Hash">The hash of everything that crossed the cable, and when.</param>
/// <param name="VirtualTime">How long it lasted on its clock.</param>
/// <param name="WireBytes">How many bytes crossed the cable.</param>
internal sealed record RunResult(RunPlan Plan, Ledger Ledger, string Hash, TimeSpan VirtualTime, long WireBytes)
{
    /// <summary>The end of what crossed the cable, as far as it was kept.</summary>
    public IReadOnlyList<string> Tail { get; init; } = [];

    /// <summary>Pieces of work done.</summary>
    public long Steps { get; init; }

    /// <summary>Whether a promise was broken.</summary>
    public bool HasFailed => Ledger.Violations.Count > 0;
}
