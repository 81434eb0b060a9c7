namespace ModemDriver.Channel;

/// <summary>How the line is led into the data state, in which it carries a peer's bytes alone, and out of it.</summary>
/// <remarks>
/// From the entering command on, the module's words and the peer's bytes come mixed and without frames; so the words
/// are given here as bytes with their line ends.
/// </remarks>
internal sealed record DataStateRules
{
    /// <summary>What is sent to begin; its answer comes amid data.</summary>
    public required byte[] EnterLine { get; init; }

    /// <summary>The words that come when it has begun, one after the other.</summary>
    public required byte[][] Entered { get; init; }

    /// <summary>How long each of them may take.</summary>
    public TimeSpan EnterLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The escape sequence, sent in one write.</summary>
    public required byte[] Escape { get; init; }

    /// <summary>How many bytes the module reads at a time, and looks whether they are the sequence.</summary>
    public int ReadBytes { get; init; } = 2048;

    /// <summary>The silence before it.</summary>
    public required TimeSpan QuietBefore { get; init; }

    /// <summary>The silence after it, before the next command.</summary>
    public required TimeSpan QuietAfter { get; init; }

    /// <summary>
    /// Whether a drop of DTR leaves the state and keeps the link (<c>AT&amp;D1</c>): what is tried, where it is wired, when
    /// the escape sequence is not obeyed. Elsewhere it may start the module anew, or nothing at all.
    /// </summary>
    public bool DtrLeaves { get; init; }

    /// <summary>How long DTR is dropped.</summary>
    public TimeSpan DtrDrop { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The words, one of which proves that the state was left; none where the module says nothing.</summary>
    public required byte[][] Left { get; init; }

    /// <summary>
    /// Whether no bytes of the peer come behind such a word: what does is the module's, once it has answered
    /// <see cref="LeaveLine"/>.
    /// </summary>
    public bool LeftEndsData { get; init; }

    /// <summary>
    /// How long after the escape none of them can come yet: a peer's bytes of before are not taken for one. Default: they
    /// may come at once.
    /// </summary>
    public TimeSpan LeftNotBefore { get; init; }

    /// <summary>What is sent after the escape to bring the frames back.</summary>
    public required byte[] LeaveLine { get; init; }

    /// <summary>How long its answer may take.</summary>
    public TimeSpan LeaveLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The word for success.</summary>
    public required byte[] Success { get; init; }

    /// <summary>The word for failure.</summary>
    public required byte[] Failure { get; init; }

    /// <summary>The words for being busy, in which case the line is sent again.</summary>
    public required byte[][] Busy { get; init; }

    /// <summary>
    /// Words amid the data after which nobody knows whether the state still stands: that the module has started anew, or
    /// has left the state by itself. They may be payload as well, so the session asks. At most 32 bytes each.
    /// </summary>
    public byte[][] Suspicious { get; init; } = [];

    /// <summary>
    /// The one of them with which a module ends the state because the peer has closed, and which it never leaves out; empty
    /// where there is none.
    /// </summary>
    public byte[] PeerClosed { get; init; } = [];

    /// <summary>
    /// Whether DCD stands exactly as long as the data state does: then it is asked about a suspicious word, where wired.
    /// </summary>
    public bool CarrierTells { get; init; }
}

/// <summary>How leaving a data state has ended.</summary>
internal enum DataStateExit
{
    /// <summary>As it should, and the module has said so: it was in the data state until then.</summary>
    Left,

    /// <summary>The module takes commands; it has not said that it obeyed.</summary>
    LeftUnconfirmed,

    /// <summary>Not at the first try: the peer may have been sent what was meant for the module.</summary>
    LeftInDoubt,

    /// <summary>Not at all.</summary>
    Stuck,
}
