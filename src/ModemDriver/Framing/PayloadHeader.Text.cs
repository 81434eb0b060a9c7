using System.Text;

namespace ModemDriver.Framing;

/// <content>Headers that name a text, such as the topic of a message, before the count.</content>
/// <remarks>
/// <code>
/// &lt;prefix&gt;"&lt;text&gt;",&lt;count&gt;&lt;unit&gt;,&lt;payload&gt; and a line end        the quotes may be missing
/// </code>
/// Nothing in the text is escaped, so it may hold quotes and commas: it ends where the rest of such a header follows.
/// </remarks>
internal sealed partial class PayloadHeader
{
    /// <summary>Stands in the place of a link's number: the payload is of a service of the module's own.</summary>
    public const int OfService = -2;

    private readonly byte[]? _unit;
    private readonly int _maxText;

    private PayloadHeader(string prefix, string unit, int maxText, int maxPayload)
        : this(prefix, countField: 1, HeaderEnding.CommaAfterCount, maxPayload: maxPayload)
    {
        _unit = Encoding.ASCII.GetBytes(unit);
        _maxText = maxText;
    }

    /// <summary>Describes a header with a text; its payload is of a service.</summary>
    /// <param name="prefix">As for the others.</param>
    /// <param name="unit">What stands behind the digits of the count.</param>
    /// <param name="maxText">The longest text in bytes, with its quotes, the count and its unit.</param>
    /// <param name="maxPayload">The largest count that the module can mean, in bytes.</param>
    public static PayloadHeader WithText(string prefix, string unit, int maxText, int maxPayload) =>
        new(prefix, unit, maxText, maxPayload);

    /// <summary>The longest header of this kind, in bytes.</summary>
    public int Longest => _unit is null ? MaxLength : _prefix.Length + _maxText;

    /// <summary>
    /// Whether a line end of its own stands behind the payload, which shows that it was whole; behind all others the next
    /// message stands.
    /// </summary>
    public bool HasLineEndBehind => _unit is not null;

    /// <summary>The text of a header, without its quotes, as it stood on the wire.</summary>
    /// <param name="header">A header that has matched.</param>
    public ReadOnlySpan<byte> ReadText(ReadOnlySpan<byte> header)
    {
        var rest = header[PrefixOf(header)..^1];
        var text = rest[..Math.Max(rest.LastIndexOf((byte)','), 0)];
        return text.Length >= 2 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text;
    }

    private HeaderMatch MatchText(ReadOnlySpan<byte> line, int prefix, byte[] unit, out int length, ref int count)
    {
        length = 0;
        var isWhole = line.Length >= Longest;
        var search = isWhole ? line[..Longest] : line;
        var isQuoted = search.Length > prefix && search[prefix] == '"';
        for (var at = prefix; at < search.Length; at++)
        {
            var next = search[at..].IndexOfAny((byte)',', (byte)'\r', (byte)'\n');
            if (next < 0)
            {
                break;
            }

            at += next;
            if (search[at] != ',')
            {
                return HeaderMatch.No; // the line ends before there was a count
            }

            if (isQuoted && (at < prefix + 2 || search[at - 1] != '"'))
            {
                continue;
            }

            var match = MatchCount(search[(at + 1)..], unit, out var used, out var value);
            if (match == HeaderMatch.Yes)
            {
                count = value;
                length = at + 1 + used;
                return Verdict(count);
            }

            if (match == HeaderMatch.NeedMore)
            {
                break;
            }
        }

        return isWhole ? HeaderMatch.No : HeaderMatch.NeedMore;
    }

    // <count><unit>,
    private static HeaderMatch MatchCount(ReadOnlySpan<byte> text, byte[] unit, out int used, out int count)
    {
        var digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? text.Length : digits;
        count = Number(text[..digits]);
        used = digits + unit.Length + 1;
        var behind = text[digits..];
        if (digits == 0)
        {
            return text.IsEmpty ? HeaderMatch.NeedMore : HeaderMatch.No;
        }

        if (behind.Length > unit.Length)
        {
            return behind.StartsWith(unit) && behind[unit.Length] == ',' ? HeaderMatch.Yes : HeaderMatch.No;
        }

        return unit.AsSpan().StartsWith(behind) ? HeaderMatch.NeedMore : HeaderMatch.No;
    }
}
