namespace ModemDriver.Cli;

/// <summary>What the tool says to the shell. The numbers are a promise: docs/cli.md lists them.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>The module, the network or the other end refused or failed.</summary>
    Refused = 1,

    /// <summary>The command line cannot be understood.</summary>
    Usage = 2,

    /// <summary>The port is missing, busy, not ours to open, or no port at all.</summary>
    PortUnavailable = 3,

    /// <summary>The port opened, but no module answers on it.</summary>
    ModuleSilent = 4,

    /// <summary>A time limit ran out.</summary>
    TimeLimit = 5,

    /// <summary>Ended by the user: 128 + SIGINT, as shells have it.</summary>
    Cancelled = 130,
}
