using Microsoft.Extensions.Time.Testing;
using ModemDriver.Links;
using ModemDriver.Scheduling;

namespace ModemDriver.Tests.Links;

/// <summary>Which numbers are leased, and which rest or are under suspicion.</summary>
public sealed class LinkTableTests
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _time = new();
    private readonly LinkTable _table;

    public LinkTableTests()
    {
        _table = new LinkTable(_time);
        _table.Reset(5);
    }

    [Fact]
    public void Numbers_are_leased_from_the_top_downwards_until_there_are_none()
    {
        Assert.Equal([4, 3, 2, 1, 0], Enumerable.Range(0, 5).Select(_ => Lease()));
        Assert.Null(_table.FindFree());
        Assert.Equal([0, 1, 2, 3, 4], _table.Links.Select(link => link.Id));
    }

    [Fact]
    public void Numbers_that_are_held_are_counted_and_are_not_free()
    {
        Lease();
        Lease();

        Assert.Equal(2, _table.HeldCount);
        Assert.False(_table.IsFree(4));
        Assert.True(_table.IsFree(2));
        _table.Release(4, isKnownClosed: true);
        Assert.Equal(1, _table.HeldCount);
        Assert.True(_table.IsFree(4));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void Numbers_go_from_0_to_the_count(int linkId, bool expected) => Assert.Equal(expected, _table.IsNumber(linkId));

    [Fact]
    public void Of_two_that_have_rested_alike_the_higher_is_leased()
    {
        for (int i = 0; i < 5; i++)
        {
            Lease();
        }

        _table.Release(1, isKnownClosed: false);
        _table.Release(3, isKnownClosed: false);

        Assert.Equal(3, _table.FindFree());
    }

    [Fact]
    public void Suspicion_of_all_free_numbers_stays_when_it_comes_again()
    {
        Lease();
        _table.SuspectFree();
        _table.SuspectFree();

        Assert.Null(_table.FindFree());
        Assert.False(_table.IsFree(0));
    }

    [Fact]
    public void A_number_that_the_module_has_said_is_closed_is_leased_again_at_once()
    {
        Lease();
        _table.Release(4, isKnownClosed: true);

        Assert.Equal(4, _table.FindFree());
    }

    [Fact]
    public void A_number_whose_end_was_not_told_rests_first()
    {
        Lease();
        _table.Release(4, isKnownClosed: false);

        Assert.Equal(3, _table.FindFree());
        _time.Advance(Rest - TimeSpan.FromMilliseconds(1));
        Assert.Equal(3, _table.FindFree());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(4, _table.FindFree());
    }

    [Fact]
    public void When_all_rest_the_one_that_has_rested_longest_is_leased()
    {
        for (int i = 0; i < 5; i++)
        {
            Lease();
        }

        foreach (int id in (int[])[2, 4, 0, 1, 3])
        {
            _table.Release(id, isKnownClosed: false);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal([2, 4, 0, 1, 3], Enumerable.Range(0, 5).Select(_ => Lease()));
    }

    [Fact]
    public void A_number_under_suspicion_is_not_leased_until_it_is_cleared()
    {
        _table.Suspect(4);
        _table.Suspect(3);

        Assert.True(_table.HasSuspects);
        Assert.False(_table.IsFree(4));
        Assert.Equal(2, _table.FindFree());
        _table.Clear(4);
        Assert.Equal(4, _table.FindFree());
        Assert.True(_table.HasSuspects);
        _table.Clear(3);
        Assert.False(_table.HasSuspects);
    }

    [Fact]
    public void Only_numbers_without_a_link_of_ours_come_under_a_general_suspicion()
    {
        Lease();
        _table.SuspectFree();
        _table.Release(4, isKnownClosed: true);

        Assert.Equal(4, _table.FindFree());
        Assert.All(Enumerable.Range(0, 4), id => Assert.False(_table.IsFree(id)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    [InlineData(246)]
    [InlineData(int.MaxValue)]
    public void A_number_that_cannot_be_has_no_link_and_does_no_harm(int id)
    {
        Assert.False(_table.IsNumber(id));
        Assert.Null(_table.Find(id));
        _table.Clear(id);
    }

    [Fact]
    public void Starting_over_forgets_links_rest_and_suspicion()
    {
        Lease();
        _table.Suspect(3);

        _table.Reset(1);

        Assert.Equal(1, _table.Count);
        Assert.Empty(_table.Links);
        Assert.False(_table.HasSuspects);
        Assert.Equal(0, _table.FindFree());
    }

    [Fact]
    public void No_two_links_have_the_same_generation()
    {
        int[] generations = [.. Enumerable.Range(0, 100).Select(_ => _table.NextGeneration())];

        Assert.Equal(generations.Order().Distinct(), generations);
    }

    private int Lease()
    {
        int id = _table.FindFree() ?? throw new InvalidOperationException("There is no free number.");
        _table.Lease(id, new Link(new ModemLoop(), "10.0.0.2:80", _table.NextGeneration(), 4096));
        Assert.Equal(id, _table.Find(id)?.Id);
        return id;
    }
}
