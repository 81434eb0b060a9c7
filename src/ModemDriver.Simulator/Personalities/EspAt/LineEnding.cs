namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>What ends a command line.</summary>
internal enum LineEnding
{
    /// <summary>CR LF and nothing else; a lone CR belongs to the line.</summary>
    CrLf,

    /// <summary>CR; a line feed in the same read belongs to it, a late one starts the next line.</summary>
    Cr,

    /// <summary>CR; a line feed behind it belongs to it, however late.</summary>
    CrOrCrLf,
}
