using System.Globalization;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.Simulation.Faults;

/// <summary>One thing that goes wrong in a run, as data: what, when, and for how long.</summary>
/// <param name="Kind">Its kind, as the report counts it.</param>
/// <param name="At">When, after the work has begun.</param>
internal sealed record SimFault(string Kind, TimeSpan At)
{
    /// <summary>How long it lasts; zero for what happens once.</summary>
    public TimeSpan For { get; init; }

    /// <summary>The simulator's own fault, where it is one.</summary>
    public Fault? Wire { get; init; }

    /// <summary>What happens to the module or its surroundings, where it is that.</summary>
    public WorldAct Act { get; init; }

    /// <summary>Whether it takes links down, or what is on its way with it.</summary>
    public bool Disrupts { get; init; }

    /// <summary>Whether bytes of the wire are lost, changed, doubled, inserted, or announced wrongly.</summary>
    public bool ChangesBytes { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{At.TotalSeconds:0.0} s{(For > TimeSpan.Zero ? $" for {For.TotalSeconds:0.0} s" : "")}: {(object?)Wire ?? Act}");
}

/// <summary>What happens to the module or its surroundings.</summary>
internal enum WorldAct
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The module resets by its watchdog.</summary>
    Reset,

    /// <summary>The module resets by a brown-out.</summary>
    BrownOut,

    /// <summary>The module has no power for a while.</summary>
    PowerCut,

    /// <summary>The cable is pulled, and there is no port for a while.</summary>
    Unplug,

    /// <summary>The access point is gone, or the cells, for a while.</summary>
    NetworkLost,

    /// <summary>The cellular network turns the card away for a while.</summary>
    RegistrationDenied,

    /// <summary>The cellular network takes all packet contexts down.</summary>
    ContextsDeactivated,

    /// <summary>The cellular network detaches the module.</summary>
    Detached,

    /// <summary>The card is pulled out for a while.</summary>
    SimPulled,

    /// <summary>All peers reset their connections.</summary>
    PeersReset,

    /// <summary>All peers neither read nor write for a while.</summary>
    PeersStall,

    /// <summary>Connections are refused for a while.</summary>
    PeersRefuse,

    /// <summary>Connections get no answer for a while.</summary>
    PeersSilent,
}
