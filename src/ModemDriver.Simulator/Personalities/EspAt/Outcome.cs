namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>How a command ended.</summary>
internal readonly record struct Outcome(OutcomeKind Kind, int Code)
{
    internal static Outcome Ok { get; } = new(OutcomeKind.Ok, 0);

    /// <summary>The handler has said everything itself, or a data phase follows.</summary>
    internal static Outcome Said { get; } = new(OutcomeKind.Said, 0);

    internal static Outcome Failed { get; } = Error(ErrorCode.ExecutionFailed);

    internal static Outcome Error(int code) => new(OutcomeKind.Error, code);
}

/// <summary>The kinds of <see cref="Outcome"/>.</summary>
internal enum OutcomeKind
{
    Ok,
    Error,
    Said,
}
