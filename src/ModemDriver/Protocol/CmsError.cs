using System.Globalization;

namespace ModemDriver.Protocol;

/// <summary>What kind of reason a <see cref="CmsError"/> is.</summary>
public enum CmsReason
{
    /// <summary>A reason that is not among the others; look at code and text.</summary>
    Other,

    /// <summary>There is no card.</summary>
    SimNotInserted,

    /// <summary>The card wants a code.</summary>
    SimLocked,

    /// <summary>The card does not work, or is the wrong one.</summary>
    SimFailure,

    /// <summary>The card is not ready yet.</summary>
    Busy,

    /// <summary>The store of messages is full, or fails.</summary>
    MemoryFull,

    /// <summary>The number of the service centre is not set.</summary>
    ServiceCentreUnknown,

    /// <summary>No network, or no answer of it.</summary>
    NoNetwork,

    /// <summary>The network has refused the message.</summary>
    NetworkRejected,

    /// <summary>Not allowed in this state.</summary>
    NotAllowed,

    /// <summary>The module cannot do it, or not with these parameters.</summary>
    NotSupported,
}

/// <summary>The reason in a final result code <c>+CMS ERROR</c>, which commands of messages have.</summary>
/// <param name="Code">The number; <see langword="null"/> where the module gave words.</param>
/// <param name="Text">The words of the table, or the module's own.</param>
/// <param name="Reason">What kind of reason it is.</param>
/// <remarks>TS 27.005 section 3.2.5.</remarks>
public sealed record CmsError(int? Code, string Text, CmsReason Reason)
{
    private const string Prefix = "+CMS ERROR:";

    /// <summary>Reads a final result code.</summary>
    /// <param name="text">The line.</param>
    /// <returns>The reason; <see langword="null"/> if it is not such a line.</returns>
    public static CmsError? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // +CMS ERROR: <number>      +CMS ERROR: <words>       also without the blank
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = text[Prefix.Length..].Trim();
        return int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? new CmsError(code, CmsErrorTable.TextOf(code) ?? $"code {code}", CmsErrorTable.ReasonOf(code))
            : new CmsError(null, rest.Length == 0 ? "no reason" : rest, CmsReason.Other);
    }

    /// <summary>The words, and the number where there is one.</summary>
    public override string ToString() => Code is { } code ? $"{Text} ({code})" : Text;
}
