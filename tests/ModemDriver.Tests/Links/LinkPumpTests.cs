using ModemDriver.Links;

namespace ModemDriver.Tests.Links;

/// <summary>Who sends and fetches when: turns, sizes, and the question for what was not announced.</summary>
public sealed class LinkPumpTests
{
    private readonly PumpRig _rig = new();

    [Fact]
    public void Links_take_turns_and_what_was_written_meanwhile_goes_out_together()
    {
        (_, LinkStream four) = _rig.Open(4);
        (_, LinkStream three) = _rig.Open(3);
        _rig.Write(four, "a");
        _rig.Sent("AT+CIPSEND=4,1\r\n");

        _rig.Write(four, "b");
        _rig.Write(three, "c");
        _rig.Write(four, "d");

        _rig.Sent();
        _rig.Prompt("a");
        _rig.TakeSend(3, "c");
        _rig.TakeSend(4, "bd");
        _rig.Sent();
    }

    [Fact]
    public void A_large_write_is_cut_at_the_most_that_the_module_takes()
    {
        (Link link, LinkStream stream) = _rig.Open(4);
        _rig.Write(stream, new string('a', 2048) + new string('b', 2048) + "c");

        _rig.TakeSend(4, new string('a', 2048));
        _rig.TakeSend(4, new string('b', 2048));
        _rig.TakeSend(4, "c");

        _rig.Sent();
        Assert.Equal(4097, link.BytesSent);
        Assert.False(link.HasDataToSend);
    }

    [Fact]
    public void What_waits_is_fetched_before_more_is_sent()
    {
        (Link link, LinkStream stream) = _rig.Open(4);
        _rig.Announce(link, 100);
        _rig.Write(stream, "x");

        _rig.Give(4, asked: 5760, given: 100);

        Assert.Equal(100, link.BytesReceived);
        _rig.TakeSend(4, "x");
    }

    [Fact]
    public void After_eight_fetches_in_a_row_the_link_may_send()
    {
        (Link link, LinkStream stream) = _rig.Open(4, bufferBytes: 1024 * 1024);
        _rig.Announce(link, 500_000);
        _rig.Write(stream, "x");

        for (int i = 0; i < 8; i++)
        {
            _rig.Give(4, asked: 5760, given: 5760);
        }

        _rig.TakeSend(4, "x");
        _rig.Give(4, asked: 5760, given: 5760);
    }

    [Fact]
    public void A_link_whose_reader_leaves_no_room_is_still_and_its_neighbour_is_not()
    {
        (Link slow, LinkStream stream) = _rig.Open(4, bufferBytes: 4096);
        (_, LinkStream neighbour) = _rig.Open(3);
        _rig.Announce(slow, 10_000);
        _rig.Give(4, asked: 4096, given: 4096);
        _rig.Write(stream, "held back");
        _rig.Sent();

        _rig.Write(neighbour, "goes on");
        _rig.TakeSend(3, "goes on");
        _rig.Sent();

        // Not for a few bytes of room.
        _rig.Read(stream, 100);
        _rig.Sent();
        _rig.Read(stream, 3000);
        _rig.Give(4, asked: 3100, given: 3100);
        _rig.Sent();
    }

    [Fact]
    public void A_failure_of_a_fetch_says_that_nothing_waits()
    {
        (Link link, _) = _rig.Open(4);
        _rig.Announce(link, 100);
        _rig.Sent("AT+CIPRECVDATA=4,5760\r\n");

        _rig.Receive("\r\nERROR\r\n");

        _rig.Sent();
        Assert.Equal(0, link.Waiting);
        Assert.Equal(LinkState.Open, link.State);
        Assert.Empty(_rig.Lost);
    }

    [Fact]
    public void After_a_send_the_module_is_asked_what_waits_once_the_line_is_quiet()
    {
        (_, LinkStream stream) = _rig.Open(4);
        _rig.Write(stream, "x");
        _rig.TakeSend(4, "x");

        _rig.Advance(0.24);
        _rig.Sent();
        _rig.Advance(0.02);
        _rig.Sent("AT+CIPRECVLEN?\r\n");
        _rig.Receive("+CIPRECVLEN:-1,-1,-1,-1,77\r\n\r\nOK\r\n");

        _rig.Give(4, asked: 5760, given: 77);
    }

    [Fact]
    public void An_answer_never_lowers_what_was_announced()
    {
        (Link link, LinkStream stream) = _rig.Open(4);
        _rig.Write(stream, "x");
        _rig.TakeSend(4, "x");
        _rig.Advance(0.26);
        _rig.Sent("AT+CIPRECVLEN?\r\n");

        _rig.Announce(link, 100);
        _rig.Receive("+CIPRECVLEN:0,0,0,0,0\r\n\r\nOK\r\n");

        _rig.Give(4, asked: 5760, given: 100);
    }

    [Fact]
    public void A_line_that_is_never_quiet_is_asked_within_two_seconds()
    {
        (_, LinkStream stream) = _rig.Open(4);
        double passed = 0;
        string? sent = null;
        while (sent is null && passed < 3)
        {
            _rig.Write(stream, "x");
            _rig.TakeSend(4, "x");
            _rig.Advance(0.1);
            passed += 0.1;
            sent = _rig.TakeSent();
        }

        Assert.Equal("AT+CIPRECVLEN?\r\n", sent);
        Assert.InRange(passed, 1.9, 2.11);
    }

    [Fact]
    public void Firmware_that_pushes_is_neither_asked_nor_fetched_from()
    {
        var rig = new PumpRig(PumpRig.EspAt20);
        (Link link, LinkStream stream) = rig.Open(4);
        rig.Announce(link, 100);
        rig.Sent();

        rig.Write(stream, "x");
        rig.TakeSend(4, "x");
        rig.Advance(5);

        rig.Sent();
    }

    [Fact]
    public void A_refused_send_loses_the_link_and_nothing_of_it_counts_as_sent()
    {
        (Link link, LinkStream stream) = _rig.Open(4);
        _rig.Write(stream, "x");
        _rig.Sent("AT+CIPSEND=4,1\r\n");

        _rig.Receive("\r\nERROR\r\n");

        Assert.Equal((4, LinkFailure.SendFailed, null), Assert.Single(_rig.Lost));
        Assert.Equal(0, link.BytesSent);
        _rig.Sent();
    }

    [Fact]
    public void A_send_without_a_verdict_loses_the_link_with_the_timeout_inside()
    {
        (Link link, LinkStream stream) = _rig.Open(4);
        _rig.Write(stream, "x");
        _rig.Sent("AT+CIPSEND=4,1\r\n");
        _rig.Receive("\r\nOK\r\n\r\n>");
        _rig.Sent("x");

        _rig.Advance(15);

        (int id, LinkFailure failure, Exception? reason) = Assert.Single(_rig.Lost);
        Assert.Equal((4, LinkFailure.SendFailed), (id, failure));
        Assert.Equal(CommandStage.PayloadSent, Assert.IsType<CommandTimeoutException>(reason).Stage);
        Assert.Equal(0, link.BytesSent);
    }
}
