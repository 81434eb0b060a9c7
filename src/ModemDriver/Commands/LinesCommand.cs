using ModemDriver.Framing;

namespace ModemDriver.Commands;

/// <summary>A command whose answer is kept line by line, for whoever asked to make sense of it.</summary>
/// <remarks>
/// Without prefixes it takes every line that is not a known URC. A prefix ends at a colon or at the end of the line.
/// </remarks>
internal sealed class LinesCommand : AtCommand
{
    // What a module can say to one command; a flood beyond it is a fault of the module, and not worth the memory.
    private const int MaxLines = 512;

    private readonly List<string> _lines = [];
    private readonly string[] _prefixes;

    /// <summary>Describes a command.</summary>
    public LinesCommand(CommandLine line, TimeSpan timeLimit, params string[] prefixes)
        : base(line, timeLimit) => _prefixes = prefixes;

    /// <summary>Describes a command without parameters of a caller.</summary>
    public LinesCommand(string line, TimeSpan timeLimit, params string[] prefixes)
        : this(CommandLineBuilder.Raw(line), timeLimit, prefixes)
    {
    }

    /// <summary>The lines, one character a byte.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <inheritdoc/>
    public override bool AnswersWithoutPrefix => _prefixes.Length == 0;

    // AT+CREG?  ->  +CREG: ...        of a question only: what a setting is followed by is news
    /// <inheritdoc/>
    public override bool Names(ReadOnlySpan<byte> line)
    {
        var text = Line.Text;
        var length = text.IndexOfAny((byte)'?', (byte)'=');
        return length > 2 && text[^1] == '?' && line.Length > length - 2
            && System.Text.Ascii.EqualsIgnoreCase(text[2..length], line[..(length - 2)]) && line[length - 2] == ':';
    }

    /// <inheritdoc/>
    public override bool MayPrompt => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Remarks => _lines;

    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        var text = AtText.Latin1(line);
        if (_prefixes.Length > 0 && !Array.Exists(_prefixes, prefix => IsPrefix(prefix, text)))
        {
            return false;
        }

        if (_lines.Count < MaxLines)
        {
            _lines.Add(text);
        }

        return true;
    }

    private static bool IsPrefix(string prefix, string line) =>
        line.StartsWith(prefix, StringComparison.Ordinal)
        && (line.Length == prefix.Length || line[prefix.Length] == ':');
}
