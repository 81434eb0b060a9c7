namespace ModemDriver.Protocol;

/// <summary>An unsolicited result code: a line that the module sent without being asked.</summary>
/// <param name="Line">The line, one character a byte.</param>
/// <param name="Prefix">What stands before the colon; the whole line where there is none.</param>
/// <param name="IsKnown">Whether the dialect knows it; the driver has then acted on it.</param>
public sealed record Urc(string Line, string Prefix, bool IsKnown)
{
    internal static Urc FromLine(string line, bool isKnown)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return new Urc(line, colon > 0 ? line[..colon] : line, isKnown);
    }
}
