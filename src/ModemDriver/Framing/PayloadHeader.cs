using System.Net;

namespace ModemDriver.Framing;

/// <summary>What stands between a payload header and its payload.</summary>
internal enum HeaderEnding
{
    /// <summary>A colon; payload follows at once.</summary>
    Colon,

    /// <summary>The comma after the count, or after the sender where there is one; payload follows at once.</summary>
    CommaAfterCount,

    /// <summary>A colon, then a line end that may be missing.</summary>
    ColonAndOptionalLineEnd,

    /// <summary>A line end alone.</summary>
    LineEnd,
}

/// <summary>What came of holding bytes against a <see cref="PayloadHeader"/>.</summary>
internal enum HeaderMatch
{
    /// <summary>They are no such header.</summary>
    No,

    /// <summary>They may become one.</summary>
    NeedMore,

    /// <summary>They are one.</summary>
    Yes,

    /// <summary>They are one, and it announces more than can be.</summary>
    TooLong,
}

/// <summary>The start of a line that announces counted payload, as a row of a dialect's table.</summary>
internal sealed partial class PayloadHeader
{
    /// <summary>The longest header without a text: a prefix, a quoted IPv6 address, and numbers.</summary>
    public const int MaxLength = 96;

    private readonly byte[] _prefix;
    private readonly byte[] _withoutBlank;

    /// <summary>Describes a header.</summary>
    /// <param name="prefix">
    /// What the line starts with, up to the first field. A blank behind a colon may be missing on the wire.
    /// </param>
    /// <param name="countField">Which field holds the count, from 0.</param>
    /// <param name="ending">What ends the header.</param>
    /// <param name="linkField">Which field holds the link number; -1 for none.</param>
    /// <param name="maxPayload">The largest count that the module can mean, in bytes.</param>
    /// <param name="senderField">
    /// Which field holds the sender's address, with its port in the next one; -1 for none. Where a colon ends the header
    /// the two may be missing.
    /// </param>
    /// <param name="leftField">Which field says how many bytes the module still holds; -1 for none.</param>
    public PayloadHeader(
        string prefix,
        int countField,
        HeaderEnding ending,
        int linkField = -1,
        int maxPayload = 64 * 1024,
        int senderField = -1,
        int leftField = -1)
    {
        _prefix = System.Text.Encoding.Latin1.GetBytes(prefix);
        _withoutBlank = System.Text.Encoding.Latin1.GetBytes(prefix.Replace(": ", ":", StringComparison.Ordinal));
        CountField = countField;
        Ending = ending;
        LinkField = linkField;
        MaxPayload = maxPayload;
        SenderField = senderField;
        LeftField = leftField;
    }

    /// <summary>The first byte of the prefix, for a quick look.</summary>
    public byte FirstByte => _prefix[0];

    /// <summary>Which field holds the count, from 0.</summary>
    public int CountField { get; }

    /// <summary>Which field holds the link number; -1 for none.</summary>
    public int LinkField { get; }

    /// <summary>Which field holds the sender's address; -1 for none.</summary>
    public int SenderField { get; }

    /// <summary>Which field says how many bytes the module still holds; -1 for none.</summary>
    public int LeftField { get; }

    /// <summary>What ends the header.</summary>
    public HeaderEnding Ending { get; }

    /// <summary>The largest count that the module can mean, in bytes.</summary>
    public int MaxPayload { get; }

    /// <summary>Holds the start of a line against this header.</summary>
    /// <param name="line">Bytes from the start of a line.</param>
    /// <param name="length">The length of the header with its ending.</param>
    /// <param name="count">The announced number of bytes.</param>
    /// <param name="linkId">The link number; -1 where the header has none, <see cref="OfService"/> where it is of no link.</param>
    public HeaderMatch Match(ReadOnlySpan<byte> line, out int length, out int count, out int linkId)
    {
        length = 0;
        count = -1;
        linkId = -1;
        var prefix = PrefixOf(line);
        if (prefix == 0)
        {
            return _prefix.AsSpan().StartsWith(line) || _withoutBlank.AsSpan().StartsWith(line)
                ? HeaderMatch.NeedMore
                : HeaderMatch.No;
        }

        if (_unit is not null)
        {
            linkId = OfService;
            return MatchText(line, prefix, _unit, out length, ref count);
        }

        var search = line.Length > MaxLength ? line[..MaxLength] : line;
        var field = 0;
        var start = prefix;
        var quoted = false;
        for (var i = start; i < search.Length; i++)
        {
            var b = search[i];
            if (b == '"')
            {
                quoted = !quoted;
                continue;
            }

            var isLineEnd = b is (byte)'\r' or (byte)'\n';
            if (!isLineEnd && (quoted || (b != ',' && b != ':')))
            {
                continue;
            }

            // A line end inside quotes: the quote was never closed, and the line is no header.
            if (quoted || !TakeField(search[start..i], field, ref count, ref linkId))
            {
                return HeaderMatch.No;
            }

            var ended = IsEnding(b, field, search, i, count, out length);
            if (ended == HeaderMatch.NeedMore && line.Length >= MaxLength)
            {
                return HeaderMatch.No;
            }

            if (ended != HeaderMatch.No)
            {
                return ended == HeaderMatch.Yes ? Verdict(count) : ended;
            }

            if (b != ',')
            {
                // A colon that ends nothing, or the end of the line before the ending: a notice or a plain line.
                return HeaderMatch.No;
            }

            field++;
            start = i + 1;
        }

        return line.Length < MaxLength ? HeaderMatch.NeedMore : HeaderMatch.No;
    }

