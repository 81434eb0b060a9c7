namespace ModemDriver.Tests.Quirks;

/// <summary>Firmware that pushes what arrives, and lines that are too long to be true.</summary>
public sealed class PushTests
{
    [Theory, EverySplit]
    [Trait("Quirk", "Q36")]
    public void A_module_that_refuses_to_keep_what_arrives_pushes_it(Split split)
    {
        Dialogue d = new(split);
        d.FindModule();
        foreach (string step in Firmware.EspAt20.Steps.Prepend("AT+SYSSTORE=0"))
        {
            d.Exchange(step);
        }

        d.Exchange("AT+CIPRECVMODE=1", "\r\nERROR\r\n");
        d.Exchange("AT+CIPSTATUS");
        d.Exchange("AT+CIPMUX=1");
        Task online = d.Do(() => d.Modem.GoOnlineAsync(CancellationToken.None));
        d.FindNetwork();
        Assert.True(online.IsCompletedSuccessfully);
        Assert.False(d.Modem.Supports(ModemFeature.PassiveReceive));
        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Dialogue.Open(4), "4,CONNECT\r\n\r\nOK\r\n\r\n+IPD,4,7:\r\nOK\r\n>");

        Assert.Equal("\r\nOK\r\n>", d.Read(Dialogue.ResultOf(connecting)));
        d.Pass(3);
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q36")]
    public void A_pushed_payload_that_stops_half_way_fails_its_link_alone(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        d.Connected(3);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,30:hello");
        d.Pass(3);
        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
        d.Works();
    }

    [Theory, EverySplit]
    public void A_header_of_too_much_costs_the_payload_before_it_nothing(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkStream other = d.Connected(3);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,5:hello\r\n+IPD,3,999999:");
        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=3", "3,CLOSED\r\n\r\nOK\r\n");
        d.Say("4,CLOSED\r\n");

        Assert.Equal("hello", d.Read(link));
        Assert.Equal(string.Empty, d.Read(link));
        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(other).Reason);
        d.EndsWith(ModemState.Online);
    }

    // A USB adapter may hold bytes back for seconds: what comes then may be the rest, whatever it looks like.
    [Theory, EverySplit]
    public void An_end_that_may_be_the_rest_of_a_payload_is_no_end(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkStream other = d.Connected(3);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,30:hello");
        d.Pass(3);
        d.Hear("AT");
        d.Say("\r\n3,CLOSED\r\n");
        d.Say("\r\nOK\r\n");
        d.Pass(0.1);
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=3", "3,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(other).Reason);
        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online);
    }

    // Behind the answer to a probe there is no rest any more.
    [Theory, EverySplit]
    public void Behind_an_answer_an_end_is_one_again(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkStream other = d.Connected(3);
        d.Connected();
        d.Say("\r\n+IPD,4,30:hello");
        d.Pass(3);
        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
        d.Say("3,CLOSED\r\n");

        Assert.Equal(string.Empty, d.Read(other));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit("hello worl"), EverySplit("hello wor"), EverySplit("hello wo"), EverySplit("hello world!")]
    [Trait("Quirk", "Q36")]
    public void A_pushed_payload_that_has_lost_or_gained_bytes_reaches_nobody(Split split, string damaged)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,6:whole \r\n+IPD,4,11:" + damaged + "\r\n+IPD,4,2:abERR CODE:0x010b0000\r\n");
        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal("whole ", d.Read(link));
        LinkException failure = d.ReadFailure(link);
        Assert.Equal(LinkFailure.ReceiveFailed, failure.Reason);
        Assert.IsType<ModemProtocolException>(failure.InnerException);
        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory, EverySplit("local port:2390\r\n"), EverySplit("4,CLOSED\r\n"), EverySplit("WIFI GOT IP\r\n"), EverySplit("a log\r\r\n")]
    [Trait("Quirk", "Q16")]
    public void What_a_module_says_right_behind_a_pushed_payload_is_no_damage(Split split, string next)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,11:hello world" + next);

        Assert.Equal("hello world", d.Read(link));
        d.Works();
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q36")]
    public void A_reader_that_leaves_more_unread_than_fits_loses_its_link_alone(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16, o => o with { LinkBufferBytes = 4096 });
        d.Connected(3);
        LinkStream link = d.Connected();
        string full = new('x', 1360);
        for (int i = 0; i < 3; i++)
        {
            d.Say("\r\n+IPD,4,1360:" + full);
        }

        d.Say("\r\n+IPD,4,1360:" + full);
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Assert.StartsWith(full + full + full, d.Read(link), StringComparison.Ordinal);
        Assert.Equal(LinkFailure.Overflow, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit("99999999"), EverySplit("99999999999999999999"), EverySplit("65537")]
    public void A_payload_that_cannot_be_so_long_fails_its_link_alone(Split split, string count)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkStream other = d.Connected(3);
        LinkStream link = d.Connected();
        d.Say($"\r\n+IPD,4,{count}:hello\r\n\r\n+IPD,3,2:hi");
        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        Assert.Equal("hi", d.Read(other));
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
        d.Works();
    }

    [Theory, EverySplit]
    public void A_fetched_payload_that_cannot_be_so_long_fails_its_link_alone(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Connected(3);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,5\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "+CIPRECVDATA:99999999,hello\r\nOK\r\n");
        d.GetInStep();
        if (split != Split.Whole)
        {
            // The end of the answer came after the first probe, and was one answer too many.
            d.GetInStep();
        }

        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
        d.Works();
    }

    [Theory, EverySplit("-5:"), EverySplit("five:"), EverySplit(":"), EverySplit("5;"), EverySplit("5,6,7,8,9")]
    public void A_payload_whose_length_is_no_number_is_lost_and_so_is_the_link(Split split, string rest)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkStream link = d.Connected();
        d.Say($"\r\n+IPD,4,{rest}hello\r\n\r\n+IPD,4,2:hi");
        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory, EverySplit]
    public void A_line_without_an_end_costs_no_more_than_the_links_that_may_have_lost_bytes_by_it(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkStream link = d.Connected();
        d.Say(new string('~', 20_000));
        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "\r\n4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory, EverySplit]
    public void A_line_without_an_end_costs_nothing_where_the_module_keeps_what_arrives(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say(new string('~', 20_000) + "\r\n");
        d.Say("\r\n+IPD,4,5\r\n");
        d.GetInStep();
        d.Exchange("AT+CIPRECVDATA=4,5760", "+CIPRECVDATA:5,hello\r\nOK\r\n");

        Assert.Equal("hello", d.Read(link));
        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }
}
