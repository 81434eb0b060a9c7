using Microsoft.Extensions.Time.Testing;
using ModemDriver.Messaging;

namespace ModemDriver.Tests.Messaging;

/// <summary>Parts become messages.</summary>
public sealed class PartCollectorTests
{
    private static readonly TimeSpan Expiry = TimeSpan.FromHours(6);

    private readonly FakeTimeProvider _time = new();
    private readonly PartCollector _collector;

    /// <summary>Makes an empty collector.</summary>
    public PartCollectorTests() => _collector = new PartCollector(_time, Expiry);

    [Fact]
    public void AnyOrderAndCopiesMakeOneMessage()
    {
        Assert.Empty(Add(1, 3, 3, "c"));
        Assert.Empty(Add(1, 1, 3, "a"));
        Assert.Empty(Add(1, 3, 3, "c"));
        var message = Assert.Single(Add(1, 2, 3, "b"));
        Assert.Equal(("abc", 3, 0), (message.Text, message.Parts.Count, _collector.Held));
        Assert.Equal(4, message.Copies.Count);

        Assert.Empty(_collector.Add(Part("+1", 1, 2, 3, "b"), out var original));
        Assert.Same(message, original);
        Assert.Equal(0, _collector.Held);
    }

    [Fact]
    public void SenderReferenceAndTotalTellMessagesApart()
    {
        Assert.Empty(Add(1, 1, 2, "a"));
        Assert.Empty(Add(2, 2, 2, "B"));
        Assert.Empty(Add(1, 2, 3, "x"));
        Assert.Empty(_collector.Add(Part("+2", 1, 2, 2, "y"), out _));
        Assert.Equal("ab", Assert.Single(Add(1, 2, 2, "b")).Text);
        Assert.Equal("AB", Assert.Single(Add(2, 1, 2, "A")).Text);
    }

    [Fact]
    public void AReferenceThatComesAgainIsAnotherMessage()
    {
        Assert.Empty(Add(1, 1, 2, "old "));
        Assert.Empty(Add(1, 1, 2, "new "));
        Assert.Equal("new end", Assert.Single(Add(1, 2, 2, "end")).Text);
        Assert.Equal(1, _collector.Held);
    }

    [Fact]
    public void APartThatNeverComesGivesTheRestOut()
    {
        Assert.Empty(Add(1, 1, 3, "a"));
        _time.Advance(Expiry - TimeSpan.FromTicks(1));
        Assert.Empty(_collector.Expire());
        Assert.Empty(Add(1, 3, 3, "c"));
        _time.Advance(TimeSpan.FromTicks(1));
        var message = Assert.Single(_collector.Expire());
        Assert.Equal(("ac", 2, 3), (message.Text, message.Parts.Count, message.Total));
        Assert.Null(_collector.UntilExpiry);
    }

    [Fact]
    public void WhatIsReleasedStandsHereAloneAndIsNamedNoMore()
    {
        Add(1, 1, 3, "a");
        Add(2, 1, 2, "A");
        Add(1, 3, 3, "c");
        Assert.Equal([1, 3], _collector.ReleaseOldest().Select(copy => copy.Place.Index));
        Assert.Equal([2], _collector.ReleaseOldest().Select(copy => copy.Place.Index));
        Assert.Empty(_collector.ReleaseOldest());
        var message = Assert.Single(Add(1, 2, 3, "b"));
        Assert.Equal("abc", message.Text);
        Assert.Equal([4], message.Copies.Select(copy => copy.Place.Index));
    }

    [Fact]
    public void WhatIsHeldIsBounded()
    {
        var givenUp = 0;
        for (var i = 0; i < 5000; i++)
        {
            givenUp += Add(i, 1, 2, "a").Count;
            Assert.InRange(_collector.Held, 0, PartCollector.MaxParts);
        }

        Assert.Equal(5000 - PartCollector.MaxParts, givenUp);
    }

    [Fact]
    public void APairThatASenderHasSplitIsPutTogether()
    {
        var escape = new byte[] { (byte)'a', GsmAlphabet.Escape };
        var rest = new byte[] { 0x65, (byte)'b' };
        Assert.Empty(_collector.Add(Raw(0x00, 1, escape), out _));
        Assert.Equal("a€b", Assert.Single(_collector.Add(Raw(0x00, 2, rest), out _)).Text);
        Assert.Empty(_collector.Add(Raw(0x08, 1, [0xD8, 0x3D]), out _));
        Assert.Equal("😀", Assert.Single(_collector.Add(Raw(0x08, 2, [0xDE, 0x00]), out _)).Text);
    }

    private IReadOnlyList<MessageParts> Add(int reference, int number, int total, string text) =>
        _collector.Add(Part("+1", reference, number, total, text), out _);

    private int _index;

    private MessagePart Part(string sender, int reference, int number, int total, string text)
    {
        var header = new UserDataHeader(new(reference, total, number, true), null);
        Assert.True(GsmAlphabet.TryEncode(text, out var units));
        return new(new DeliverPdu(null, sender, null, 0, new UserData(default, header, units)), new StoredCopy(new("SM", ++_index), []));
    }

    private static MessagePart Raw(byte coding, int number, byte[] units) => new(
        new DeliverPdu(null, "+9", null, 0, new UserData(
            new DataCoding(coding), new UserDataHeader(new(7 + coding, 2, number, false), null), units)),
        null);
}
