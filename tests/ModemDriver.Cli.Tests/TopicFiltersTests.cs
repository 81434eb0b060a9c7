using ModemDriver.Cli.Verbs.Mqtt;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class TopicFiltersTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "b/#", false)]
    [InlineData("#", "x/y", true)]
    [InlineData("+/b", "a/+", true)]
    [InlineData("+/b", "a/c", false)]
    [InlineData("+", "a/b", false)]
    [InlineData("+/#", "a", true)]
    [InlineData("$share/g/a/+", "a/b", true)]
    [InlineData("$share/g/a/+", "c/b", false)]
    public void Filters_overlap_where_a_topic_can_match_both(string one, string other, bool expected)
    {
        Assert.Equal(expected, TopicFilters.Overlap(one, other));
        Assert.Equal(expected, TopicFilters.Overlap(other, one));
    }

    [Theory]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("a/#", "a", true)]
    [InlineData("$share/g/a/+", "a/b", true)]
    public void A_topic_matches_a_filter(string filter, string topic, bool expected) =>
        Assert.Equal(expected, TopicFilters.Matches(filter, topic));
}
