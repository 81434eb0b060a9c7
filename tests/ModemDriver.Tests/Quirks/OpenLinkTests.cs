namespace ModemDriver.Tests.Quirks;

/// <summary>Attempts to open a link, and all that a module may say to them.</summary>
public sealed class OpenLinkTests
{
    [Theory, EverySplit]
    [Trait("Quirk", "Q5")]
    public void A_refusal_with_a_CLOSED_behind_it_leaves_no_link_and_rests_its_number(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Dialogue.Open(4), "\r\nERROR\r\n4,CLOSED\r\n");
        Assert.Equal(LinkFailure.Refused, Dialogue.FailureOf<LinkException>(connecting).Reason);
        d.CheckHealth();
        d.EndsWith(ModemState.Online);

        // For half a second another number is taken, so that a CLOSED which is late reaches nobody.
        Task<LinkStream> next = d.Connect();
        d.Exchange(Dialogue.Open(3), "4,CLOSED\r\n3,CONNECT\r\n\r\nOK\r\n");
        Assert.Equal(3, Dialogue.ResultOf(next).LinkId);
        d.AskWhenQuiet();
        d.Pass(0.25);
        Task<LinkStream> third = d.Connect();
        d.Exchange(Dialogue.Open(4), "4,CONNECT\r\n\r\nOK\r\n");

