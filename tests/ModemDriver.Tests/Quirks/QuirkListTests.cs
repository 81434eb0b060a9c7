using System.Reflection;
using ModemDriver.Tests.Docs;

namespace ModemDriver.Tests.Quirks;

/// <summary>docs/dialects/esp-at.md lists what has a test, and has a test for what it lists.</summary>
public sealed class QuirkListTests
{
    private const string Page = "docs/dialects/esp-at.md";
    private const string Met = "| No. | What modules do | Seen in | What the driver does | Tests |";
    private const string NotMet = "| No. | What modules do | Seen in | Instead |";

    [Fact]
    public void Every_quirk_on_the_page_has_tests_where_the_page_says_and_every_test_a_quirk()
    {
        string[] listed = [.. MarkdownTable.Read(Page, Met)
            .SelectMany(cells => cells[4].Split(", ").Select(test => $"{cells[0]} {test}"))];
        string[] tested = [.. Tested()];
        string missing = string.Join(", ", tested.Except(listed).Order(StringComparer.Ordinal));
        string unfounded = string.Join(", ", listed.Except(tested).Order(StringComparer.Ordinal));

        Assert.True(missing.Length == 0, $"{Page} does not name these tests (number and class): {missing}");
        Assert.True(unfounded.Length == 0, $"{Page} names tests that are not there: {unfounded}");
    }

    [Fact]
    public void Every_quirk_has_a_number_of_its_own_without_a_gap_and_says_where_it_was_seen()
    {
        string[][] met = [.. MarkdownTable.Read(Page, Met)];
        string[][] rows = [.. met, .. MarkdownTable.Read(Page, NotMet)];

        Assert.Equal(met.Select(cells => Number(cells[0])).Order(), met.Select(cells => Number(cells[0])));
        Assert.Equal(Enumerable.Range(1, rows.Length), rows.Select(cells => Number(cells[0])).Order());
        Assert.All(rows, cells => Assert.DoesNotContain(cells, string.IsNullOrWhiteSpace));
    }

    private static IEnumerable<string> Tested() => typeof(QuirkListTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetCustomAttribute<FactAttribute>() is { Skip: null })
        .SelectMany(method => method.GetCustomAttributes<TraitAttribute>()
            .Where(trait => trait.Name == "Quirk")
            .Select(trait => $"{trait.Value} {method.DeclaringType!.Name}")) // a method of a class has one
        .Distinct();

    private static int Number(string quirk) =>
        int.Parse(quirk.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
}
