namespace ModemDriver.Docs.Tests;

/// <summary>The checks themselves, on pages made for them.</summary>
public sealed class CheckerTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pages-").FullName;
    private readonly MarkdownPages _pages;

    public CheckerTests() => _pages = new MarkdownPages(_root);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Links_to_files_folders_and_headings_are_followed()
    {
        Write("README.md", "# Top\n## Two words, `code`!\n[a](docs/a.md) [b](docs/) [c](#two-words-code) [d](docs/a.md#top-1)\n[e](https://example.com/none)\n[r]: docs/a.md");
        Write("docs/a.md", "# Top\n# Top\n[back](../README.md#top)");

        Assert.Empty(_pages.All().SelectMany(_pages.BrokenLinks));
    }

    [Fact]
    public void Links_to_nothing_are_found_but_not_in_code()
    {
        Write("README.md", "[a](none.md) [b](#none)\n`[c](code.md)`\n```text\n[d](code.md)\n```\n");

        Assert.Equal(
            ["README.md: none.md leads to no file", "README.md: #none leads to no heading"],
            _pages.BrokenLinks("README.md"));
    }

    [Fact]
    public void A_page_that_nothing_leads_to_is_not_reached()
    {
        Write("README.md", "[a](docs/a.md)");
        Write("docs/a.md", "[b](b.md#x)");
        Write("docs/b.md", "");
        Write("docs/c.md", "[a](a.md)");

        Assert.Equal(["README.md", "docs/a.md", "docs/b.md"], _pages.ReachableFrom("README.md").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_snippet_equal_to_its_region_passes_whatever_its_indentation()
    {
        Write("Snippets/S.cs", "class S\n{\n    #region Hello\n\n    if (x)\n    {\n        y();\n    }\n    #endregion\n}\n");
        Write("README.md", "- item\n  <!-- snippet: Hello -->\n  ```csharp\n  if (x)\n  {\n      y();\n  }\n  ```\n");

        Assert.Empty(Mistakes());
    }

    [Fact]
    public void Snippets_that_differ_have_no_region_have_no_name_or_are_not_shown_are_found()
    {
        Write("Snippets/S.cs", "#region Shown\na();\n#endregion\n#region Hidden\nb();\n#endregion\n");
        Write("README.md", "<!-- snippet: Shown -->\n```csharp\nother();\n```\n<!-- snippet: Missing -->\n```csharp\nc();\n```\n```csharp\nd();\n```\n```text\ne\n```\n");

        Assert.Collection(
            Mistakes(),
            mistake => Assert.StartsWith("README.md: Shown differs from its region", mistake, StringComparison.Ordinal),
            mistake => Assert.Equal("README.md: there is no region Missing", mistake),
            mistake => Assert.StartsWith("README.md: a block of C# names no snippet", mistake, StringComparison.Ordinal),
            mistake => Assert.Equal("no page shows the region Hidden", mistake));
    }

    private IEnumerable<string> Mistakes() =>
        SnippetCheck.Mistakes(_pages, SnippetSources.Read(Path.Combine(_root, "Snippets")));

    private void Write(string path, string text)
    {
        string full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!); // the path has a folder
        File.WriteAllText(full, text);
    }
}
