using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Links;

/// <summary>What a module puts behind fetched payload. What differs shows that bytes were lost or added on the line.</summary>
internal enum FetchEnding
{
    /// <summary>Up to the result nothing but line ends and URCs.</summary>
    LineEnds,

    /// <summary>The result, which begins with CR LF; other lines may stand between, a log's or URCs.</summary>
    Result,
}

/// <summary>Fetches what waits in a link, straight into the buffer of its reader, who gets it once it is seen to be whole.</summary>
/// <param name="line">What is sent.</param>
/// <param name="timeLimit">From the moment it is written to its final result code.</param>
/// <param name="header">What announces the payload.</param>
/// <param name="link">Whose bytes they are.</param>
/// <param name="maxBytes">How many are asked for.</param>
/// <param name="ending">What stands behind them.</param>
internal sealed class FetchCommand(
    CommandLine line, TimeSpan timeLimit, Func<PayloadHeader> header, Link link, int maxBytes, FetchEnding ending)
    : AtCommand(line, timeLimit)
{
    private bool _isBehindPayload;
    private bool _hasLineEnd;
    private bool _isTold;
    private int? _left;
    private int _announced;
    private int _notices;

    /// <summary>How many bytes were asked for.</summary>
    public int MaxBytes { get; } = maxBytes;

    /// <summary>How many bytes came.</summary>
    public int Received { get; private set; }

    /// <summary>
    /// Whether its count, or what stood behind it, shows that it was damaged on the line. Then the reader gets nothing of it.
    /// </summary>
    public bool IsDamaged { get; private set; }

    /// <summary>
    /// How many bytes the module had announced though nothing came: they are still there, or lost. 0 where it had announced
    /// none, or says itself how many are left.
    /// </summary>
    public int Missing { get; private set; }

    /// <summary>
    /// Whether the module has announced bytes since it was to hand over <see cref="Missing"/>: a count of what waits then
    /// proves nothing.
    /// </summary>
    public bool WasAnnouncedSince => link.Notices != _notices;

    /// <summary>Final result codes beyond those of the dialect.</summary>
    public IReadOnlyList<ResultCode> Codes { get; init; } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<ResultCode> OwnResults => Codes;

    // Asked when it is written: a setting that goes before it on the wire changes the form.
    /// <inheritdoc/>
    public override PayloadHeader? FetchedHeader => header();

    /// <inheritdoc/>
    public override bool OnWriting()
    {
        _announced = link.Announced;
        _notices = link.Notices;
        return base.OnWriting();
    }

    /// <inheritdoc/>
    public override void OnPayload(in AtFrame piece)
    {
        if (piece.Offset == 0)
        {
            _left = piece.Header!.ReadLeft(piece.Raw); // payload has a header
            _isTold = _left is not null;
        }

        Received += piece.Text.Length;
        IsDamaged |= piece.Announced > MaxBytes || _isBehindPayload;
        if (!IsDamaged)
        {
            link.Hold(piece.Text, piece.Announced);
        }

        if (piece.IsLast && piece.Announced > 0)
        {
            _isBehindPayload = true;
        }

        if (piece.IsLast && (piece.Announced > 0 || _isTold))
        {
            // Before any notice that stands behind it on the wire, which counts what is left.
            link.OnFetched(Received, MaxBytes, _left);
        }
    }

    // Known URCs are told first, and are not asked about here.
    /// <inheritdoc/>
    public override bool AnswersWithoutPrefix => _isBehindPayload && ending == FetchEnding.LineEnds;

    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        IsDamaged |= AnswersWithoutPrefix;
        return AnswersWithoutPrefix;
    }

    // A payload that is a byte short has taken the first one of the line end behind it, one that is two short all of it; one
    // that is too long makes a line of what is left over, and that takes the line end.
    /// <inheritdoc/>
    public override void OnEmptyLine(int rawLength)
    {
        IsDamaged |= _isBehindPayload && rawLength < 2;
        _hasLineEnd |= _isBehindPayload;
        if (_hasLineEnd && !IsDamaged && ending == FetchEnding.Result)
        {
            // Whole, whatever comes of the command now.
            link.Release();
        }
    }

    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result)
    {
        IsDamaged |= _isBehindPayload && !_hasLineEnd && ending == FetchEnding.Result;

        // A module that says how many are left says so also of none: without that line it was damaged, and bytes with it.
        IsDamaged |= result.IsSuccess && Received == 0 && !_isTold && header().TellsLeft;
        if (!IsDamaged)
        {
            link.Release();
        }

        if (Received > 0 || _isTold)
        {
            return;
        }

        if (_announced == 0)
        {
            // What was announced since it was written may have come behind the module's look at what it has.
            _announced = link.Announced;
            _notices = link.Notices;
        }

        Missing = _announced;
        if (Missing == 0)
        {
            link.OnNothingWaiting();
        }
    }
}
