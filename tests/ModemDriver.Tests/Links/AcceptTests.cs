using System.Net;
using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Links;

/// <summary>Links that a peer begins.</summary>
public sealed class AcceptTests
{
    [Theory, EverySplit]
    public void An_accepted_link_tells_its_peer_and_is_a_stream_like_any_other(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        Task<LinkStream> accepting = d.Accept(listener);
        d.SayAccepted(0);
        LinkStream link = Dialogue.ResultOf(accepting);

        Assert.Equal(new IPEndPoint(IPAddress.Parse("10.0.0.50"), 49812), link.RemoteEndPoint);
        Assert.True(link.Info.IsAccepted);
        d.Say("\r\n+IPD,0,5\r\n");
        d.Exchange("AT+CIPRECVDATA=0,5760", "+CIPRECVDATA:5,hello\r\nOK\r\n");
        Assert.Equal("hello", d.Read(link));
        d.Write(link, "hi");
        d.Exchange("AT+CIPSEND=0,2", "\r\nOK\r\n\r\n>");
        d.HearBytes("hi");
        d.Say("\r\nRecv 2 bytes\r\n\r\nSEND OK\r\n");
        d.AskAfterPause();
        d.Say("0,CLOSED\r\n");
        Assert.Equal(string.Empty, d.Read(link));
        d.EndsWith(ModemState.Online);
    }

