using ModemDriver.Tests.Architecture;

namespace ModemDriver.Tests.Docs;

/// <summary>The tables of a page, cell by cell.</summary>
internal static class MarkdownTable
{
    /// <summary>The rows of the table with this header line, without backticks.</summary>
    public static IReadOnlyList<string[]> Read(string page, string header)
    {
        string[] lines = SourceTree.Read(page).ReplaceLineEndings("\n").Split('\n');
        int start = Array.IndexOf(lines, header);
        Assert.True(start >= 0, $"{page} has no table with the header {header}");
        return
        [
            .. lines.Skip(start + 2).TakeWhile(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|')
                .Select(cell => cell.Replace("`", string.Empty, StringComparison.Ordinal).Trim()).ToArray()),
        ];
    }
}
