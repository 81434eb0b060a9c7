using ModemDriver.Cli.Demo;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class WireExcerptTests
{
    [Fact]
    public void A_short_dialogue_is_kept_whole()
    {
        using var wire = new WireExcerpt();
        Write(wire, 6);

        Assert.Equal(["> 1", "> 2", "> 3", "> 4", "> 5", "> 6"], wire.Take());
    }

    [Fact]
    public void Of_a_long_one_the_ends_are_kept_and_the_rest_is_counted()
    {
        using var wire = new WireExcerpt();
        Write(wire, 100_000);

        Assert.Equal(["> 1", "> 2", "> 3", "> 4", "... 99994 more ...", "> 99999", "> 100000"], wire.Take());
    }

    [Fact]
    public void Taking_it_begins_a_new_one()
    {
        using var wire = new WireExcerpt();
        Write(wire, 10);
        wire.Take();
        Write(wire, 1);

        Assert.Equal(["> 1"], wire.Take());
        Assert.Empty(wire.Take());
    }

    [Fact]
    public void A_long_line_is_cut()
    {
        using var wire = new WireExcerpt();
        wire.WriteLine(new string('x', 5000));

        string line = Assert.Single(wire.Take());
        Assert.True(line.Length <= 103);
        Assert.EndsWith("...", line, StringComparison.Ordinal);
    }

    private static void Write(WireExcerpt wire, int lines)
    {
        for (int i = 1; i <= lines; i++)
        {
            wire.WriteLine($"> {i}");
        }
    }
}
