using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;

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

/// <summary>Fetches what waits in a link, straight into the buffer of its reader.</summary>
/// <param name="line">What is sent.</param>
/// <param name="timeLimit">From the moment it is written to its final result code.</param>
/// <param name="header">What announces the payload.</param>
/// <param name="link">Whose bytes they are.</param>
/// <param name="maxBytes">How many are asked for.</param>
/// <param name="endsWithLineEnd">
/// Whether the module puts CR LF behind the payload, and nothing else but URCs before its result: what differs shows that
/// bytes were lost on the line.
/// </param>
internal sealed class FetchCommand(
    CommandLine line, TimeSpan timeLimit, Func<PayloadHeader> header, Link link, int maxBytes, bool endsWithLineEnd = false)
    : AtCommand(line, timeLimit)
{
    private bool _isBehindPayload;

    /// <summary>How many bytes were asked for.</summary>
    public int MaxBytes { get; } = maxBytes;

    /// <summary>How many bytes came.</summary>
    public int Received { get; private set; }

    /// <summary>Whether what stood behind the payload shows that bytes of it, or of its count, were lost on the line.</summary>
    public bool IsDamaged { get; private set; }

    private int? _left;

    // Asked when it is written: a setting that goes before it on the wire changes the form.
    /// <inheritdoc/>
    public override PayloadHeader? FetchedHeader => header();

    /// <inheritdoc/>
    public override void OnPayload(in AtFrame piece)
    {
        if (piece.Offset == 0)
        {
            _left = piece.Header!.ReadLeft(piece.Raw); // payload has a header
        }

        Received += piece.Text.Length;
        link.Append(piece.Text, piece.IsLast);
        if (piece.IsLast)
        {
            _isBehindPayload = endsWithLineEnd && piece.Announced > 0;

            // Before any notice that stands behind it on the wire, which counts what is left.
            link.OnFetched(Received, MaxBytes, _left);
        }
    }

    // Known URCs are told first, and are not asked about here.
    /// <inheritdoc/>
    public override bool AnswersWithoutPrefix => _isBehindPayload;

    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        IsDamaged |= _isBehindPayload;
        return _isBehindPayload;
    }

    // A payload that is a byte short has taken the first one of its own line end.
    /// <inheritdoc/>
    public override void OnEmptyLine(int rawLength) => IsDamaged |= _isBehindPayload && rawLength < 2;

    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result)
    {
        if (Received == 0)
        {
            link.OnNothingWaiting();
        }
    }
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
}
