using System.Globalization;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Transcripts;

/// <summary>A recorded session with a module. The notation is described in <c>docs/transcripts.md</c>.</summary>
public sealed class Transcript
{
    private Transcript(string title, int line, IReadOnlyList<TranscriptStep> steps)
    {
        Title = title;
        Line = line;
        Steps = steps;
    }

    /// <summary>What stands behind <c>= </c>.</summary>
    public string Title { get; }

    /// <summary>Where it begins in its file, from 1.</summary>
    public int Line { get; }

    /// <summary>What happens, in order; remarks are left out.</summary>
    public IReadOnlyList<TranscriptStep> Steps { get; }

    /// <summary>Reads the sessions of a file.</summary>
    /// <param name="text">The file; lines end in LF or CR LF.</param>
    /// <exception cref="TranscriptException">A line is none of the notation.</exception>
    public static IReadOnlyList<Transcript> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sessions = new List<Transcript>();
        List<TranscriptStep>? steps = null;
        int number = 0;
        foreach (string line in text.Split('\n').Select(line => line.TrimEnd('\r')))
        {
            number++;
            if (line.Length == 0 || line == "#" || line.StartsWith("# ", StringComparison.Ordinal))
            {
                continue;
            }

            if (line.StartsWith("= ", StringComparison.Ordinal))
            {
                steps = [];
                sessions.Add(new Transcript(line[2..], number, steps));
                continue;
            }

            (steps ?? throw new TranscriptException(number, "A session begins with '= '.")).Add(ParseStep(line, number));
        }

        return sessions;
    }

    internal static byte[] Unescape(string text, int line)
    {
        var bytes = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.Add(text[i] <= 0xff
                    ? (byte)text[i]
                    : throw new TranscriptException(line, $"'{text[i]}' is no byte; write it as \\xNN."));
                continue;
            }

            char escape = ++i < text.Length ? text[i] : '\0';
            bytes.Add(escape switch
            {
                'r' => (byte)'\r',
                'n' => (byte)'\n',
                '\\' => (byte)'\\',
                'x' when i + 2 < text.Length
                    && byte.TryParse(
                        text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                        out byte value) => value,
                _ => throw new TranscriptException(line, $"'\\{escape}' is no escape."),
            });
            i += escape == 'x' ? 2 : 0;
        }

        return [.. bytes];
    }

    private static TranscriptStep ParseStep(string line, int number)
    {
        string body = line.Length > 2 ? line[2..] : "";
        return line[..Math.Min(2, line.Length)] switch
        {
            "> " => new(number, TranscriptStepKind.ToModule, Unescape(body, number), "", TimeSpan.Zero),
            "< " => new(number, TranscriptStepKind.ToHost, Unescape(body, number), "", TimeSpan.Zero),
            "! " => new(number, TranscriptStepKind.Event, default, body, TimeSpan.Zero),
            "@ " when int.TryParse(body, NumberStyles.None, CultureInfo.InvariantCulture, out int pause) =>
                new(number, TranscriptStepKind.Pause, default, "", TimeSpan.FromMilliseconds(pause)),
            _ => throw new TranscriptException(
                number, $"'{WireText.Escape(WireText.Bytes(line))}' begins with none of '> < @ ! # ='."),
        };
    }
}
