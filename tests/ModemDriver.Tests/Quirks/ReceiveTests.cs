namespace ModemDriver.Tests.Quirks;

/// <summary>Bytes on their way to the reader of a link: fetched, or pushed by the module.</summary>
public sealed class ReceiveTests
{
    [Theory, EverySplit]
    [Trait("Quirk", "Q11")]
    public void A_count_may_have_any_number_of_digits(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,0000123456\r\n");
        for (int i = 0; i < 11; i++)
        {
            d.Exchange("AT+CIPRECVDATA=4,5760", $"+CIPRECVDATA:005760,{new string('x', 5760)}\r\nOK\r\n");
        }

        Assert.Equal(63360, link.Info.BytesReceived);
        d.HearNothing();
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q11")]
    public void A_pushed_payload_may_be_longer_than_four_digits_can_say(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,12000:" + new string('x', 12000) + "\r\n+IPD,4,2:yz");

        Assert.Equal(new string('x', 12000), d.Read(link, 20000));
        Assert.Equal("yz", d.Read(link));
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q12")]
    public void What_arrived_before_an_early_CLOSED_is_fetched_until_the_module_has_no_more(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs17);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,12\r\n4,CLOSED\r\n");
        d.Exchange("AT+CIPRECVDATA=4,2048", "\r\n+CIPRECVDATA,12:hello\r\nworld\r\nOK\r\n");
        d.Exchange("AT+CIPRECVDATA=4,2048", "\r\n+CIPRECVDATA,1:!\r\nOK\r\n");
        d.Exchange("AT+CIPRECVDATA=4,2048", "\r\nERROR\r\n");

        Assert.Equal("hello\r\nworld!", d.Read(link));
        Assert.Equal(string.Empty, d.Read(link));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q12")]
    public void An_early_CLOSED_without_a_notice_before_it_is_fetched_after_too(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs17);
        LinkStream link = d.Connected();
        d.Say("4,CLOSED\r\n");
        d.Exchange("AT+CIPRECVDATA=4,2048", "\r\n+CIPRECVDATA,5:hello\r\nOK\r\n");
        d.Exchange("AT+CIPRECVDATA=4,2048", "\r\nERROR\r\n");

        Assert.Equal("hello", d.Read(link));
        Assert.Equal(string.Empty, d.Read(link));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q12")]
    public void Where_CLOSED_comes_after_the_last_byte_nothing_more_is_fetched(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,7\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "+CIPRECVDATA:7,, world\r\nOK\r\n4,CLOSED\r\n");

        Assert.Equal(", world", d.Read(link));
        Assert.Equal(string.Empty, d.Read(link));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q13")]
    public void No_more_is_asked_for_than_the_firmware_gives(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs17);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,3000\r\n");
        d.Exchange("AT+CIPRECVDATA=4,2048", $"\r\n+CIPRECVDATA,2048:{new string('x', 2048)}\r\nOK\r\n\r\n+IPD,4,952\r\n");
        d.Exchange("AT+CIPRECVDATA=4,2048", $"\r\n+CIPRECVDATA,952:{new string('y', 952)}\r\nOK\r\n");

        Assert.Equal(new string('x', 2048) + new string('y', 952), d.Read(link));
        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q15")]
    public void A_notice_that_was_lost_is_made_good_by_asking_when_the_line_is_quiet(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Dialogue.Open(4), "4,CONNECT\r\n\r\nOK\r\n");
        LinkStream link = Dialogue.ResultOf(connecting);
        d.AskWhenQuiet("-1,-1,-1,-1,5");
        d.Exchange("AT+CIPRECVDATA=4,5760", "+CIPRECVDATA:5,hello\r\nOK\r\n");

        Assert.Equal("hello", d.Read(link));
        d.AskWhenQuiet();
        d.Pass(5);
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q34")]
    public void A_fetch_that_finds_nothing_is_the_end_of_what_waits_and_not_of_the_link(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,5760\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", $"+CIPRECVDATA:5760,{new string('x', 5760)}\r\nOK\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "\r\nERROR\r\n");

        Assert.Equal(5760, d.Read(link, 6000).Length);
        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit("\r\nERROR\r\n"), EverySplit("+CIPRECVDATA:0,\r\nOK\r\n"), EverySplit("\r\nOK\r\n")]
    public void Announced_bytes_that_a_fetch_does_not_bring_and_that_are_gone_then_fail_their_link_alone(
        Split split, string answer)
    {
        Dialogue d = Dialogue.Online(split);
        d.Connected(3);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,12\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", answer);
        d.Exchange("AT+CIPRECVLEN?", "+CIPRECVLEN:-1,-1,-1,0,0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
        d.Works();
    }

    [Theory, EverySplit]
    public void Announced_bytes_that_a_fetch_does_not_bring_fail_their_link_if_the_module_does_not_say_where_they_are(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,12\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "\r\nERROR\r\n");
        d.Exchange("AT+CIPRECVLEN?", "\r\nERROR\r\n");
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void Announced_bytes_that_a_fetch_does_not_bring_and_that_others_follow_fail_their_link(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,12\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "\r\nERROR\r\n\r\n+IPD,4,20\r\n");
        d.Exchange("AT+CIPRECVLEN?", "+CIPRECVLEN:-1,-1,-1,-1,20\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void Announced_bytes_that_a_fetch_does_not_bring_and_that_are_still_there_are_fetched_again(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,5\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "\r\nERROR\r\n");
        d.Exchange("AT+CIPRECVLEN?", "+CIPRECVLEN:-1,-1,-1,-1,5\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "+CIPRECVDATA:5,hello\r\nOK\r\n");

        Assert.Equal("hello", d.Read(link));
        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    public void Announced_bytes_that_the_module_never_gives_fail_their_link(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,5\r\n");
        for (int i = 0; i < 3; i++)
        {
            d.Exchange("AT+CIPRECVDATA=4,5760", "\r\nERROR\r\n");
            d.Exchange("AT+CIPRECVLEN?", "+CIPRECVLEN:-1,-1,-1,-1,5\r\n\r\nOK\r\n");
        }

        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [EverySplit("+CIPRECVDATA:5,hell\r\nOK\r\n")] // a byte less than was announced
    [EverySplit("+CIPRECVDATA:5,hel\r\nOK\r\n")]
    [EverySplit("+CIPRECVDATA:5,helloo\r\nOK\r\n")] // a byte more
    [EverySplit("+CIPRECVDATA:2,hello\r\nOK\r\n")]
    public void A_fetched_payload_that_has_another_length_than_it_says_fails_its_link(Split split, string answer)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,5\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", answer);
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void An_end_between_fetched_bytes_and_the_result_comes_behind_them(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,5\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "+CIPRECVDATA:5,hello4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal("hello", d.Read(link));
        Assert.Equal(string.Empty, d.Read(link));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit("to read 5 bytes\r\r\n"), EverySplit("\r\n+IPD,4,3\r\n"), EverySplit("3,CLOSED\r\n")]
    public void What_a_module_says_between_fetched_bytes_and_the_result_is_no_damage(Split split, string line)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,5\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", $"+CIPRECVDATA:5,hello{line}\r\nOK\r\n");
        if (line.Contains("IPD", StringComparison.Ordinal))
        {
            d.Exchange("AT+CIPRECVDATA=4,5760", "+CIPRECVDATA:3,you\r\nOK\r\n");
        }

        Assert.StartsWith("hello", d.Read(link), StringComparison.Ordinal);
        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q36")]
    public void A_fetched_payload_that_stops_half_way_fails_its_link_alone(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Connected(3);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,30\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "+CIPRECVDATA:30,hello\r\nOK\r\n");
        d.Pass(3);

        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
        d.Works();
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q36")]
    public void A_fetched_payload_of_which_a_part_was_lost_fails_its_link_alone(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Connected(3);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,8\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "+CIPRECVDATA:8,hello\r\nOK\r\n");
        d.Pass(10);
        d.Pass(10);

        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
        d.Works();
    }
}
