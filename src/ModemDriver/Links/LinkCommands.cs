using ModemDriver.Commands;
using ModemDriver.Framing;

namespace ModemDriver.Links;

/// <summary>Opens a link; a dialect's version reads the module's reason.</summary>
internal abstract class OpenLinkCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>What the module said about the failure; <see cref="LinkFailure.Unknown"/> if nothing.</summary>
    public LinkFailure Failure { get; protected set; }

    /// <summary>The module's own words; <see langword="null"/> if it had none.</summary>
    public string? FailureText { get; protected set; }

    /// <summary>
    /// How long after its success the module may take to say whether the link came up, by a notice;
    /// <see langword="null"/> where the result code is its last word.
    /// </summary>
    public virtual TimeSpan? ToldWithin => null;

    /// <summary>
    /// Told, in order with the wire, that the result code was the word for a link that is up. Who has no such word never
    /// calls it.
    /// </summary>
    public Action? Connected { get; set; }

    /// <summary>Fires when the caller has gone. Once the line is sent, that does not matter any more.</summary>
    public CancellationToken CallerGone { get; set; }

    /// <inheritdoc/>
    public override bool IsGivenUp => CallerGone.IsCancellationRequested;
}

/// <summary>Asks how much waits in links.</summary>
internal abstract class WaitingCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>The answer so far: numbers of links, and how many bytes wait in each.</summary>
    public List<(int LinkId, int Count)> Counts { get; } = [];
}

/// <summary>Asks how much of what was sent on a link its peer has acknowledged.</summary>
internal abstract class AcknowledgedCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>Bytes that were sent since the link was opened; -1 until the module has said so.</summary>
    public long Sent { get; protected set; } = -1;

    /// <summary>Bytes of them that the peer has acknowledged.</summary>
    public long Acknowledged { get; protected set; }

    /// <summary>Bytes of them that it has not.</summary>
    public long Outstanding { get; protected set; }
}

/// <summary>Asks which links exist.</summary>
internal abstract class ListLinksCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>The numbers of the links that exist.</summary>
    public List<int> LinkIds { get; } = [];

    /// <summary>The numbers of links that the module still knows, and of which it says that they are closed.</summary>
    public List<int> ClosedIds { get; } = [];
}
