using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Tests.Framing;

namespace ModemDriver.Tests.Channel;

/// <summary>Pushed payload that has a line end of its own behind it, which shows whether it was whole.</summary>
public sealed class PushedOwnEndTests
{
    private const int OfService = PayloadHeader.OfService;
    private const string Payload = "+MSG: \"t\",5 byte,hello";

    [Theory]
    [InlineData(false, "\r\n")]
    [InlineData(true, "\r\n")]
    [InlineData(true, "\r\n\r\nOK\r\n")]
    [InlineData(false, "\r\n+URC: next\r\n")]
    public void Its_line_end_shows_that_it_was_whole(bool beginsWithLineEnd, string next)
    {
        foreach (bool isSplit in (bool[])[false, true])
        {
            using ChannelRig rig = NewRig(beginsWithLineEnd);
            Receive(rig, Payload, isSplit);
            Assert.Empty(rig.Whole);
            Receive(rig, next, isSplit);
            rig.Advance(10);

            Assert.Equal([OfService], rig.Whole);
            Assert.Empty(rig.Lost);
        }
    }

    [Theory]
    [InlineData("\n")] // a byte was lost
    [InlineData("!\r\n")] // one came too much
    [InlineData("\r\r\n")]
    [InlineData("OK\r\n")]
    [InlineData("+MSG: \"t\",2 byte,hi\r\n")]
    public void What_stands_there_otherwise_shows_that_it_was_not(string next)
    {
        foreach (bool beginsWithLineEnd in (bool[])[false, true])
        {
            using ChannelRig rig = NewRig(beginsWithLineEnd);
            Receive(rig, Payload, isSplit: false);
            Receive(rig, next, isSplit: false);

            Assert.Equal(OfService, Assert.Single(rig.Lost).LinkId);
        }
    }

    [Fact]
    public void Silence_behind_it_shows_that_it_was_not_but_not_before_the_rest_is_given_up()
    {
        using ChannelRig rig = NewRig(beginsWithLineEnd: false);
        rig.Receive(Payload);
        rig.Advance(2.9);
        Assert.Empty(rig.Lost);
        rig.Advance(0.2);

        Assert.Equal(OfService, Assert.Single(rig.Lost).LinkId);
        Assert.Empty(rig.Whole);
    }

    [Fact]
    public void A_prompt_right_behind_it_shows_that_it_was_not()
    {
        using ChannelRig rig = NewRig(beginsWithLineEnd: false);
        _ = rig.Execute(new LinesCommand("AT+X", TimeSpan.FromSeconds(1)));
        rig.Sent("AT+X\r\n");
        rig.Receive(Payload + ">");

        Assert.Equal(OfService, Assert.Single(rig.Lost).LinkId);
    }

    [Fact]
    public void It_needs_no_line_end_before_it_behind_payload_of_a_link()
    {
        using ChannelRig rig = NewRig(beginsWithLineEnd: true);
        rig.Receive("\r\n+IPD,3,5:hello" + Payload + "\r\n");

        Assert.Equal([3, OfService], rig.Whole);
        Assert.Empty(rig.Lost);
    }

    private static ChannelRig NewRig(bool beginsWithLineEnd) => new(ChannelRig.Rules with
    {
        MessagesBeginWithLineEnd = beginsWithLineEnd,
        ServiceHeaders = [Headers.Text],
    });

    private static void Receive(ChannelRig rig, string text, bool isSplit)
    {
        foreach (string piece in isSplit ? text.Select(c => c.ToString()) : [text])
        {
            rig.Receive(piece);
        }
    }
}
