using System.Text.RegularExpressions;

namespace ModemDriver.Docs.Tests;

/// <summary>The regions of the compiled files that the pages show.</summary>
internal static partial class SnippetSources
{
    /// <summary>The regions of all C# files of a folder by name, as they are to be shown.</summary>
    public static IReadOnlyDictionary<string, string> Read(string folder)
    {
        Dictionary<string, string> regions = new(StringComparer.Ordinal);
        if (Directory.Exists(folder))
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            {
                foreach (Match found in Region().Matches(File.ReadAllText(file).ReplaceLineEndings("\n")))
                {
                    regions.Add(found.Groups["name"].Value, Dedent(found.Groups["text"].Value));
                }
            }
        }

        return regions;
    }

    /// <summary>Takes off the indentation that all lines share, and empty lines around.</summary>
    public static string Dedent(string text)
    {
        string[] lines = [.. text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())];
        int shared = lines.Where(line => line.Length > 0)
            .Select(line => line.Length - line.TrimStart().Length)
            .DefaultIfEmpty(0)
            .Min();
        return string.Join('\n', lines.Select(line => line.Length == 0 ? line : line[shared..])).Trim('\n');
    }

    [GeneratedRegex(@"^[ \t]*#region (?<name>\w+)[ \t]*\n(?<text>.*?)^[ \t]*#endregion", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Region();
}
