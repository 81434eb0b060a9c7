using ModemDriver.Channel;

namespace ModemDriver.Tests.Channel;

/// <summary>How the beginning of the next message shows whether a pushed payload was whole.</summary>
public sealed class PushedEndTests
{
    private const string Payload = "\r\n+IPD,3,5:hello";

    private static readonly ChannelRules Rules = ChannelRig.Rules with { MessagesBeginWithLineEnd = true };

    [Theory]
    [InlineData("\r\n+IPD,4,2:hi")]
    [InlineData("\r\nanything that begins with a line end\r\n")]
    [InlineData("+URC: that has none\r\n")]
    [InlineData("a line of the log\r\r\n")]
    public void What_follows_as_a_message_does_shows_that_it_was_whole(string next)
    {
        foreach (bool isSplit in (bool[])[false, true])
        {
            using var rig = new ChannelRig(Rules);
            Receive(rig, Payload, isSplit);
            Assert.Empty(rig.Whole);
            Receive(rig, next, isSplit);

            Assert.Equal(3, rig.Whole[0]);
            Assert.Empty(rig.Lost);
        }
    }

    [Theory]
    [InlineData("\n+IPD,4,2:hi", 3)] // one byte of the payload was lost
    [InlineData("+IPD,4,2:hi", 3)] // two bytes
    [InlineData("IPD,4,2:hi\r\n", -1)] // three, and whose payload comes behind it is not known
    [InlineData("\r\r\n", 3)] // a CR too much
    [InlineData("\r\n\r\n>", 3)] // four bytes, and the text of a message with them
    [InlineData("o world\r\n", -1)] // the count was too low
    public void What_follows_otherwise_shows_that_bytes_were_lost_or_added(string next, int linkId)
    {
        foreach (bool isSplit in (bool[])[false, true])
        {
            using var rig = new ChannelRig(Rules);
            Receive(rig, Payload, isSplit);
            Receive(rig, next, isSplit);

            Assert.DoesNotContain(3, rig.Whole);
            Assert.Equal(linkId, rig.Lost[0].LinkId);
            Assert.IsType<ModemProtocolException>(rig.Lost[0].Reason);
        }
    }

    [Fact]
    public void A_result_code_without_its_line_end_is_one_and_what_came_before_is_not_whole()
    {
        using var rig = new ChannelRig(Rules);
        Task<ModemDriver.Protocol.FinalResult> task = rig.Execute("AT+X");
        rig.Sent("AT+X\r\n");
        rig.Receive(Payload + "OK\r\n");

        Assert.True(task.IsCompletedSuccessfully);
        Assert.Equal(3, Assert.Single(rig.Lost).LinkId);
        Assert.Empty(rig.Whole);
    }

    [Fact]
    public void Silence_behind_it_shows_that_it_was_whole()
    {
        using var rig = new ChannelRig(Rules);
        rig.Receive(Payload);
        Assert.Empty(rig.Whole);
        rig.Advance(0.01);

        Assert.Equal([3], rig.Whole);
        Assert.Empty(rig.Lost);
    }

    [Fact]
    public void Silence_behind_the_last_one_shows_it_also_when_a_message_had_begun_behind_the_one_before()
    {
        using var rig = new ChannelRig(Rules);
        rig.Receive(Payload + "\r\n");
        rig.Advance(0.02);
        Assert.Empty(rig.Whole);
        rig.Receive(Payload.TrimStart());
        Assert.Equal([3], rig.Whole);
        rig.Advance(0.02);

        Assert.Equal([3, 3], rig.Whole);
        Assert.Empty(rig.Lost);
    }

    [Fact]
    public void Bytes_behind_it_that_do_not_become_a_line_show_that_the_count_was_too_low()
    {
        using var rig = new ChannelRig(Rules);
        rig.Receive(Payload + "o");
        rig.Advance(2.9);
        Assert.Empty(rig.Lost);
        rig.Advance(0.2);
        rig.Receive(Payload);
        rig.Advance(0.01);

        Assert.Equal(-1, Assert.Single(rig.Lost).LinkId);
        Assert.Equal([3], rig.Whole);
        Assert.Equal(["hello", "hello"], rig.Pushed);
    }

    [Fact]
    public void A_line_end_behind_it_and_then_silence_shows_that_the_text_before_it_was_taken_for_payload()
    {
        using var rig = new ChannelRig(Rules);
        rig.Receive(Payload + "\r\n");
        rig.Advance(3.1);

        Assert.Equal(-1, Assert.Single(rig.Lost).LinkId);
        Assert.Empty(rig.Whole);
    }

    [Fact]
    public void A_port_that_is_lost_right_behind_it_leaves_it_whole()
    {
        using var rig = new ChannelRig(Rules);
        rig.Receive(Payload);
        rig.Do(channel => channel.Break(new IOException("gone")));

        Assert.Equal([3], rig.Whole);
    }

    [Theory]
    [InlineData("IPD,3,5:hello")]
    [InlineData("+PD,3,5:hello")]
    [InlineData("+IPD3,5:hello")]
    [InlineData("++IPD,3,5:hello")]
    [InlineData("+IPPD,3,5:hello")]
    [InlineData("+IpD,3,5:hello")]
    [InlineData("\v+IPD,3,5:hello")]
    [InlineData("+IPD,3,,5:hello")]
    [InlineData("+IPD,3,5hello")]
    [InlineData("+IPD,x,5:hello")]
    public void A_header_with_a_byte_too_few_too_many_or_changed_is_known_by_what_is_left_of_it(string line)
    {
        using var rig = new ChannelRig(Rules);
        rig.Receive("\r\n" + line + "\r\n");

        Assert.Equal(-1, Assert.Single(rig.Lost).LinkId);
        Assert.Empty(rig.Pushed);
    }

    [Theory]
    [InlineData("+IPD,3,5")]
    [InlineData("+IPD,246,10")]
    [InlineData("+IP: no header")]
    [InlineData("+CIPRECVLEN:0,0,0,0,5")]
    [InlineData("PD")]
    [InlineData("")]
    public void A_line_that_is_no_header_is_left_alone(string line)
    {
        using var rig = new ChannelRig(Rules);
        rig.Receive("\r\n" + line + "\r\n");

        Assert.Empty(rig.Lost);
    }

    [Fact]
    public void Where_messages_begin_as_they_like_every_payload_is_whole_at_once()
    {
        using var rig = new ChannelRig();
        rig.Receive(Payload + "o world\r\n+IPD3,5:hello\r\n");

        Assert.Equal([3], rig.Whole);
        Assert.Empty(rig.Lost);
    }

    private static void Receive(ChannelRig rig, string text, bool isSplit)
    {
        foreach (string piece in isSplit ? text.Select(sign => sign.ToString()) : [text])
        {
            rig.Receive(piece);
        }
    }
}
