namespace ModemDriver.Framing;

/// <summary>One thing that the framer found. Valid until the framer is called again.</summary>
internal readonly ref struct AtFrame
{
    /// <summary>What it is.</summary>
    public AtFrameKind Kind { get; init; }

    /// <summary>
    /// Line: its text without the end. Payload: this piece. TooLong: the start of what was too long. Prompt: the sign.
    /// </summary>
    public ReadOnlySpan<byte> Text { get; init; }

    /// <summary>The bytes as they stood on the wire: a line with its end, a header before its first piece.</summary>
    public ReadOnlySpan<byte> Raw { get; init; }

    /// <summary>The header of the payload, or the one that announced too much; else <see langword="null"/>.</summary>
    public PayloadHeader? Header { get; init; }

    /// <summary>The link number in the header; -1 where the header has none.</summary>
    public int LinkId { get; init; }

    /// <summary>How many bytes the header announced.</summary>
    public int Announced { get; init; }

    /// <summary>How many bytes of the payload came in earlier pieces.</summary>
    public int Offset { get; init; }

    /// <summary>Whether this piece ends the payload.</summary>
    public bool IsLast => Offset + Text.Length == Announced;
}
