using System.Diagnostics;

namespace ModemDriver.Framing;

/// <summary>
/// Turns bytes into lines, prompts and payload. Pure: no I/O, no clock, no lock. Told what to expect, it says what it
/// found and how many bytes of the input that took.
/// </summary>
/// <remarks>
/// <para>A frame that lies whole in the input is handed out as a part of the input. Only what is left at the end, an
/// unfinished line or header, is copied, into one buffer of the length of the longest line. Payload is handed out in
/// the pieces in which it arrives, never collected. Nothing is allocated after construction.</para>
/// <para>Order at the start of a line: payload header, line without an end, prompt, line. A header is tried before the line end is searched
/// for, because what it announces may hold line ends.</para>
/// </remarks>
internal sealed partial class AtFramer
{
    /// <summary>The longest line in bytes, its end included.</summary>
    public const int DefaultMaxLine = 4096;

    private readonly byte[] _kept;
    private PayloadHeader[] _headers = [];
    private PayloadHeader? _fetched;
    private int _keptLength;
    private bool _keptMayBeHeader;
    private bool _discarding;
    private bool _afterPrompt;

    private PayloadHeader? _header;
    private int _announced;
    private int _delivered;
    private int _keptHeaderLength;
    private int _linkId;

    /// <summary>Makes a framer that expects lines.</summary>
    /// <param name="maxLine">The longest line in bytes; at least <see cref="PayloadHeader.MaxLength"/>.</param>
    public AtFramer(int maxLine = DefaultMaxLine)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLine, PayloadHeader.MaxLength);
        _kept = new byte[maxLine];
    }

    /// <summary>What to expect.</summary>
    public FramerMode Mode { get; set; }

    /// <summary>Whether a payload has begun and not ended.</summary>
    public bool IsInPayload => _header is not null;

    /// <summary>The payload that has begun; its header is <see langword="null"/> when there is none.</summary>
    public (PayloadHeader? Header, int LinkId, int Announced, int Delivered) Payload =>
        (_header, _linkId, _announced, _delivered);

    /// <summary>Sets the headers that a module may push at any time; none is longer than the longest line.</summary>
    public void SetPushedHeaders(params PayloadHeader[] headers)
    {
        foreach (var header in headers)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(header.Longest, _kept.Length, nameof(headers));
        }

        _headers = headers;
    }

    /// <summary>Sets the header that the command in flight fetches; <see langword="null"/> for none.</summary>
    public void SetFetchedHeader(PayloadHeader? header) => _fetched = header;

    /// <summary>Gives up on a payload whose rest does not come; the next byte starts a line.</summary>
    public void AbandonPayload()
    {
        _header = null;
        _keptHeaderLength = 0;
    }

    /// <summary>Forgets all that was begun: a new port, a module that started anew.</summary>
    public void Reset()
    {
        _header = null;
        _keptHeaderLength = 0;
        _keptLength = 0;
        _discarding = false;
        _afterPrompt = false;
    }

    /// <summary>Takes the next frame from the input.</summary>
    /// <param name="input">Bytes as they arrived; what earlier calls took is no longer in it.</param>
    /// <param name="frame">What was found.</param>
    /// <returns>How many bytes were taken; all of them for <see cref="AtFrameKind.NeedMore"/>.</returns>
    public int Read(ReadOnlySpan<byte> input, out AtFrame frame)
    {
        if (input.IsEmpty)
        {
            frame = default;
            return 0;
        }

        if (_header is not null)
        {
            return ReadPayload(input, 0, out frame);
        }

        if (_discarding)
        {
            return Discard(input, out frame);
        }

        if (_keptLength > 0)
        {
            return ReadKept(input, out frame);
        }

        // The prompt's space may come in a later read than its sign; what follows it starts a line all the same.
        var skipped = 0;
        if (_afterPrompt)
        {
            _afterPrompt = false;
            if (input[0] == ' ')
            {
                skipped = 1;
                if (input.Length == 1)
                {
                    frame = default;
                    return 1;
                }
            }
        }

        return skipped + ReadLineStart(input[skipped..], out frame);
    }

    private int ReadLineStart(ReadOnlySpan<byte> input, out AtFrame frame)
    {
        var first = input[0];
        var mayBeHeader = false;
        foreach (var header in _headers)
        {
            if (header.FirstByte == first && TryHeader(header, input, ref mayBeHeader, out var used, out frame))
            {
                return used;
            }
        }

        if (_fetched is not null && _fetched.FirstByte == first
            && TryHeader(_fetched, input, ref mayBeHeader, out var taken, out frame))
        {
            return taken;
        }

        if (TryUnended(input, ref mayBeHeader, out frame) is var length and > 0)
        {
            return length;
        }

        if (first == '>' && Mode == FramerMode.LinesWithPrompt)
        {
            _afterPrompt = true;
            frame = new AtFrame { Kind = AtFrameKind.Prompt, Text = input[..1], Raw = input[..1], LinkId = -1 };
            return 1;
        }

        // Line feed alone is searched for, and a carriage return before it stripped: two needles cost twice.
        var end = mayBeHeader ? -1 : input.IndexOf((byte)'\n');
        if (end < 0)
        {
            return Keep(input, mayBeHeader, out frame);
        }

        if (end >= _kept.Length)
        {
            frame = new AtFrame { Kind = AtFrameKind.TooLong, Text = input[.._kept.Length], LinkId = -1 };
            return end + 1;
        }

        frame = Line(input[..(end + 1)]);
        return end + 1;
    }

    private bool TryHeader(
        PayloadHeader header,
        ReadOnlySpan<byte> line,
        scoped ref bool mayBeHeader,
        scoped out int used,
        out AtFrame frame)
    {
        switch (header.Match(line, out var length, out var count, out var linkId))
        {
            case HeaderMatch.Yes:
                Begin(header, count, linkId);
                used = length < line.Length || count == 0
                    ? ReadPayload(line, length, out frame)
                    : KeepHeader(line, out frame);
                return true;
            case HeaderMatch.TooLong:
                frame = TooLong(header, line[..length], count, linkId);
                used = length;
                return true;
            case HeaderMatch.NeedMore:
                mayBeHeader = true;
                break;
        }

        used = 0;
        frame = default;
        return false;
    }

    private void Begin(PayloadHeader header, int count, int linkId)
    {
        _header = header;
        _announced = count;
        _linkId = linkId;
        _delivered = 0;
    }

    private int ReadPayload(ReadOnlySpan<byte> input, int headerLength, out AtFrame frame)
    {
        Debug.Assert(_header is not null, "only called while a payload is open");
        var length = Math.Min(_announced - _delivered, input.Length - headerLength);
        frame = Piece(input.Slice(headerLength, length), input[..headerLength]);
        return headerLength + length;
    }

    // The input ends with the header. It is kept for the first piece: an empty piece would look like a first one too.
    private int KeepHeader(ReadOnlySpan<byte> header, out AtFrame frame)
    {
        header.CopyTo(_kept);
        _keptHeaderLength = header.Length;
        frame = default;
        return header.Length;
    }

    private AtFrame Piece(ReadOnlySpan<byte> piece, ReadOnlySpan<byte> header)
    {
        if (_keptHeaderLength > 0)
        {
            header = _kept.AsSpan(0, _keptHeaderLength);
            _keptHeaderLength = 0;
        }

        var frame = new AtFrame
        {
            Kind = AtFrameKind.Payload,
            Text = piece,
            Raw = header,
            Header = _header,
            LinkId = _linkId,
            Announced = _announced,
            Offset = _delivered,
        };
        _delivered += piece.Length;
        if (_delivered == _announced)
        {
            _header = null;
        }

        return frame;
    }

    private int Keep(ReadOnlySpan<byte> input, bool mayBeHeader, out AtFrame frame)
    {
        if (input.Length > _kept.Length)
        {
            _discarding = true;
            frame = new AtFrame { Kind = AtFrameKind.TooLong, Text = input[.._kept.Length], LinkId = -1 };
            return input.Length;
        }

        input.CopyTo(_kept);
        _keptLength = input.Length;
        _keptMayBeHeader = mayBeHeader;
        frame = default;
        return input.Length;
    }

    // The start of the line is in the buffer. A header may end at any of a few bytes, so each of them is a new try;
    // this is the seam between two reads, and short.
    private int ReadKept(ReadOnlySpan<byte> input, out AtFrame frame)
    {
        var used = 0;
        while (_keptMayBeHeader && used < input.Length)
        {
            _kept[_keptLength++] = input[used++];
            if (TryKeptHeader(input, ref used, out frame))
            {
                return used;
            }
        }

        if (_keptMayBeHeader)
        {
            frame = default;
            return used;
        }

        return KeepUpToLineEnd(input, used, out frame);
    }

    private bool TryKeptHeader(ReadOnlySpan<byte> input, scoped ref int used, out AtFrame frame)
    {
        var line = _kept.AsSpan(0, _keptLength);
        _keptMayBeHeader = false;
        for (var i = 0; i <= _headers.Length; i++)
        {
            var header = i < _headers.Length ? _headers[i] : _fetched;
            if (header is null)
            {
                continue;
            }

            var match = header.Match(line, out var length, out var count, out var linkId);
            if (match == HeaderMatch.NeedMore)
            {
                _keptMayBeHeader = true;
                continue;
            }

            if (match == HeaderMatch.No)
            {
                continue;
            }

            used = EndKeptHeader(header, match, (length, count, linkId), input, used, out frame);
            return true;
        }

        return TryKeptUnended(line, out frame);
    }

    private int EndKeptHeader(
        PayloadHeader header,
        HeaderMatch match,
        (int Length, int Count, int LinkId) found,
        ReadOnlySpan<byte> input,
        int used,
        out AtFrame frame)
    {
        var line = _kept.AsSpan(0, found.Length);
        var surplus = _kept.AsSpan(found.Length, _keptLength - found.Length);
        _keptLength = 0;
        if (match == HeaderMatch.TooLong)
        {
            frame = TooLong(header, line, found.Count, found.LinkId);
            return used;
        }

        Begin(header, found.Count, found.LinkId);
        if (surplus.Length > 1)
        {
            // A CR, perhaps of an earlier read, that turned out to be payload and not the optional line end. The byte
            // that told so is not taken.
            frame = Piece(surplus[..1], line);
            return used - 1;
        }

        if (surplus.IsEmpty && used == input.Length && found.Count > 0)
        {
            _keptHeaderLength = found.Length;
            frame = default;
            return used;
        }

        used -= surplus.Length;
        var length = Math.Min(found.Count, input.Length - used);
        frame = Piece(input.Slice(used, length), line);
        return used + length;
    }

    private int KeepUpToLineEnd(ReadOnlySpan<byte> input, int used, out AtFrame frame)
    {
        // The last byte that was tried as a header's may have been the line end itself.
        if (_kept[_keptLength - 1] == '\n')
        {
            return EndKept(used, out frame);
        }

        var rest = input[used..];
        var end = rest.IndexOf((byte)'\n');
        var length = end < 0 ? rest.Length : end + 1;
        if (_keptLength + length > _kept.Length)
        {
            rest[..(_kept.Length - _keptLength)].CopyTo(_kept.AsSpan(_keptLength));
            _keptLength = 0;
            _discarding = end < 0;
            frame = new AtFrame { Kind = AtFrameKind.TooLong, Text = _kept, LinkId = -1 };
            return used + length;
        }

        rest[..length].CopyTo(_kept.AsSpan(_keptLength));
        _keptLength += length;
        if (end >= 0)
        {
            return EndKept(used + length, out frame);
        }

        frame = default;
        return used + length;
    }

    private int EndKept(int used, out AtFrame frame)
    {
        frame = Line(_kept.AsSpan(0, _keptLength));
        _keptLength = 0;
        return used;
    }

    private int Discard(ReadOnlySpan<byte> input, out AtFrame frame)
    {
        frame = default;
        var end = input.IndexOf((byte)'\n');
        if (end < 0)
        {
            return input.Length;
        }

        _discarding = false;
        return end + 1 + Read(input[(end + 1)..], out frame);
    }

    // Some firmware echoes a line end as CR CR LF, and log lines end so too: every CR before the LF belongs to it.
    private static AtFrame Line(ReadOnlySpan<byte> raw)
    {
        var length = raw.Length - 1;
        while (length > 0 && raw[length - 1] == '\r')
        {
            length--;
        }

        return new AtFrame { Kind = AtFrameKind.Line, Text = raw[..length], Raw = raw, LinkId = -1 };
    }

    private static AtFrame TooLong(PayloadHeader header, ReadOnlySpan<byte> text, int count, int linkId) => new()
    {
        Kind = AtFrameKind.TooLong,
        Text = text,
        Header = header,
        Announced = count,
        LinkId = linkId,
    };
}
