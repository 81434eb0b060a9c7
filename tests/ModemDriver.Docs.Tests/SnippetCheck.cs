namespace ModemDriver.Docs.Tests;

/// <summary>Compares what the pages show with what is compiled.</summary>
internal static class SnippetCheck
{
    /// <summary>C# without a name, names without a region, texts that differ, regions that no page shows.</summary>
    public static IEnumerable<string> Mistakes(MarkdownPages pages, IReadOnlyDictionary<string, string> regions)
    {
        HashSet<string> shown = new(StringComparer.Ordinal);
        foreach (string page in pages.All())
        {
            foreach (FencedBlock block in pages.Blocks(page))
            {
                if (block.Snippet is { } name)
                {
                    shown.Add(name);
                    if (!regions.TryGetValue(name, out string? compiled))
                    {
                        yield return $"{page}: there is no region {name}";
                    }
                    else if (SnippetSources.Dedent(block.Text) != compiled)
                    {
                        yield return $"{page}: {name} differs from its region, which is now:\n{compiled}";
                    }
                }
                else if (block.Language.Trim() is "csharp" or "cs" or "c#")
                {
                    yield return $"{page}: a block of C# names no snippet:\n{block.Text}";
                }
            }
        }

        foreach (string unused in regions.Keys.Where(region => !shown.Contains(region)))
        {
            yield return $"no page shows the region {unused}";
        }
    }
}
