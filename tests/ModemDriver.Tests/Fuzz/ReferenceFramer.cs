using System.Globalization;
using System.Text;
using ModemDriver.Framing;

namespace ModemDriver.Tests.Fuzz;

/// <summary>
/// What a framer must find, by a second, slow way: it has all the input at once, as text, and takes it apart with
/// <see cref="string"/> methods. Frames are written as <see cref="Framing.FramerCheck"/> writes them.
/// </summary>
internal sealed class ReferenceFramer(IReadOnlyList<PayloadHeader> headers, IReadOnlyList<string> prefixes, int maxLine)
{
    /// <summary>The frames of the input, in order.</summary>
    public string[] Frames(byte[] input, bool takesPrompt)
    {
        string text = Encoding.Latin1.GetString(input);
        List<string> frames = [];
        while (text.Length > 0)
        {
            int used = HeaderAt(text, frames);
            if (used == 0 && takesPrompt && text[0] == '>')
            {
                frames.Add("prompt");
                used = text.StartsWith("> ", StringComparison.Ordinal) ? 2 : 1;
            }

            used = used > 0 ? used : LineAt(text, frames);
            if (used == 0)
            {
                break;
            }

            text = text[used..];
        }

        return [.. frames];
    }

    private int LineAt(string text, List<string> frames)
    {
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        if ((end < 0 ? text.Length : end + 1) > maxLine)
        {
            frames.Add($"too long {text[..maxLine]}");
            return end < 0 ? text.Length : end + 1;
        }

        if (end < 0)
        {
            return 0;
        }

        frames.Add($"line {text[..end].TrimEnd('\r')}");
        return end + 1;
    }

    private int HeaderAt(string text, List<string> frames)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            PayloadHeader header = headers[i];
            string? prefix = new[] { prefixes[i], prefixes[i].Replace(": ", ":", StringComparison.Ordinal) }
                .FirstOrDefault(known => text.StartsWith(known, StringComparison.Ordinal));
            if (prefix is null || (header.HasLineEndBehind ? FindText(text, prefix.Length, header, prefixes[i])
                : Find(text, prefix.Length, header)) is not var (length, fields))
            {
                continue;
            }

            int count = Number(fields[header.CountField]);
            int link = header.HasLineEndBehind ? PayloadHeader.OfService : header.LinkField < 0 ? -1 : Number(fields[header.LinkField]);
            if (count > header.MaxPayload)
            {
                frames.Add($"too long {text[..length]}");
                return length;
            }

            int there = Math.Min(count, text.Length - length);
            if (there > 0 || count == 0)
            {
                frames.Add(string.Create(CultureInfo.InvariantCulture, $"payload {link} {count} {text.AsSpan(length, there)}")
                    + (there < count ? "..." : string.Empty));
            }

            return length + there;
        }

        return 0;
    }

    // The same where a text stands before the count.
    private static (int Length, string[] Fields)? FindText(string text, int start, PayloadHeader header, string prefix)
    {
        string unit = prefix == "+MSG: " ? " byte" : string.Empty;
        string line = text[start..Math.Min(text.Length, Math.Max(start, header.Longest))];
        string pattern = line.StartsWith('"')
            ? $"^(\"[^\\r\\n]*?\"),([0-9]+){unit},"
            : $"^([^\\r\\n]*?),([0-9]+){unit},";
        return System.Text.RegularExpressions.Regex.Match(line, pattern) is { Success: true } match
            ? (start + match.Length, [match.Groups[1].Value, match.Groups[2].Value])
            : null;
    }

    // The header's length and its fields; null if it is none, or not yet.
    private static (int Length, string[] Fields)? Find(string text, int start, PayloadHeader header)
    {
        List<string> fields = [];
        bool quoted = false;
        int from = start;
        for (int at = start; at < text.Length && at < PayloadHeader.MaxLength; at++)
        {
            char c = text[at];
            quoted ^= c == '"';
            bool ends = c is '\r' or '\n' || (!quoted && c is ':' or ',' && !quoted);
            if (!ends)
            {
                continue;
            }

            fields.Add(text[from..at]);
            from = at + 1;
            if (quoted || !IsGood(fields, header))
            {
                return null;
            }

            bool hasCount = fields.Count > header.CountField;
            switch (header.Ending)
            {
                case HeaderEnding.Colon when c == ':' && hasCount:
                    return (at + 1, [.. fields]);
                case HeaderEnding.CommaAfterCount when c == ',' && fields.Count == Math.Max(header.CountField, header.SenderField + 1) + 1:
                    return (at + 1, [.. fields]);
                case HeaderEnding.LineEnd when c == '\n' && hasCount:
                    return (at + 1, [.. fields]);
                case HeaderEnding.LineEnd when c == '\r' && hasCount:
                    return at + 1 < Math.Min(text.Length, PayloadHeader.MaxLength) && text[at + 1] == '\n'
                        ? (at + 2, [.. fields])
                        : null;
                case HeaderEnding.ColonAndOptionalLineEnd when c == ':' && hasCount:
                    return AfterColon(text, at + 1, Number(fields[header.CountField]), header) is { } length
                        ? (length, [.. fields])
                        : null;
            }

            if (c != ',')
            {
                return null;
            }
        }

        return null;
    }

    private static int? AfterColon(string text, int at, int count, PayloadHeader header)
    {
        string rest = text[at..];
        if (count == 0 || count > header.MaxPayload)
        {
            return at;
        }

        // Not decided until a byte shows whether a line end stands here.
        bool isOpen = rest.Length == 0 || rest == "\r";
        return isOpen && at + rest.Length < PayloadHeader.MaxLength ? null
            : rest.StartsWith("\r\n", StringComparison.Ordinal) ? at + 2 : at;
    }

    private static bool IsGood(List<string> fields, PayloadHeader header)
    {
        int last = fields.Count - 1;
        return (last != header.CountField && last != header.LinkField)
            || (fields[last].Length > 0 && fields[last].All(char.IsAsciiDigit));
    }

    private static int Number(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : int.MaxValue;
}