    /// <summary>
    /// Whether a line that is no such header begins so, or nearly so: one byte of the prefix lost, added or changed, and line ends
    /// before it.
    /// </summary>
    public bool IsNear(ReadOnlySpan<byte> line)
    {
        line = line.TrimStart("\r"u8);
        var same = line.CommonPrefixLength(_prefix);
        var prefix = _prefix.AsSpan(same);
        line = line[same..];
        return prefix.IsEmpty
            || line.StartsWith(prefix[1..])
            || (line.Length > 1 && (line[1..].StartsWith(prefix[1..]) || line[1..].StartsWith(prefix)));
    }

    /// <summary>Who sent the payload; <see langword="null"/> if the header does not say.</summary>
    /// <param name="header">The header as it stood on the wire, with its ending.</param>
    public IPEndPoint? ReadSender(ReadOnlySpan<byte> header)
    {
        var prefix = PrefixOf(header);
        if (SenderField < 0 || prefix == 0 || header.Length <= prefix)
        {
            return null;
        }

        var reader = new FieldReader(header[prefix..^1]);
        for (var field = 0; field < SenderField; field++)
        {
            if (!reader.TryRead(out _))
            {
                return null;
            }
        }

        return reader.TryRead(out var address) && reader.TryReadInt(out var port)
            ? FieldReader.ToEndPoint(address, port)
            : null;
    }

    /// <summary>Whether the header says how many bytes the module still holds.</summary>
    public bool TellsLeft => LeftField >= 0;

    /// <summary>How many bytes the module still holds; <see langword="null"/> if the header does not say.</summary>
    /// <param name="header">The header as it stood on the wire, with its ending.</param>
    public int? ReadLeft(ReadOnlySpan<byte> header)
    {
        if (LeftField < 0)
        {
            return null;
        }

        var reader = new FieldReader(header[PrefixOf(header)..].TrimEnd("\r\n:"u8));
        for (var field = 0; field < LeftField; field++)
        {
            if (!reader.TryRead(out _))
            {
                return null;
            }
        }

        return reader.TryReadInt(out var left) && left >= 0 ? left : null;
    }

    private int PrefixOf(ReadOnlySpan<byte> line) =>
        line.StartsWith(_prefix) ? _prefix.Length : line.StartsWith(_withoutBlank) ? _withoutBlank.Length : 0;

    private HeaderMatch IsEnding(
        byte b, int field, ReadOnlySpan<byte> line, int at, int count, out int length)
    {
        length = at + 1;
        switch (Ending)
        {
            case HeaderEnding.Colon:
                return b == ':' && field >= CountField ? HeaderMatch.Yes : HeaderMatch.No;
            case HeaderEnding.CommaAfterCount:
                return b == ',' && field == Math.Max(CountField, SenderField + 1) ? HeaderMatch.Yes : HeaderMatch.No;
            case HeaderEnding.LineEnd:
                if (b == '\r' && field >= CountField)
                {
                    length = at + 2;
                    return at + 1 == line.Length ? HeaderMatch.NeedMore
                        : line[at + 1] == '\n' ? HeaderMatch.Yes : HeaderMatch.No;
                }

                return b == '\n' && field >= CountField ? HeaderMatch.Yes : HeaderMatch.No;
            default:
                if (b != ':' || field < CountField)
                {
                    return HeaderMatch.No;
                }

                // Without payload the line end is an empty line of its own, and nothing needs to be waited for.
                return count == 0 || count > MaxPayload ? HeaderMatch.Yes : OptionalLineEnd(line, at + 1, out length);
        }
    }

    // Only CR LF together count as the line end; payload that starts with another byte starts right after the colon.
    private static HeaderMatch OptionalLineEnd(ReadOnlySpan<byte> line, int at, out int length)
    {
        length = at;
        if (at == line.Length)
        {
            return HeaderMatch.NeedMore;
        }

        if (line[at] != '\r')
        {
            return HeaderMatch.Yes;
        }

        if (at + 1 == line.Length)
        {
            return HeaderMatch.NeedMore;
        }

        length = line[at + 1] == '\n' ? at + 2 : at;
        return HeaderMatch.Yes;
    }

    private bool TakeField(ReadOnlySpan<byte> text, int field, ref int count, ref int linkId)
    {
        if (field == CountField)
        {
            count = Number(text);
            return count >= 0;
        }

        if (field == LinkField)
        {
            linkId = Number(text);
            return linkId >= 0;
        }

        return true;
    }

    private HeaderMatch Verdict(int count) => count > MaxPayload ? HeaderMatch.TooLong : HeaderMatch.Yes;

    // Any number of digits: some firmware pads, and a count that does not fit an int is too long, not another line.
    private static int Number(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return -1;
        }

        long value = 0;
        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9')
            {
                return -1;
            }

            value = Math.Min((value * 10) + (b - '0'), int.MaxValue);
        }

        return (int)value;
    }
}
