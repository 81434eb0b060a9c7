namespace ModemDriver.Framing;

/// <summary>
/// What the framer is to expect; set by the channel before it writes, never guessed from what arrives.
/// </summary>
internal enum FramerMode
{
    /// <summary>Lines, and the payload headers in force.</summary>
    Lines,

    /// <summary>The same, and a prompt at the start of a line.</summary>
    LinesWithPrompt,
}
