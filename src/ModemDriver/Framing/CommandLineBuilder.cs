using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ModemDriver.Framing;

/// <summary>How a dialect writes characters in a string parameter that have a meaning of their own.</summary>
internal enum QuotingRule
{
    /// <summary>They cannot be written; a parameter that holds a quote is refused. V.250 section 5.4.2.2.</summary>
    Refuse,

    /// <summary>A backslash goes before <c>,</c> <c>"</c> and <c>\</c>.</summary>
    Backslash,
}

/// <summary>Builds a command line. Quoting and escaping live here and nowhere else.</summary>
/// <remarks>
/// A parameter can neither end its command nor begin another: CR, LF, NUL, Ctrl-Z and ESC are refused, quotes are
/// escaped as the dialect does it, or refused. Text is sent as UTF-8; what cannot be encoded is refused.
/// </remarks>
internal sealed class CommandLineBuilder
{
    // Of the longest number, with its sign.
    private const int MaxDigits = 20;

    private readonly QuotingRule _rule;
    private readonly int _maxLength;
    private readonly List<byte> _bytes = new(64);
    private List<Range>? _secrets;
    private bool _hasParameters;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>Starts a line.</summary>
    /// <param name="command">The command up to its first parameter, such as <c>AT+CWMODE=</c>.</param>
    /// <param name="rule">How the dialect escapes.</param>
    /// <param name="maxLength">The longest line that the module takes, in bytes with its end.</param>
    public CommandLineBuilder(string command, QuotingRule rule = QuotingRule.Refuse, int maxLength = 512)
    {
        _rule = rule;
        _maxLength = maxLength;
        Encoding.ASCII.GetBytes(command, Extend(command.Length));
    }

    /// <summary>A whole line as a caller typed it, checked, with no further quoting.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="maxLength">The longest line that the module takes, in bytes with its end.</param>
    /// <param name="visibleLength">How many bytes of it may be shown; null: all.</param>
    /// <exception cref="ArgumentException">It holds a control character, is empty or too long.</exception>
    public static CommandLine Raw(string line, int maxLength = 512, Func<ReadOnlySpan<byte>, int>? visibleLength = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(line);
        RefuseUnsendable(line, nameof(line));
        var length = Encoding.UTF8.GetByteCount(line);
        RefuseTooLong(length + LineEnd.Length, maxLength);
        var bytes = new byte[length + LineEnd.Length];
        Encoding.UTF8.GetBytes(line, bytes);
        LineEnd.CopyTo(bytes.AsSpan(length));
        return visibleLength is not null && visibleLength(bytes.AsSpan(0, length)) is var visible && visible < length
            ? new CommandLine(bytes, [new Range(visible, length)])
            : new CommandLine(bytes, []);
    }

    /// <summary>How many bytes the line has so far.</summary>
    public int Length => _bytes.Count;

    /// <summary>Adds a number.</summary>
    public CommandLineBuilder Number(long value)
    {
        Separate();
        value.TryFormat(Extend(MaxDigits), out var length, default, CultureInfo.InvariantCulture); // it fits
        CollectionsMarshal.SetCount(_bytes, _bytes.Count - MaxDigits + length);
        return this;
    }

    /// <summary>Adds a number, or nothing at all when there is none.</summary>
    public CommandLineBuilder NumberIf(long? value) => value is { } number ? Number(number) : this;

    /// <summary>Adds a parameter that is left empty.</summary>
    public CommandLineBuilder Empty()
    {
        Separate();
        return this;
    }

    /// <summary>Adds a quoted string.</summary>
    /// <exception cref="ArgumentException">It holds what cannot be written.</exception>
    public CommandLineBuilder Text(string value, string parameterName)
    {
        Separate();
        _bytes.Add((byte)'"');
        Append(value, parameterName);
        _bytes.Add((byte)'"');
        return this;
    }

    /// <summary>Adds a quoted string that no log, trace or exception may show.</summary>
    /// <exception cref="ArgumentException">It holds what cannot be written; the message does not quote it.</exception>
    public CommandLineBuilder Secret(string value, string parameterName)
    {
        Separate();
        _bytes.Add((byte)'"');
        var start = _bytes.Count;
        Append(value, parameterName);
        (_secrets ??= []).Add(new Range(start, _bytes.Count));
        _bytes.Add((byte)'"');
        return this;
    }

    /// <summary>The finished line.</summary>
    /// <param name="isBeforePrompt">
    /// Whether payload follows a prompt, and the line ends with CR alone: a late LF may be taken for the first of its bytes.
    /// </param>
    /// <exception cref="ArgumentException">The line is longer than the module takes.</exception>
    public CommandLine Build(bool isBeforePrompt = false)
    {
        _bytes.AddRange(isBeforePrompt ? LineEnd[..1] : LineEnd);
        RefuseTooLong(_bytes.Count, _maxLength);
        return new CommandLine([.. _bytes], _secrets is null ? [] : _secrets);
    }

    private static void RefuseTooLong(int length, int maxLength)
    {
        if (length > maxLength)
        {
            throw new ArgumentException($"The command line has {length} bytes; the module takes at most {maxLength}.");
        }
    }

    /// <summary>Whether all of a text can be encoded. UTF-16 may hold halves of surrogate pairs, which the encoder would
    /// replace by another character without a word.</summary>
    public static bool IsUnicode(ReadOnlySpan<char> text)
    {
        for (int at; (at = text.IndexOfAnyInRange('\ud800', '\udfff')) >= 0; text = text[(at + 2)..])
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out _) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }
        }

        return true;
    }

    private void Append(string value, string parameterName)
    {
        RefuseUnsendable(value, parameterName);
        if (value.AsSpan().IndexOfAny('"', '\\', ',') < 0)
        {
            Encoding.UTF8.GetBytes(value, Extend(Encoding.UTF8.GetByteCount(value)));
            return;
        }

        foreach (var b in Encoding.UTF8.GetBytes(value))
        {
            if (b is (byte)'"' or (byte)'\\' or (byte)',')
            {
                Escape(b, parameterName);
            }

            _bytes.Add(b);
        }
    }

    private void Escape(byte b, string parameterName)
    {
        if (_rule == QuotingRule.Backslash)
        {
            _bytes.Add((byte)'\\');
        }
        else if (b == '"')
        {
            throw new ArgumentException("A double quote cannot be sent to this module.", parameterName);
        }
    }

    // The whole C0 range and DEL, not only the five that are known to do harm: none of them has a use in a parameter.
    private static void RefuseUnsendable(string value, string parameterName)
    {
        foreach (var c in value)
        {
            if (char.IsControl(c))
            {
                throw new ArgumentException(
                    $"The control character U+{(int)c:X4} cannot be part of a command.", parameterName);
            }
        }

        if (!IsUnicode(value))
        {
            throw new ArgumentException("Half of a surrogate pair is no character; it cannot be sent.", parameterName);
        }
    }

    // Room for so many bytes at the end.
    private Span<byte> Extend(int length)
    {
        var end = _bytes.Count;
        CollectionsMarshal.SetCount(_bytes, end + length);
        return CollectionsMarshal.AsSpan(_bytes)[end..];
    }

    private void Separate()
    {
        if (_hasParameters)
        {
            _bytes.Add((byte)',');
        }

        _hasParameters = true;
    }
}
