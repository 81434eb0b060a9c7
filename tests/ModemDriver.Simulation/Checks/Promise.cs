namespace ModemDriver.Simulation.Checks;

/// <summary>The promises that a run holds the driver to, by the names that violations carry.</summary>
internal static class Promise
{
    /// <summary>Complete, once, in order, of this link; or the Stream throws.</summary>
    public const string Bytes = "bytes";

    /// <summary>Every call ends by its limit.</summary>
    public const string Time = "time";

    /// <summary>An answer belongs to its command.</summary>
    public const string Answers = "answers";

    /// <summary>What is kept is bounded.</summary>
    public const string Memory = "memory";

    /// <summary>The modem comes back.</summary>
    public const string Recovery = "recovery";

    /// <summary>No secret is in a log, a recording or an exception.</summary>
    public const string Secrets = "secrets";

    /// <summary>The same seed gives the same run.</summary>
    public const string Replay = "replay";

    /// <summary>Exceptions are those that are documented; nothing fails unobserved.</summary>
    public const string Truth = "truth";
}
