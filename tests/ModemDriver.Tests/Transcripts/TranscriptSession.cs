using System.Globalization;
using System.Text;

namespace ModemDriver.Tests.Transcripts;

/// <summary>A recorded session, read by the driver's tests on their own: the notation is in docs/transcripts.md.</summary>
internal sealed record TranscriptSession(string Title, IReadOnlyList<(char Mark, string Text)> Steps)
{
    public static IReadOnlyList<TranscriptSession> ReadAll()
    {
        var folder = Path.Combine(Root(), "tests", "transcripts", "esp-at");
        return [.. Directory.GetFiles(folder, "*.at").Order(StringComparer.Ordinal).SelectMany(Read)];
    }

    /// <summary>The bytes of a step, one character each.</summary>
    public static string Unescape(string text)
    {
        var bytes = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.Append(text[i]);
                continue;
            }

            i++;
            switch (text[i])
            {
                case 'r':
                    bytes.Append('\r');
                    break;
                case 'n':
                    bytes.Append('\n');
                    break;
                case '\\':
                    bytes.Append('\\');
                    break;
                case 'x':
                    bytes.Append((char)int.Parse(
                        text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    i += 2;
                    break;
                default:
                    throw new FormatException($"\\{text[i]} is no escape.");
            }
        }

        return bytes.ToString();
    }

    public override string ToString() => Title;

    private static IEnumerable<TranscriptSession> Read(string path)
    {
        string? title = null;
        var steps = new List<(char, string)>();
        foreach (var line in File.ReadAllLines(path).Append("= end"))
        {
            if (line.StartsWith("= ", StringComparison.Ordinal))
            {
                if (title is not null)
                {
                    yield return new TranscriptSession(title, [.. steps]);
                }

                title = $"{Path.GetFileName(path)}: {line[2..]}";
                steps.Clear();
            }
            else if (line.Length > 2 && line[0] != '#')
            {
                steps.Add((line[0], line[2..]));
            }
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ModemDriver.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("ModemDriver.sln");
    }
}
