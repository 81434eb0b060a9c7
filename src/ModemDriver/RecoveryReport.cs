namespace ModemDriver;

/// <summary>What is done to get a module back, from the gentlest to the hardest. docs/recovery.md has the ladder.</summary>
public enum RecoveryRung
{
    /// <summary>Find the place in the dialogue again, after an answer that was late, doubled or missing.</summary>
    Resynchronise,

    /// <summary>Lead the module out of a data state in which it was left.</summary>
    LeaveDataState,

    /// <summary>Close links that the module holds and nobody here knows.</summary>
    CloseLinks,

    /// <summary>Join the network again; the module itself is well.</summary>
    Reattach,

    /// <summary>Switch the cellular radio off and on, and attach.</summary>
    CycleRadio,

    /// <summary>Find the module, bring it to a defined state, attach.</summary>
    BringUp,

    /// <summary>Start the module anew by its command first.</summary>
    ResetModule,

    /// <summary>Take DTR away for a second first, where the port has that line.</summary>
    PulseLine,

    /// <summary>Open the port anew first.</summary>
    ReopenPort,

    /// <summary>Call the program's own hook first, such as a power relay, and open the port anew.</summary>
    Hook,
}

/// <summary>One rung of the recovery ladder, and how it went.</summary>
/// <param name="Cause">What had happened: an event of docs/states.md, or what docs/recovery.md names.</param>
/// <param name="Rung">What was done.</param>
/// <param name="Attempt">The number of the attempt within its recovery, from 1.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Failure">Why it did not help; <see langword="null"/>: it did, and the module has confirmed it.</param>
public sealed record RecoveryReport(
    string Cause, RecoveryRung Rung, int Attempt, TimeSpan Duration, Exception? Failure);

/// <summary>What a recovery hook is told.</summary>
/// <param name="Port">The port, as it was named. It is closed while the hook runs.</param>
/// <param name="Attempt">The number of the attempt within its recovery, from 1.</param>
/// <param name="Reason">Why the attempt before has failed; <see langword="null"/> for none.</param>
public sealed record RecoveryHookContext(string Port, int Attempt, Exception? Reason);