    // The module had given the number away when the close came, and tells so in the same breath.
    [Theory, EverySplit]
    public void A_link_that_was_hit_by_the_close_of_the_one_before_it_has_failed_and_not_ended(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        d.SayAccepted(0, 1001);
        LinkStream first = d.Accepted(listener);
        d.Do(() => first.DisposeAsync().AsTask());
        d.Hear("AT+CIPCLOSE=0");
        d.Say("0,CLOSED\r\n");
        d.SayAccepted(0, 1002);
        LinkStream second = d.Accepted(listener);
        d.Say("0,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(1002, second.RemoteEndPoint!.Port);
        Assert.Equal(LinkFailure.Unknown, d.ReadFailure(second).Reason);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_close_that_waited_behind_another_is_known_to_be_on_its_way_too(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        d.SayAccepted(0, 1001);
        LinkStream first = d.Accepted(listener);
        d.SayAccepted(1, 1002);
        LinkStream second = d.Accepted(listener);
        d.Do(() => first.DisposeAsync().AsTask());
        d.Do(() => second.DisposeAsync().AsTask());
        d.Exchange("AT+CIPCLOSE=0", "0,CLOSED\r\n\r\nOK\r\n");
        d.Hear("AT+CIPCLOSE=1");
        d.Say("1,CLOSED\r\n");
        d.SayAccepted(1, 1003);
        LinkStream third = d.Accepted(listener);
        d.Say("1,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(1003, third.RemoteEndPoint!.Port);
        Assert.Equal(LinkFailure.Unknown, d.ReadFailure(third).Reason);
    }

    [Theory, EverySplit]
    public void Whoever_comes_while_the_module_is_on_its_way_back_is_not_accepted(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        Task<LinkStream> accepting = d.Accept(listener);
        d.Say("\r\nready\r\n");
        d.SayAccepted(0);

        Assert.Equal(ModemState.Recovering, d.Modem.State);
        Assert.False(accepting.IsCompleted);
    }

    [Theory, EverySplit]
    public void Without_a_word_on_the_side_a_link_that_nobody_asked_for_is_accepted_with_the_bytes_behind_it(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkListener listener = d.Listening();
        d.Say("0,CONNECT\r\n\r\n+IPD,0,9:GET /\r\n\r\n0,CLOSED\r\n1,CONNECT\r\n\r\n+IPD,1,2:ab");

        LinkStream first = d.Accepted(listener);
        LinkStream second = d.Accepted(listener);

        Assert.Null(first.RemoteEndPoint);
        Assert.Equal("GET /\r\n\r\n", d.Read(first));
        Assert.Equal(string.Empty, d.Read(first));
        Assert.Equal("ab", d.Read(second));
        d.EndsWith(ModemState.Online, "1 Open unknown");
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q15")]
    public void A_notice_that_is_lost_right_after_the_accept_is_asked_for(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        d.SayAccepted(0);
        d.AskAfterPause("5,-1,-1,-1,-1");
        d.Exchange("AT+CIPRECVDATA=0,5760", "+CIPRECVDATA:5,hello\r\nOK\r\n");

        Assert.Equal("hello", d.Read(d.Accepted(listener)));
        d.AskAfterPause();
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q24")]
    public void An_accept_on_the_number_of_an_attempt_of_ours_is_told_by_its_side_and_the_attempt_takes_another(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        Task<LinkStream> connecting = d.Connect();
        d.Hear(Dialogue.Open(4));
        d.SayAccepted(4);
        d.Say("\r\nERROR\r\n");
        d.Exchange(Dialogue.Open(3), "+LINK_CONN:0,3,\"TCP\",0,\"10.0.0.2\",80,50001\r\n\r\nOK\r\n");

        Assert.Equal(3, Dialogue.ResultOf(connecting).LinkId);
        LinkStream accepted = d.Accepted(listener);
        d.AskAfterPause();
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer, $"4 Open {accepted.RemoteEndPoint}");
    }

    [Theory, EverySplit]
    public void An_attempt_that_was_refused_though_connected_was_a_peers_link_and_keeps_its_bytes(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkListener listener = d.Listening();
        Task<LinkStream> connecting = d.Connect();
        d.Hear(Dialogue.Open(4));
        d.Say("4,CONNECT\r\n\r\n+IPD,4,5:GET /ALREADY CONNECTED\r\n\r\nERROR\r\n");
        d.Exchange(Dialogue.Open(3), "3,CONNECT\r\n\r\nOK\r\n");

        LinkStream accepted = d.Accepted(listener);
        Assert.Equal(4, accepted.LinkId);
        Assert.True(accepted.Info.IsAccepted);
        Assert.Equal("GET /", d.Read(accepted));
        Assert.Equal(3, Dialogue.ResultOf(connecting).LinkId);
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer, "4 Open unknown");
    }

    [Theory, EverySplit]
    public void An_attempt_with_a_number_of_the_callers_fails_by_name_when_a_peer_gets_it(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Listening();
        Task<LinkStream> connecting = d.Connect(0);
        d.Hear(Dialogue.Open(0));
        d.SayAccepted(0);
        d.Say("\r\nERROR\r\n");

        LinkException taken = Dialogue.FailureOf<LinkException>(connecting);
        Assert.Equal(LinkFailure.NumberInUse, taken.Reason);
        Assert.Contains("10.0.0.50:49812", taken.Message, StringComparison.Ordinal);
    }

    [Theory, EverySplit]
    public void An_attempt_that_still_waits_for_its_turn_leaves_the_number_to_the_peer(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkListener listener = d.Listening();
        Task<CommandResponse> slow = d.Send("AT+CWLAP");
        d.Hear("AT+CWLAP");
        Task<LinkStream> connecting = d.Connect();
        d.Say("4,CONNECT\r\n\r\nOK\r\n");
        d.Exchange(Dialogue.Open(3), "3,CONNECT\r\n\r\nOK\r\n");

        Assert.True(slow.IsCompletedSuccessfully);
        Assert.Equal(4, d.Accepted(listener).LinkId);
        Assert.Equal(3, Dialogue.ResultOf(connecting).LinkId);
    }

    [Theory, EverySplit]
    public void What_was_written_for_a_link_is_not_sent_to_the_next_one_on_its_number(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkListener listener = d.Listening();
        d.Say("0,CONNECT\r\n");
        LinkStream old = d.Accepted(listener);
        d.Send("AT+CWLAP");
        d.Hear("AT+CWLAP");
        d.Write(old, "for the old one");
        d.Say("0,CLOSED\r\n0,CONNECT\r\n\r\nOK\r\n");

        LinkStream next = d.Accepted(listener);
        Assert.Equal(0, next.LinkId);
        d.Write(next, "ok");
        d.Exchange("AT+CIPSEND=0,2", "\r\nOK\r\n> ");
        d.HearBytes("ok");
        d.Say("\r\nRecv 2 bytes\r\n\r\nSEND OK\r\n");
        Assert.Equal(string.Empty, d.Read(old));
        d.EndsWith(ModemState.Online, "0 Open unknown");
    }

    [Theory, EverySplit]
    public void A_prompt_that_comes_after_the_number_has_changed_hands_gets_no_payload(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkListener listener = d.Listening();
        d.Say("0,CONNECT\r\n");
        LinkStream old = d.Accepted(listener);
        d.Write(old, "secret");
        d.Hear("AT+CIPSEND=0,6");
        d.Say("0,CLOSED\r\n0,CONNECT\r\n\r\nOK\r\n> ");
        d.Pass(0.05);
        d.HearBytes("+++");
        d.Say("\r\nSEND Canceled\r\n");
        d.Pass(0.1);
        d.GetInStep();

        Assert.Equal(0, d.Accepted(listener).LinkId);
        d.EndsWith(ModemState.Online, "0 Open unknown");
    }

    [Theory, EverySplit]
    public void Bytes_of_a_fetch_during_which_the_number_changed_hands_are_nobodys(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs17);
        LinkListener listener = d.Listening();
        d.SayAccepted(0);
        LinkStream old = d.Accepted(listener);
        d.Say("\r\n+IPD,0,5\r\n");
        d.Hear("AT+CIPRECVDATA=0,2048");
        d.Say("0,CLOSED\r\n");
        d.SayAccepted(0, 50000);
        d.Say("\r\n+CIPRECVDATA,5:hello\r\nOK\r\n");

        LinkStream next = d.Accepted(listener);
        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(old).Reason);
        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(next).Reason);
        d.Exchange("AT+CIPCLOSE=0", "0,CLOSED\r\n\r\nOK\r\n");
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_link_whose_end_was_lost_gives_way_to_the_accepted_one_on_its_number(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        d.SayAccepted(0);
        LinkStream old = d.Accepted(listener);
        d.AskAfterPause();
        d.SayAccepted(0, 50000);

        Assert.Equal(LinkFailure.ClosedByPeer, d.ReadFailure(old).Reason);
        Assert.Equal(50000, d.Accepted(listener).RemoteEndPoint?.Port);
        d.AskAfterPause();
        d.EndsWith(ModemState.Online, "0 Open 10.0.0.50:50000");
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q32")]
    public void A_module_that_picks_numbers_is_not_asked_to_while_sides_cannot_be_told(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        Task<LinkListener> listening = d.Listen();
        d.Exchange("AT+SYSMSG?", "\r\nERROR\r\n");
        d.Exchange("AT+CIPSERVER=0");
        d.Exchange("AT+CIPSERVERMAXCONN=5");
        d.Exchange("AT+CIPSERVER=1,80");

        LinkException refused = Dialogue.FailureOf<LinkException>(d.ConnectByModule());

        Assert.True(listening.IsCompletedSuccessfully);
        Assert.Equal(LinkFailure.ListenerActive, refused.Reason);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q32")]
    public void A_number_that_the_module_picks_and_an_accept_beside_it_are_told_apart(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        Task<LinkStream> connecting = d.ConnectByModule();
        d.Hear("AT+CIPSTARTEX=\"TCP\",\"10.0.0.2\",80");
        d.SayAccepted(0);
        d.Say("+LINK_CONN:0,1,\"TCP\",0,\"10.0.0.2\",80,50001\r\n\r\nOK\r\n");

        Assert.Equal(1, Dialogue.ResultOf(connecting).LinkId);
        Assert.Equal(0, d.Accepted(listener).LinkId);
    }

    [Theory, EverySplit]
    public void A_cancelled_accept_loses_no_link(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        using CancellationTokenSource impatience = new();
        Task<LinkStream> accepting = d.Do(() => listener.AcceptAsync(impatience.Token));
        d.Do(impatience.Cancel);
        d.SayAccepted(0);

        Assert.True(accepting.IsCanceled);
        Assert.Equal(0, d.Accepted(listener).LinkId);
    }

    [Theory, EverySplit]
    public void Peers_that_come_and_go_unaccepted_do_not_pile_up(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkListener listener = d.Listening();
        for (int i = 0; i < 40; i++)
        {
            d.Say($"0,CONNECT\r\n\r\n+IPD,0,2:{i:00}0,CLOSED\r\n");
        }

        List<string> kept = [];
        for (Task<LinkStream> next = d.Accept(listener); next.IsCompleted; next = d.Accept(listener))
        {
            kept.Add(d.Read(Dialogue.ResultOf(next)));
        }

        Assert.Equal(Enumerable.Range(8, 32).Select(i => $"{i:00}"), kept);
        d.EndsWith(ModemState.Online);
    }
}
