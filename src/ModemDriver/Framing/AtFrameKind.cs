namespace ModemDriver.Framing;

/// <summary>What the framer has found.</summary>
internal enum AtFrameKind
{
    /// <summary>Nothing complete; all of the input was taken and kept.</summary>
    NeedMore,

    /// <summary>A line, without its end. It may be empty.</summary>
    Line,

    /// <summary>The prompt for payload, at the start of a line.</summary>
    Prompt,

    /// <summary>A piece of counted payload, with the header that announced it.</summary>
    Payload,

    /// <summary>
    /// A line longer than the longest allowed, or a header that announces more than the module can hold.
    /// </summary>
    TooLong,
}
