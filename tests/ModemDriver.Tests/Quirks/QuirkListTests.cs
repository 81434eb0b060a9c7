using System.Reflection;
using ModemDriver.Tests.Docs;

namespace ModemDriver.Tests.Quirks;

/// <summary>The pages of the dialects list what has a test, and have a test for what they list.</summary>
/// <remarks>Each page has a series of its own: the letter of its numbers.</remarks>
public sealed class QuirkListTests
{
    private const string Met = "| No. | What modules do | Seen in | What the driver does | Tests |";
    private const string NotMet = "| No. | What modules do | Seen in | Instead |";

    [Theory]
    [InlineData("docs/dialects/esp-at.md", 'Q')]
    [InlineData("docs/dialects/luat.md", 'L')]
    public void Every_quirk_on_the_page_has_tests_where_the_page_says_and_every_test_a_quirk(string page, char series)
    {
        string[] listed = [.. MarkdownTable.Read(page, Met)
            .SelectMany(cells => cells[4].Split(", ").Select(test => $"{cells[0]} {test}"))];
        string[] tested = [.. Tested(series)];
        string missing = string.Join(", ", tested.Except(listed).Order(StringComparer.Ordinal));
        string unfounded = string.Join(", ", listed.Except(tested).Order(StringComparer.Ordinal));

        Assert.True(missing.Length == 0, $"{page} does not name these tests (number and class): {missing}");
        Assert.True(unfounded.Length == 0, $"{page} names tests that are not there: {unfounded}");
    }

    [Theory]
    [InlineData("docs/dialects/esp-at.md", 'Q')]
    [InlineData("docs/dialects/luat.md", 'L')]
    public void Every_quirk_has_a_number_of_its_own_without_a_gap_and_says_where_it_was_seen(string page, char series)
    {
        string[][] met = [.. MarkdownTable.Read(page, Met)];
        string[][] rows = [.. met, .. MarkdownTable.Read(page, NotMet)];

        Assert.All(rows, cells => Assert.Equal(series, cells[0][0]));
        Assert.Equal(met.Select(cells => Number(cells[0])).Order(), met.Select(cells => Number(cells[0])));
        Assert.Equal(Enumerable.Range(1, rows.Length), rows.Select(cells => Number(cells[0])).Order());
        Assert.All(rows, cells => Assert.DoesNotContain(cells, string.IsNullOrWhiteSpace));
    }

    private static IEnumerable<string> Tested(char series) => typeof(QuirkListTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetCustomAttribute<FactAttribute>() is { Skip: null })
        .SelectMany(method => method.GetCustomAttributes<TraitAttribute>()
            .Where(trait => trait.Name == "Quirk" && trait.Value[0] == series)
            .Select(trait => $"{trait.Value} {method.DeclaringType!.Name}")) // a method of a class has one
        .Distinct();

    private static int Number(string quirk) =>
        int.Parse(quirk.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
}
