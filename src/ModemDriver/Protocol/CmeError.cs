using System.Globalization;

namespace ModemDriver.Protocol;

/// <summary>What kind of reason a <see cref="CmeError"/> is.</summary>
public enum CmeReason
{
    /// <summary>A reason that is not among the others; look at code and text.</summary>
    Other,

    /// <summary>There is no card.</summary>
    SimNotInserted,

    /// <summary>The card wants its PIN.</summary>
    SimPinRequired,

    /// <summary>The card wants its PUK.</summary>
    SimPukRequired,

    /// <summary>The card does not work, or is the wrong one.</summary>
    SimFailure,

    /// <summary>The card, or the module, is not ready yet.</summary>
    Busy,

    /// <summary>A code was wrong.</summary>
    IncorrectPassword,

    /// <summary>The module or the card wants another code: of a device lock, the second PIN.</summary>
    OtherLock,

    /// <summary>No network, no answer of it, or emergency calls only.</summary>
    NoNetwork,

    /// <summary>The network has refused the card, the module or the area.</summary>
    NetworkRejected,

    /// <summary>The network has refused the context: its access point, its user, its resources.</summary>
    ContextRejected,

    /// <summary>Not allowed in this state.</summary>
    NotAllowed,

    /// <summary>The module cannot do it, or not with these parameters.</summary>
    NotSupported,
}

/// <summary>The reason in a final result code <c>+CME ERROR</c>.</summary>
/// <param name="Code">The number; <see langword="null"/> where the module gave words that are not in the table.</param>
/// <param name="Text">The words of the table, or the module's own.</param>
/// <param name="Reason">What kind of reason it is.</param>
/// <remarks>TS 27.007 section 9.2.</remarks>
public sealed record CmeError(int? Code, string Text, CmeReason Reason)
{
    private const string Prefix = "+CME ERROR:";

    /// <summary>Reads a final result code.</summary>
    /// <param name="text">The line.</param>
    /// <returns>The reason; <see langword="null"/> if it is not such a line.</returns>
    public static CmeError? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // +CME ERROR: <number>      +CME ERROR: <words>       also without the blank
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = text[Prefix.Length..].Trim();
        if (int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            return new CmeError(code, CmeErrorTable.TextOf(code) ?? $"code {code}", CmeErrorTable.ReasonOf(code));
        }

        return CmeErrorTable.CodeOf(rest) is { } known
            ? new CmeError(known, CmeErrorTable.TextOf(known)!, CmeErrorTable.ReasonOf(known)) // it was found by its text
            : new CmeError(null, rest.Length == 0 ? "no reason" : rest, CmeReason.Other);
    }

    /// <summary>The words, and the number where there is one.</summary>
    public override string ToString() => Code is { } code ? $"{Text} ({code})" : Text;
}
