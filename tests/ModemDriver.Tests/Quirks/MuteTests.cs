namespace ModemDriver.Tests.Quirks;

/// <summary>Modules that fall silent: every call ends by its limit, and what need not fail does not.</summary>
public sealed class MuteTests
{
    [Theory, EverySplit]
    public void In_a_fetch_the_link_fails_alone(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Connected(3);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,5\r\n");
        d.Hear("AT+CIPRECVDATA=4,5760");
        d.Pass(10);
        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.Pass(10);
        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
        d.Works();
    }

    [Theory, EverySplit]
    public void In_a_fetch_the_answer_that_comes_late_is_no_part_of_the_next_one(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream other = d.Connected(3);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,5\r\n\r\n+IPD,3,2\r\n");
        d.Hear("AT+CIPRECVDATA=4,5760");
        d.Pass(10);
        d.Say("+CIPRECVDATA:5,stale\r\nOK\r\n");
        d.HearEither("AT+CIPRECVDATA=3,5760", "+CIPRECVDATA:2,hi\r\nOK\r\n", "AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal("hi", d.Read(other));
        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
    }

    // While it was out of step, the answers of closes may have been somebody else's.
    [Theory, EverySplit]
    public void After_it_the_module_is_asked_which_numbers_are_free(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<CommandResponse> unanswered = d.Send("AT+SYSRAM?", seconds: 1);
        d.Hear("AT+SYSRAM?");
        d.Pass(1);
        Assert.True(unanswered.IsFaulted);
        d.Pass(10.05);
        d.HearBytes("+++"); // a command of the user's may have asked for payload
        d.Pass(0.1);
        d.GetInStep();
        Task<LinkStream> connecting = d.Connect();
        d.Exchange("AT+CIPSTATUS", "STATUS:3\r\n+CIPSTATUS:4,\"TCP\",\"10.0.0.2\",80,50001,0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
        d.Exchange(Dialogue.Open(4), "4,CONNECT\r\n\r\nOK\r\n");

        Assert.Equal(4, Dialogue.ResultOf(connecting).LinkId);
        d.AskWhenQuiet();
    }

    [Theory, EverySplit]
    public void In_the_question_what_waits_no_link_fails(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Dialogue.Open(4), "4,CONNECT\r\n\r\nOK\r\n");
        LinkStream link = Dialogue.ResultOf(connecting);
        d.Pass(0.25);
        d.Hear("AT+CIPRECVLEN?");
        d.Pass(12);
        d.GetInStep();
        d.Exchange("AT+CIPRECVLEN?", "+CIPRECVLEN:-1,-1,-1,-1,5\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "+CIPRECVDATA:5,hello\r\nOK\r\n");

        Assert.Equal("hello", d.Read(link));
        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit("AT+CWJAP?"), EverySplit("AT+CIFSR")]
    public void On_the_way_to_the_network_going_online_fails_and_may_be_tried_again(Split split, string at)
    {
        Dialogue d = Dialogue.Ready(split);
        Task online = d.Do(() => d.Modem.GoOnlineAsync(CancellationToken.None));
        if (at == "AT+CIFSR")
        {
            d.TellNetwork();
        }

        d.Hear(at);
        d.Pass(2);
        Assert.Contains(at, Dialogue.FailureOf<CommandTimeoutException>(online).Command, StringComparison.Ordinal);
        Assert.Equal(ModemState.Ready, d.Modem.State);
        d.Pass(10);
        d.GetInStep();

        Task again = d.Do(() => d.Modem.GoOnlineAsync(CancellationToken.None));
        d.FindNetwork();
        Assert.True(again.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit("\r\nERROR\r\n"), EverySplit("")]
    public void In_the_question_which_numbers_are_free_the_attempt_fails_by_name(Split split, string answer)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs17);
        Task<LinkStream> first = d.Connect(3);
        d.Exchange(Dialogue.Open(3), "ALREADY CONNECTED\r\n\r\nERROR\r\n");
        Assert.True(first.IsFaulted);
        Task<LinkStream> second = d.Connect(3);
        d.Hear("AT+CIPSTATUS");
        d.Say(answer);
        if (answer.Length == 0)
        {
            d.Pass(2);
        }

        LinkException failure = Dialogue.FailureOf<LinkException>(second);
        Assert.Equal((LinkFailure.Unknown, 3), (failure.Reason, failure.LinkId));
        Assert.IsAssignableFrom<ModemException>(failure.InnerException);
        if (answer.Length == 0)
        {
            d.Pass(10);
            d.GetInStep();
        }

        // It is asked once more, and whether it still has a network.
        d.CheckHealth();
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void In_everything_the_modem_recovers_and_a_dispose_is_not_held_up(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        Task<CommandResponse> response = d.Send("AT+SYSRAM?", 1);
        d.PassMute(60, () => d.Modem.State == ModemState.Recovering);
        Dialogue.FailureOf<CommandTimeoutException>(response);
        Assert.Equal(LinkFailure.ModemClosed, d.ReadFailure(link).Reason);

        Task closing = d.Do(() => d.Modem.DisposeAsync().AsTask());
        d.PassMute(15, () => closing.IsCompleted);
        Assert.True(closing.IsCompletedSuccessfully);
        Assert.Equal(ModemState.Closed, d.Modem.State);
        Assert.True(d.Wire.IsDisposed);
    }

    [Theory, EverySplit]
    public void A_dispose_of_a_modem_with_links_is_bounded(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Connected(3);
        d.Connected(4);
        Task closing = d.Do(() => d.Modem.DisposeAsync().AsTask());
        d.PassMute(15, () => closing.IsCompleted);

        Assert.True(closing.IsCompletedSuccessfully);
        Assert.Equal(ModemState.Closed, d.Modem.State);
        Assert.True(d.Wire.IsDisposed);
    }
}