        Assert.Equal(4, Dialogue.ResultOf(third).LinkId);
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q5")]
    public void A_late_CLOSED_of_an_earlier_attempt_does_not_close_the_next_one_on_the_same_number(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> first = d.Connect(4);
        d.Exchange(Dialogue.Open(4), "\r\nERROR\r\n");
        Assert.Equal(LinkFailure.Refused, Dialogue.FailureOf<LinkException>(first).Reason);
        d.CheckHealth();

        Task<LinkStream> second = d.Connect(4);
        d.Exchange(Dialogue.Open(4), "4,CLOSED\r\n4,CONNECT\r\n\r\nOK\r\n");

        Assert.Equal(LinkState.Open, Dialogue.ResultOf(second).Info.State);
        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit("4,CLOSED\r\n"), EverySplit("4,CONNECT\r\n4,CLOSED\r\n")]
    [Trait("Quirk", "Q5")]
    public void A_CLOSED_before_the_ERROR_is_a_refusal_too(Split split, string before)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Dialogue.Open(4), before + "\r\nERROR\r\n");

        Assert.Equal(LinkFailure.Refused, Dialogue.FailureOf<LinkException>(connecting).Reason);
        d.CheckHealth();
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q6")]
    public void OK_without_a_CONNECT_is_no_link_and_whatever_there_is_is_closed(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.Connect(3);
        d.Exchange(Dialogue.Open(3), "3,CLOSED\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=3", "UNLINK\r\n\r\nERROR\r\n");

        Assert.Equal(LinkFailure.Refused, Dialogue.FailureOf<LinkException>(connecting).Reason);
        d.CheckHealth();
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_link_that_is_closed_by_its_peer_before_the_OK_can_be_read_to_its_end(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Dialogue.Open(4), "4,CONNECT\r\n4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(string.Empty, d.Read(Dialogue.ResultOf(connecting)));
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [EverySplit("ALREADY CONNECTED\r\n", LinkFailure.NumberInUse)]
    [EverySplit("ALREAY CONNECT\r\n", LinkFailure.NumberInUse)]
    [EverySplit("ALREADY CONNECTED\r\r\n", LinkFailure.NumberInUse)]
    [EverySplit("DNS Fail\r\n", LinkFailure.NameNotFound)]
    [EverySplit("IP ERROR\r\n", LinkFailure.NameNotFound)]
    [EverySplit("no ip\r\n", LinkFailure.NoNetwork)]
    [EverySplit("Link type ERROR\r\n", LinkFailure.Refused)]
    [EverySplit("4,CONNECT FAIL\r\n", LinkFailure.Refused)]
    [EverySplit("+LINK_CONN:1,4,\"TCP\",0,\"10.0.0.2\",80,0\r\n", LinkFailure.Refused)]
    [EverySplit("ERR CODE:0x010a0000\r\n", LinkFailure.Refused)]
    [EverySplit("", LinkFailure.Refused)]
    public void What_the_module_says_before_ERROR_is_the_reason(Split split, string text, LinkFailure reason)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Dialogue.Open(4), text + "\r\nERROR\r\n");

        LinkException failure = Dialogue.FailureOf<LinkException>(connecting);
        Assert.Equal(reason, failure.Reason);
        Assert.Equal(4, failure.LinkId);
        if (reason != LinkFailure.NumberInUse)
        {
            d.CheckHealth();
        }

        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory, EverySplit("+LINK_CONN:0,4,\"TCP\",0,\"10.0.0.2\",80,54013\r\n"), EverySplit("4,CONNECT\r\n")]
    [EverySplit("0,CONNECT\r\n4,CONNECT\r\n"), EverySplit("\r\n4,CONNECT\r\r\n")]
    public void Either_word_for_a_connection_opens_the_link(Split split, string words)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Dialogue.Open(4), words + "\r\nOK\r\n");
        if (words[0] == '0')
        {
            // Nobody asked for that one.
            d.Exchange("AT+CIPCLOSE=0", "0,CLOSED\r\n\r\nOK\r\n");
        }

        Assert.Equal(LinkState.Open, Dialogue.ResultOf(connecting).Info.State);
        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit("CONNECT\r\n"), EverySplit("+LINK_CONN:0,0,\"TCP\",0,\"10.0.0.2\",80,54013\r\n")]
    public void In_single_mode_links_have_no_numbers(Split split, string words)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt22, o => o with { ConnectionMode = ConnectionMode.Single });
        Task<LinkStream> connecting = d.Connect();
        d.Exchange("AT+CIPSTART=\"TCP\",\"10.0.0.2\",80", words + "\r\nOK\r\n");
        LinkStream link = Dialogue.ResultOf(connecting);
        d.Write(link, "hi");
        d.Exchange("AT+CIPSEND=2", "\r\nOK\r\n\r\n>");
        d.HearBytes("hi");
        d.Say("\r\nRecv 2 bytes\r\n\r\n+IPD,5\r\n\r\nSEND OK\r\n");
        d.Exchange("AT+CIPRECVDATA=5760", "+CIPRECVDATA:5,hello\r\nOK\r\n");
        d.AskWhenQuiet("0");
        d.Say("CLOSED\r\n");

        Assert.Equal("hello", d.Read(link));
        Assert.Equal(string.Empty, d.Read(link));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q24")]
    public void Numbers_are_taken_from_the_top_downwards(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        for (int number = 4; number >= 0; number--)
        {
            Task<LinkStream> connecting = d.Connect();
            d.Exchange(Dialogue.Open(number), $"{number},CONNECT\r\n\r\nOK\r\n");
            Assert.Equal(number, Dialogue.ResultOf(connecting).LinkId);
        }

        d.AskWhenQuiet();
        string[] all = [.. Enumerable.Range(0, 5).Select(number => $"{number} Open {Dialogue.Peer}")];
        d.EndsWith(ModemState.Online, all);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q25")]
    public void Numbers_that_cannot_be_are_neither_sent_nor_believed(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say("246,CONNECT\r\n5,CONNECT\r\n-1,CLOSED\r\n246,CLOSED\r\n99999999999,CLOSED\r\n");
        d.Say("\r\n+IPD,5,10\r\n+IPD,246,10\r\n+IPD,4,-10\r\n+LINK_CONN:0,9,\"TCP\",0,\"10.0.0.2\",80,54013\r\n");
        d.Say("\r\n+IPD,7,5:hello");

        Task<LinkStream> impossible = d.Connect(5);

        Dialogue.FailureOf<ArgumentOutOfRangeException>(impossible);
        Assert.Equal(0, link.Info.BytesReceived);
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
        d.Works();
    }

    [Theory, EverySplit]
    public void An_attempt_that_is_not_answered_ends_by_its_limit_and_the_link_that_comes_up_late_is_closed(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.Connect();
        d.Hear(Dialogue.Open(4));
        d.Pass(30);
        Assert.Equal(LinkFailure.TimedOut, Dialogue.FailureOf<LinkException>(connecting).Reason);

        d.Pass(5);
        d.Say("4,CONNECT\r\n\r\nOK\r\n");
        d.TellNetwork();
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
        d.Exchange(d.Firmware.List);

        d.EndsWith(ModemState.Online);
        d.Works();
    }
}
