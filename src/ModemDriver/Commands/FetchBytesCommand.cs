using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Commands;

/// <summary>Fetches counted bytes from a service of the module's own.</summary>
/// <param name="line">What is sent.</param>
/// <param name="timeLimit">From the moment it is written to its final result code.</param>
/// <param name="header">What announces the bytes.</param>
/// <param name="maxBytes">How many may come.</param>
internal sealed class FetchBytesCommand(CommandLine line, TimeSpan timeLimit, PayloadHeader header, int maxBytes)
    : AtCommand(line, timeLimit)
{
    private byte[] _bytes = [];
    private int _received;
    private bool _hasLineEnd;

    /// <summary>What came.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _received);

    /// <summary>Whether there was an announcement, be it of nothing.</summary>
    public bool IsAnnounced { get; private set; }

    /// <summary>Whether its count, or what stood behind it, shows that it was damaged on the line.</summary>
    public bool IsDamaged { get; private set; }

    /// <inheritdoc/>
    public override PayloadHeader FetchedHeader => header;

    /// <inheritdoc/>
    public override void OnPayload(in AtFrame piece)
    {
        if (piece.Offset == 0)
        {
            IsAnnounced = true;
            IsDamaged |= piece.Announced > maxBytes;
            _bytes = new byte[Math.Min(piece.Announced, maxBytes)];
        }

        if (!IsDamaged)
        {
            piece.Text.CopyTo(_bytes.AsSpan(_received));
            _received += piece.Text.Length;
        }
    }

    // Known URCs are told first, and are not asked about here.
    /// <inheritdoc/>
    public override bool AnswersWithoutPrefix => _received > 0;

    // One byte too many makes a line of what is left over.
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        IsDamaged |= _received > 0;
        return _received > 0;
    }

    // One byte too few takes the first one of the line end behind it.
    /// <inheritdoc/>
    public override void OnEmptyLine(int rawLength)
    {
        IsDamaged |= _received > 0 && !_hasLineEnd && rawLength < 2;
        _hasLineEnd |= _received > 0;
    }

    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result) => IsDamaged |= _received > 0 && !_hasLineEnd;
}
