namespace ModemDriver.Lifecycle;

/// <summary>What kept an attempt from succeeding, as far as it decides what is tried next.</summary>
internal enum RecoveryTrouble
{
    /// <summary>The port is not there, or the module is silent on it.</summary>
    Silence,

    /// <summary>The module answers, and something else is wrong.</summary>
    Module,

    /// <summary>The module works; its network or its card does not.</summary>
    Network,
}

/// <summary>What a modem has of the rungs that not every modem has.</summary>
/// <param name="IsCellular">Whether there is a cellular radio to switch.</param>
/// <param name="HasLine">Whether the port has a DTR to take away.</param>
/// <param name="MayHook">Whether there is a hook, and its time has come.</param>
internal readonly record struct LadderTraits(bool IsCellular, bool HasLine = false, bool MayHook = false);

/// <summary>Which rung comes next: pure. docs/recovery.md has the same table; a test compares.</summary>
internal static class RecoveryLadder
{
    /// <summary>Every so many attempts a module without a network is started anew: a hung radio looks like that.</summary>
    public const int NetworkAttemptsPerReset = 4;

    /// <summary>Every so many attempts the hook is called for a module without a network.</summary>
    public const int NetworkAttemptsPerHook = 12;

    /// <summary>The rung with which the recovery from an event begins.</summary>
    public static RecoveryRung First(ModemEvent cause, bool isCellular) => cause switch
    {
        ModemEvent.NetworkLost => isCellular ? RecoveryRung.CycleRadio : RecoveryRung.Reattach,
        ModemEvent.PacketDataLost or ModemEvent.SimRemoved => RecoveryRung.Reattach,
        ModemEvent.PortLost => RecoveryRung.ReopenPort,
        _ => RecoveryRung.BringUp,
    };

    /// <summary>The rung after one that has failed.</summary>
    public static RecoveryRung Next(RecoveryRung failed, RecoveryTrouble trouble, int attempt, LadderTraits traits) =>
        trouble == RecoveryTrouble.Network ? NextForNetwork(attempt, traits) : failed switch
        {
            RecoveryRung.Reattach when traits.IsCellular => RecoveryRung.CycleRadio,
            RecoveryRung.Reattach or RecoveryRung.CycleRadio => RecoveryRung.BringUp,
            RecoveryRung.BringUp => RecoveryRung.ResetModule,
            RecoveryRung.ResetModule when traits.HasLine => RecoveryRung.PulseLine,
            RecoveryRung.ReopenPort when traits.MayHook => RecoveryRung.Hook,
            RecoveryRung.ReopenPort when trouble == RecoveryTrouble.Module => RecoveryRung.ResetModule,
            _ => RecoveryRung.ReopenPort,
        };

    // A module that works is not the one to be mended, or only once in a while.
    private static RecoveryRung NextForNetwork(int attempt, LadderTraits traits) =>
        attempt % NetworkAttemptsPerHook == 0 && traits.MayHook ? RecoveryRung.Hook
        : attempt % NetworkAttemptsPerReset == 0 ? RecoveryRung.ResetModule
        : traits.IsCellular && attempt % 2 == 1 ? RecoveryRung.CycleRadio
        : RecoveryRung.Reattach;
}
