using System.Globalization;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary>Reads the answers of <c>+COPS</c>.</summary>
/// <remarks>TS 27.007 section 7.3.</remarks>
internal static class OperatorLine
{
    private const int MaxOperators = 64;
    private const int NumericFormat = 2;

    // +COPS: <mode>[,<format>,<oper>[,<AcT>]]
    /// <summary>Takes the line of the answer to <c>AT+COPS?</c>; one after the other in two formats.</summary>
    public static bool TakeCurrent(ReadOnlySpan<byte> line, ref CurrentOperator answer)
    {
        if (!StandardFields.TryStrip(line, "+COPS"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        answer = answer with { Mode = reader.TryReadInt(out var mode) ? ModeOf(mode) : OperatorSelectionMode.Unknown };
        if (!reader.TryReadInt(out var format) || !reader.TryRead(out var oper))
        {
            return true;
        }

        var text = Ucs2Text.Decode(AtText.Latin1(oper));
        answer = answer with { Technology = reader.TryReadInt(out var technology) ? TechnologyOf(technology) : null };
        answer = format == NumericFormat
            ? answer with { Code = IsCode(text) ? text : null }
            : answer with { Name = text.Length > 0 ? text : null };
        return true;
    }

    // +COPS: (<stat>,"<long>","<short>","<num>"[,<AcT>]),(...)[,,(<modes>),(<formats>)]
    // Names may be empty, quotes missing, a bracket too many; the list may go on in further lines, with the prefix or
    // without. What has no code of five or six digits is no operator: so the lists of modes and formats fall out.
    /// <summary>Takes a line of the answer to <c>AT+COPS=?</c>.</summary>
    public static bool TakeList(ReadOnlySpan<byte> line, List<CellularOperator> found)
    {
        if (!StandardFields.TryStrip(line, "+COPS"u8, out var list))
        {
            list = line.Trim((byte)' ');
            if (!list.StartsWith("("u8) && !list.StartsWith(",("u8))
            {
                return false;
            }
        }

        while (TryTakeGroup(ref list, out var group))
        {
            if (found.Count < MaxOperators && ReadGroup(group) is { } read)
            {
                found.Add(read);
            }
        }

        return true;
    }

    private static bool TryTakeGroup(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> group)
    {
        group = default;
        var start = list.IndexOf((byte)'(');
        if (start < 0)
        {
            return false;
        }

        var isQuoted = false;
        for (var i = start + 1; i < list.Length; i++)
        {
            if (list[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (list[i] == ')' && !isQuoted)
            {
                group = list[(start + 1)..i];
                list = list[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private static CellularOperator? ReadGroup(ReadOnlySpan<byte> group)
    {
        var reader = new FieldReader(group);
        if (!reader.TryRead(out var status) || !reader.TryRead(out var longName)
            || !reader.TryRead(out var shortName) || !reader.TryRead(out var numeric))
        {
            return null;
        }

        var code = Ucs2Text.Decode(AtText.Latin1(numeric)).Trim(')', ' ');
        return !IsCode(code)
            ? null
            : new CellularOperator(code, FieldReader.TryParse(status, out var number) ? StatusOf(number) : OperatorStatus.Unknown)
            {
                LongName = NameOf(longName),
                ShortName = NameOf(shortName),
                Technology = reader.TryReadInt(out var technology) ? TechnologyOf(technology) : null,
            };
    }

    private static string? NameOf(ReadOnlySpan<byte> field) =>
        Ucs2Text.Decode(AtText.Latin1(field)).Trim() is { Length: > 0 } name ? name : null;

    private static bool IsCode(string text) => text.Length is 5 or 6 && text.All(char.IsAsciiDigit);

    private static AccessTechnology? TechnologyOf(int number) =>
        Enum.IsDefined((AccessTechnology)number) ? (AccessTechnology)number : null;

    private static OperatorStatus StatusOf(int status) => status switch
    {
        1 => OperatorStatus.Available,
        2 => OperatorStatus.Current,
        3 => OperatorStatus.Forbidden,
        _ => OperatorStatus.Unknown,
    };

    private static OperatorSelectionMode ModeOf(int mode) => mode switch
    {
        0 => OperatorSelectionMode.Automatic,
        1 => OperatorSelectionMode.Manual,
        2 => OperatorSelectionMode.Deregistered,
        4 => OperatorSelectionMode.ManualThenAutomatic,
        _ => OperatorSelectionMode.Unknown,
    };
}

/// <summary>Text that a module gives as hexadecimal UCS-2, because its character set was once set so.</summary>
internal static class Ucs2Text
{
    private const int MinLength = 8;
    private const int CharacterLength = 4;

    /// <summary>The text; what does not look like hexadecimal UCS-2 as it is.</summary>
    /// <remarks>
    /// A name of eight or more characters, in fours, of hexadecimal digits alone, one of them decimal: no operator is
    /// called so, and each text in UCS-2 of two characters looks so.
    /// </remarks>
    public static string Decode(string text)
    {
        if (text.Length < MinLength || text.Length % CharacterLength != 0
            || !text.All(char.IsAsciiHexDigit) || !text.Any(char.IsAsciiDigit))
        {
            return text;
        }

        return string.Create(text.Length / CharacterLength, text, static (decoded, hex) =>
        {
            for (var i = 0; i < decoded.Length; i++)
            {
                decoded[i] = (char)ushort.Parse(
                    hex.AsSpan(i * CharacterLength, CharacterLength),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture);
            }
        });
    }
}
