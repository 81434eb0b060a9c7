namespace ModemDriver.Docs.Tests;

/// <summary>The pages of the repository.</summary>
public sealed class PagesTests
{
    private static readonly MarkdownPages Pages = new(MarkdownPages.FindRepository());

    [Fact]
    public void Every_link_leads_somewhere() => Assert.Empty(Pages.All().SelectMany(Pages.BrokenLinks));

    [Fact]
    public void Every_page_of_the_docs_can_be_reached_from_the_readme()
    {
        IReadOnlySet<string> reached = Pages.ReachableFrom("README.md");

        Assert.DoesNotContain(
            Pages.All(), page => page.StartsWith("docs/", StringComparison.Ordinal) && !reached.Contains(page));
    }

    [Fact]
    public void Every_block_of_C_sharp_is_compiled_code_and_equals_it()
    {
        IReadOnlyDictionary<string, string> regions =
            SnippetSources.Read(Path.Combine(Pages.Root, "tests/ModemDriver.Docs.Tests/Snippets"));

        Assert.Empty(SnippetCheck.Mistakes(Pages, regions));
    }
}
