namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>How a command of a line ended.</summary>
/// <param name="Kind">Which way.</param>
/// <param name="Code">The number of +CME ERROR.</param>
/// <param name="Text">A final result of the command's own.</param>
/// <param name="After">What happens behind the final result.</param>
internal readonly record struct Outcome(OutcomeKind Kind, int Code = 0, string Text = "", Action? After = null)
{
    internal static Outcome Ok { get; } = new(OutcomeKind.Ok);

    internal static Outcome Error { get; } = new(OutcomeKind.Error);

    /// <summary>Nothing more is said by the line: the command has said all, or a data phase follows.</summary>
    internal static Outcome Said { get; } = new(OutcomeKind.Said);

    /// <summary>The command has said its line, and no result follows it.</summary>
    internal static Outcome Silent { get; } = new(OutcomeKind.Silent);

    internal static Outcome Cme(int code) => new(OutcomeKind.Cme, code);

    /// <summary>A +CMS ERROR.</summary>
    internal static Outcome Cms(int code) => new(OutcomeKind.Cms, code);

    /// <summary>A final result in the place of OK.</summary>
    internal static Outcome Final(string text) => new(OutcomeKind.Final, Text: text);

    /// <summary>OK, and then something that must not come before it.</summary>
    internal static Outcome OkThen(Action after) => new(OutcomeKind.Ok, After: after);
}

/// <summary>The kinds of <see cref="Outcome"/>.</summary>
internal enum OutcomeKind
{
    Ok,
    Error,
    Cme,
    Cms,
    Final,
    Silent,
    Said,
}
