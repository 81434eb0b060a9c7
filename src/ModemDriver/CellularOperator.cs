namespace ModemDriver;

/// <summary>What an operator is to the card.</summary>
public enum OperatorStatus
{
    /// <summary>The module did not say.</summary>
    Unknown,

    /// <summary>It can be chosen.</summary>
    Available,

    /// <summary>The module is registered with it.</summary>
    Current,

    /// <summary>It refuses the card.</summary>
    Forbidden,
}

/// <summary>An operator that the module hears. TS 27.007 section 7.3.</summary>
/// <param name="Code">Country and network code (MCC and MNC), 5 or 6 digits.</param>
/// <param name="Status">What it is to the card.</param>
public sealed record CellularOperator(string Code, OperatorStatus Status)
{
    /// <summary>The long name; a stranger's text. <see langword="null"/> where the module has none.</summary>
    public string? LongName { get; init; }

    /// <summary>The short name; a stranger's text. <see langword="null"/> where the module has none.</summary>
    public string? ShortName { get; init; }

    /// <summary>The radio technology; <see langword="null"/> where the module did not say.</summary>
    public AccessTechnology? Technology { get; init; }
}

/// <summary>How the module comes to its operator.</summary>
public enum OperatorSelectionMode
{
    /// <summary>The module did not say.</summary>
    Unknown,

    /// <summary>It chooses by itself.</summary>
    Automatic,

    /// <summary>It takes the one that was chosen, and no other.</summary>
    Manual,

    /// <summary>It was told to leave the network.</summary>
    Deregistered,

    /// <summary>It takes the one that was chosen, and another one where that is not found.</summary>
    ManualThenAutomatic,
}

/// <summary>The operator that a module is with.</summary>
/// <param name="Mode">How it came to it.</param>
/// <param name="Code">Its code; <see langword="null"/> while the module is with none.</param>
/// <param name="Name">Its name; <see langword="null"/> where the module has none.</param>
/// <param name="Technology">The radio technology; <see langword="null"/> where the module did not say.</param>
public sealed record CurrentOperator(
    OperatorSelectionMode Mode, string? Code, string? Name, AccessTechnology? Technology);

/// <summary>How far a search for operators is. The module itself says nothing until it is done.</summary>
/// <param name="Elapsed">How long it has run.</param>
/// <param name="TimeLimit">How long it may take.</param>
/// <param name="Found">How many were found; modules that answer in several lines tell them as they go.</param>
public sealed record OperatorScanProgress(TimeSpan Elapsed, TimeSpan TimeLimit, int Found);
