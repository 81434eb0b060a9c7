using System.Text;
using System.Text.RegularExpressions;

namespace ModemDriver.Docs.Tests;

/// <summary>The Markdown pages below a folder, their links and their snippets.</summary>
internal sealed partial class MarkdownPages(string root)
{
    private static readonly string[] Skipped = ["bin", "obj", "artifacts", "TestResults", ".git", "node_modules"];

    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The folder of the solution.</summary>
    public static string FindRepository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ModemDriver.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    /// <summary>All pages, as paths from the root with slashes.</summary>
    public IReadOnlyList<string> All() =>
        [.. Directory.EnumerateFiles(Root, "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => Skipped.Contains(part)))
            .Order(StringComparer.Ordinal)];

    public string Read(string page) => File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n");

    /// <summary>The links of a page that lead to a file of the repository, or to a heading; code is not looked at.</summary>
    public IEnumerable<string> LocalLinks(string page) =>
        Link().Matches(WithoutCode(Read(page)))
            .Select(found => found.Groups["inline"].Success ? found.Groups["inline"].Value : found.Groups["reference"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal)
                && !target.StartsWith("mailto:", StringComparison.Ordinal));

    /// <summary>What is wrong with the links of a page.</summary>
    public IEnumerable<string> BrokenLinks(string page)
    {
        foreach (string target in LocalLinks(page))
        {
            string[] parts = target.Split('#', 2);
            string file = parts[0].Length == 0 ? page : Resolve(page, parts[0]);
            string full = Path.Combine(Root, file);
            if (!File.Exists(full) && !Directory.Exists(full))
            {
                yield return $"{page}: {target} leads to no file";
            }
            else if (parts.Length == 2 && file.EndsWith(".md", StringComparison.Ordinal) && !Anchors(file).Contains(parts[1]))
            {
                yield return $"{page}: {target} leads to no heading";
            }
        }
    }

    /// <summary>The pages that can be reached by links from a page, itself included.</summary>
    public IReadOnlySet<string> ReachableFrom(string start)
    {
        HashSet<string> reached = new(StringComparer.Ordinal) { start };
        Queue<string> open = new(reached);
        while (open.TryDequeue(out string? page))
        {
            foreach (string target in LocalLinks(page))
            {
                string file = Resolve(page, target.Split('#', 2)[0]);
                if (file.EndsWith(".md", StringComparison.Ordinal) && File.Exists(Path.Combine(Root, file)) && reached.Add(file))
                {
                    open.Enqueue(file);
                }
            }
        }

        return reached;
    }

    /// <summary>The fenced blocks of a page: the language, the name of the snippet before it if any, the text.</summary>
    public IEnumerable<FencedBlock> Blocks(string page) =>
        Fence().Matches(Read(page)).Select(found => new FencedBlock(
            found.Groups["language"].Value,
            found.Groups["name"].Success ? found.Groups["name"].Value : null,
            found.Groups["text"].Value));

    private string Resolve(string page, string target)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Root, page))!; // a page has a folder
        return Path.GetRelativePath(Root, Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(target)))).Replace('\\', '/');
    }

    // The anchors that GitHub gives to headings: lower case, spaces become hyphens, other punctuation goes; a repeated
    // heading gets a number.
    private HashSet<string> Anchors(string page)
    {
        HashSet<string> anchors = new(StringComparer.Ordinal);
        foreach (Match heading in Heading().Matches(WithoutFences(Read(page))))
        {
            StringBuilder anchor = new();
            foreach (char c in heading.Groups["text"].Value.Trim().ToLowerInvariant())
            {
                anchor.Append(c == ' ' ? "-" : char.IsLetterOrDigit(c) || c is '-' or '_' ? c.ToString() : string.Empty);
            }

            string name = anchor.ToString();
            for (int i = 1; !anchors.Add(name); i++)
            {
                name = $"{anchor}-{i}";
            }
        }

        return anchors;
    }

    private static string WithoutFences(string text) => Fence().Replace(text, "\n");

    private static string WithoutCode(string text) => InlineCode().Replace(WithoutFences(text), string.Empty);

    [GeneratedRegex(@"\[[^\]]*\]\((?<inline>[^)\s]+)(?:\s+""[^""]*"")?\)|^\[[^\]]+\]:\s*(?<reference>\S+)", RegexOptions.Multiline)]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"`[^`\n]*`")]
    private static partial Regex InlineCode();

    // <!-- snippet: Name -->        one line before the block, which it may be indented with
    // ```csharp
    [GeneratedRegex(@"(?:^[ \t]*<!-- snippet: (?<name>\w+) -->[ \t]*\n)?^(?<indent>[ \t]*)```(?<language>[^\n`]*)\n(?<text>.*?)^\k<indent>```[ \t]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
