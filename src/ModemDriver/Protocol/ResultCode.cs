using System.Text;

namespace ModemDriver.Protocol;

/// <summary>What a result code means for the command in flight.</summary>
internal enum ResultVerdict
{
    /// <summary>It was carried out.</summary>
    Success,

    /// <summary>It was not.</summary>
    Failure,

    /// <summary>The line was thrown away unread: the module is at work on something else.</summary>
    Busy,
}

/// <summary>One row of a table of final result codes: a whole line, never a part of one.</summary>
internal sealed class ResultCode
{
    private readonly byte[] _text;
    private readonly bool _hasValue;
    private readonly LineTest? _test;

    /// <summary>Describes a result code.</summary>
    /// <param name="text">The line; the part before the value when there is one.</param>
    /// <param name="verdict">What it means.</param>
    /// <param name="hasValue">Whether a value follows, as in <c>+CME ERROR: 10</c>.</param>
    public ResultCode(string text, ResultVerdict verdict, bool hasValue = false)
    {
        _text = Encoding.Latin1.GetBytes(text);
        _hasValue = hasValue;
        Text = text;
        Verdict = verdict;
    }

    /// <summary>Describes a result code that has no fixed part: a line of a certain shape, such as an address.</summary>
    /// <param name="name">What it is, for people.</param>
    /// <param name="verdict">What it means.</param>
    /// <param name="test">Whether a line has that shape.</param>
    public ResultCode(string name, ResultVerdict verdict, LineTest test)
        : this(name, verdict, hasValue: true) => _test = test;

    /// <summary>Whether a line has a certain shape.</summary>
    public delegate bool LineTest(ReadOnlySpan<byte> line);

    /// <summary>The line, or its fixed part.</summary>
    public string Text { get; }

    /// <summary>What it means.</summary>
    public ResultVerdict Verdict { get; }

    /// <summary>Whether the line is this result code.</summary>
    public bool Matches(ReadOnlySpan<byte> line) =>
        _test is not null ? _test(line) : _hasValue ? line.StartsWith(_text) : line.SequenceEqual(_text);

    /// <summary>The result, with the line's own text.</summary>
    public FinalResult ToResult(ReadOnlySpan<byte> line) =>
        new(Verdict == ResultVerdict.Success, _hasValue ? Encoding.Latin1.GetString(line) : Text);
}
