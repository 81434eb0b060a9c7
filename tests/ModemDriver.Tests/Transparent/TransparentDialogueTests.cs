using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Transparent;

/// <summary>A transparent session on the wire, byte by byte and by the clock: in, out, and what may go wrong.</summary>
public sealed class TransparentDialogueTests
{
    private const string Quit = "\r\n+QUITT\r\n";
    private const string Standing = "STATUS:3\r\n+CIPSTATUS:0,\"TCP\",\"10.0.0.2\",80,54011,0\r\n\r\nOK\r\n";

    [Theory, EverySplit]
    public void What_the_peer_sends_while_the_data_state_begins_is_kept_in_order(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<TransparentSession> opening = Scenes.Open(d);
        d.Exchange("AT+CIPMODE=1", "\r\nOK\r\none ");
        d.Say("two\r\n");
        d.Exchange("AT+CIPSEND", "three\r\r\nOK\r\nfour\r\n>five >\r\nOK\r\n");

        TransparentSession session = Dialogue.ResultOf(opening);
        Assert.Equal("one two\r\nthree\rfourfive >\r\nOK\r\n", Scenes.Read(d, session));
        Assert.Equal(ModemState.OnlineData, d.Modem.State);
        Assert.False(session.IsSuspended);
        Assert.Equal(LossDetection.StatusCheck, session.LossDetection);
        d.EndsWith(ModemState.OnlineData, "0 Open 10.0.0.2:80");
    }

    [Theory, EverySplit]
    public void What_the_peer_sends_around_the_escape_is_kept_in_order(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        d.Say("a");
        Task suspending = d.Do(() => session.SuspendAsync());
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Say("b\r\n+QUI");
        d.Pass(0.9);
        d.Say("c" + Quit + "d\r\n");
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0", "e\r\nOK\r\n\r\n+IPD,3:f\r\n");
        d.Exchange("AT+CIPSTATUS", Standing);

        Assert.True(suspending.IsCompletedSuccessfully, $"{suspending.Exception}");
        Assert.True(session.IsSuspended);
        Assert.Equal("ab\r\n+QUIcd\r\nef\r\n", Scenes.Read(d, session));
        Assert.Equal(ModemState.Online, d.Modem.State);
        d.Works();

        Task resuming = d.Do(() => session.ResumeAsync());
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
        Assert.True(resuming.IsCompletedSuccessfully);
        Assert.Equal(ModemState.OnlineData, d.Modem.State);
    }

    [Theory, EverySplit]
    public void What_is_written_while_it_is_suspended_goes_out_when_it_is_resumed(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        Scenes.Suspend(d, session);
        Scenes.Write(d, session, "waits");
        d.Pass(1);
        Task resuming = d.Do(() => session.ResumeAsync());
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");

        d.HearBytes("waits");
        Assert.True(resuming.IsCompletedSuccessfully);
    }

    [Theory, EverySplit]
    public void The_escape_sequence_as_payload_never_stands_alone(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);

        Scenes.Write(d, session, "+++");
        d.HearBytes("+");
        d.Pass(0.2);
        d.HearBytes("++");

        // Signs that follow signs are kept apart from them; text that follows needs not be.
        Scenes.Write(d, session, "+");
        d.Pass(0.2);
        d.HearBytes("+");
        Scenes.Write(d, session, "+++.");
        d.HearBytes("+++.");
        Scenes.Write(d, session, "++++");
        d.HearBytes("++++");
        Assert.Equal(ModemState.OnlineData, d.Modem.State);
    }

    [Theory, EverySplit]
    public void An_escape_that_is_not_confirmed_is_repeated_and_the_session_ended(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        Task suspending = d.Do(() => session.SuspendAsync());
        d.Pass(0.2);
        d.HearBytes("+++");

        // No command is sent without the proof: the peer would get it. The silence before the next one is longer.
        d.Pass(1.2);
        d.HearNothing();
        d.Pass(1.2);
        d.HearBytes("+++");
        d.Say(Quit);
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0");

        LinkException doubt = Dialogue.FailureOf<LinkException>(suspending);
        Assert.Equal(LinkFailure.SendFailed, doubt.Reason);
        d.Exchange("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
        Scenes.Restore(d);
        d.EndsWith(ModemState.Online);
        Assert.IsType<LinkException>(
            Dialogue.FailureOf<IOException>(d.Do(() => session.ReadAsync(new byte[1]).AsTask())).InnerException);
        d.Works();
    }

    [Theory, EverySplit]
    public void A_module_that_never_leaves_its_data_state_is_recovered(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        Task suspending = d.Do(() => session.SuspendAsync());
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Pass(2.4);
        d.HearBytes("+++");
        d.Pass(5.4);
        d.HearBytes("+++");
        d.Pass(1.2);

        Assert.Equal(LinkFailure.ModemClosed, Dialogue.FailureOf<LinkException>(suspending).Reason);
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        Assert.Equal(LinkState.Faulted, session.Info.State);
    }

    [Theory, EverySplit]
    public void Firmware_that_does_not_report_is_given_its_second(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d, report: "\r\nERROR\r\n");
        Task suspending = d.Do(() => session.SuspendAsync());
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Say("late data");
        d.Pass(1.2);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPSTATUS", Standing);

        Assert.True(suspending.IsCompletedSuccessfully);
        Assert.Equal("late data", Scenes.Read(d, session));
    }

    [Theory, EverySplit]
    public void A_module_that_is_busy_or_reads_noise_is_told_again(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        Task suspending = d.Do(() => session.SuspendAsync());
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Say(Quit);
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0", "\r\nbusy p...\r\n");
        d.Pass(0.2);
        d.Exchange("AT+CIPMODE=0", "\r\nERROR\r\n");
        d.Pass(0.2);
        d.Hear("AT+CIPMODE=0");
        d.Pass(2);
        d.Pass(0.2);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPSTATUS", Standing);

        Assert.True(suspending.IsCompletedSuccessfully, $"{suspending.Exception}");
    }

    [Theory, EverySplit]
    public void A_link_that_was_lost_in_the_data_state_is_found_when_it_is_suspended(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        d.Say("the last words");
        Task suspending = d.Do(() => session.SuspendAsync());
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Say(Quit);
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPSTATUS", "STATUS:4\r\n\r\nOK\r\n");

        Assert.Equal(LinkFailure.ClosedByPeer, Dialogue.FailureOf<LinkException>(suspending).Reason);
        Scenes.Restore(d);
        Assert.Equal("the last words", Scenes.Read(d, session));

        // Nobody knows whether that was all, so it is no orderly end.
        Assert.IsType<LinkException>(
            Dialogue.FailureOf<IOException>(d.Do(() => session.ReadAsync(new byte[1]).AsTask())).InnerException);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_peer_that_closes_while_it_is_suspended_ends_the_session_in_order(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        Scenes.Suspend(d, session);
        d.Say("\r\n+IPD,4:rest");
        d.Say("CLOSED\r\n");
        Scenes.Restore(d);

        Assert.Equal("rest", Scenes.Read(d, session));
        Assert.Equal("", Scenes.Read(d, session));
        Assert.Equal(
            LinkFailure.ClosedByPeer, Dialogue.FailureOf<LinkException>(d.Do(() => session.ResumeAsync())).Reason);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_data_state_that_is_refused_leaves_the_modem_as_it_was(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<TransparentSession> opening = Scenes.Open(d);
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nERROR\r\n");
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
        Scenes.Restore(d);

        Assert.Equal(LinkFailure.Refused, Dialogue.FailureOf<LinkException>(opening).Reason);
        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory, EverySplit]
    public async Task Disposing_sends_the_rest_leaves_the_state_and_closes(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        Scenes.Write(d, session, "bye");
        d.HearBytes("bye");
        Task disposing = d.Do(() => session.DisposeAsync().AsTask());
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Say(Quit);
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
        Scenes.Restore(d);

        d.EndsWith(ModemState.Online);
        Assert.Equal(ConnectionMode.Multiple, d.Modem.ConnectionMode);
        Assert.False(session.CanWrite);
        await disposing.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Theory, EverySplit]
    public void The_report_is_asked_for_only_where_it_is_not_set(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<TransparentSession> opening = Scenes.Open(d, report: "+SYSMSG:3\r\n\r\nOK\r\n", change: null);
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
        Assert.True(opening.IsCompletedSuccessfully);

        // Links in the data state would be told in the middle of the data: that is switched off.
        Dialogue other = Dialogue.Online(split);
        opening = Scenes.Open(other, report: "+SYSMSG:6\r\n\r\nOK\r\n", change: "AT+SYSMSG=3");
        other.Exchange("AT+CIPMODE=1");
        other.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
        Assert.True(opening.IsCompletedSuccessfully);
    }

    [Theory, EverySplit]
    public void A_command_that_waits_behind_a_change_of_state_gets_its_own_answer(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        Scenes.Suspend(d, session);
        Task resuming = d.Do(() => session.ResumeAsync());
        Task<CommandResponse> command = d.Send("AT+GMR");
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
        Assert.True(resuming.IsCompletedSuccessfully);
        Assert.False(command.IsCompleted);

        Task suspending = d.Do(() => session.SuspendAsync());
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Say(Quit);
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+GMR", "mine\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSTATUS", Standing);

        Assert.True(suspending.IsCompletedSuccessfully, $"{suspending.Exception}");
        Assert.Equal(["mine"], Dialogue.ResultOf(command).Lines);
    }

    [Theory, EverySplit]
    public void A_host_that_cannot_be_sent_is_refused_before_anything_is(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Dialogue.FailureOf<ArgumentException>(d.Do(() => d.Modem.OpenTransparentAsync("a\nb", 23)));

        d.EndsWith(ModemState.Online);
        Assert.Equal(ConnectionMode.Multiple, d.Modem.ConnectionMode);
    }

    [Theory, EverySplit]
    public void A_full_buffer_holds_the_module_back_but_not_its_word(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<TransparentSession> opening = Scenes.Open(
            d, request: new TransparentRequest("10.0.0.2", 80) { BufferBytes = 4096 });
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
        TransparentSession session = Dialogue.ResultOf(opening);
        string data = new('x', 5000);
        d.Say(data);
        Assert.True(d.Wire.IsPaused);

        Task suspending = d.Do(() => session.SuspendAsync());
        Assert.False(d.Wire.IsPaused);
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Say("yz" + Quit);
        Assert.False(d.Wire.IsPaused);
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPSTATUS", Standing);

        Assert.True(suspending.IsCompletedSuccessfully, $"{suspending.Exception}");
        Assert.Equal(data + "yz", Scenes.Read(d, session) + Scenes.Read(d, session));
    }

    [Theory, EverySplit]
    public void A_line_that_holds_nothing_back_loses_the_session_and_not_the_bytes(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Wire.IsLossless = false;
        Task<TransparentSession> opening = Scenes.Open(
            d, request: new TransparentRequest("10.0.0.2", 80) { BufferBytes = 4096 });
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
        TransparentSession session = Dialogue.ResultOf(opening);
        d.Say(new string('x', 5000));
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Say(Quit);
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
        Scenes.Restore(d);

        Assert.StartsWith(new string('x', 4096), Scenes.Read(d, session), StringComparison.Ordinal);
        Assert.Equal(LinkState.Faulted, session.Info.State);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void Without_flow_control_a_write_is_what_the_module_can_hold_and_then_there_is_a_pause(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Wire.IsLossless = false;
        TransparentSession session = Scenes.Opened(d);
        Scenes.Write(d, session, new string('a', 1500));

        d.HearBytes(new string('a', 1024));
        d.HearNothing();
        d.Pass(0.01);
        d.HearBytes(new string('a', 476));
    }

    [Theory, EverySplit]
    public void Where_the_line_waits_for_the_module_no_pause_follows_a_write(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        Scenes.Write(d, session, new string('a', 1500));

        d.HearBytes(new string('a', 1024));
        d.HearBytes(new string('a', 476));
    }

    [Theory, EverySplit]
    public void A_reader_that_is_slow_holds_the_module_back_while_the_session_sends(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<TransparentSession> opening = Scenes.Open(
            d, request: new TransparentRequest("10.0.0.2", 80) { BufferBytes = 4096 });
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
        TransparentSession session = Dialogue.ResultOf(opening);
        d.Say(new string('x', 5000));

        Scenes.Write(d, session, "up");
        d.HearBytes("up");
        Assert.True(d.Wire.IsPaused, "what is sent makes no room for what is received");

        string read = Scenes.Read(d, session);
        Assert.False(d.Wire.IsPaused, "reading does");
        Assert.StartsWith("xxxx", read, StringComparison.Ordinal);
    }

    [Theory, EverySplit]
    public void What_was_accepted_while_it_was_suspended_is_sent_before_it_closes(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        Scenes.Suspend(d, session);
        Scenes.Write(d, session, "last");
        d.Do(() => session.Dispose());
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
        d.HearBytes("last");
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Say(Quit);
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
        Scenes.Restore(d);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_session_that_ends_with_its_network_is_undone_before_the_next_link(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        Scenes.Suspend(d, session);
        Task joining = d.Join();
        d.Exchange("AT+CWJAP=\"net\",\"password\"", "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n");
        d.Exchange("AT+CIFSR", "+CIFSR:STAIP,\"10.0.0.9\"\r\n+CIFSR:STAMAC,\"00:11:22:33:44:66\"\r\n\r\nOK\r\n");
        Assert.True(joining.IsCompletedSuccessfully, $"{joining.Exception}");
        Assert.Equal(LinkState.Faulted, session.Info.State);

        Task<LinkStream> connecting = d.Connect();
        Scenes.Restore(d);
        d.Exchange(Dialogue.Open(4), "4,CONNECT\r\n\r\nOK\r\n");
        Assert.True(connecting.IsCompletedSuccessfully, $"{connecting.Exception}");
        Assert.Equal(ConnectionMode.Multiple, d.Modem.ConnectionMode);
    }

    [Theory, EverySplit]
    public void A_call_of_another_kind_suspends_and_resumes_it_too(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<TransparentSession> opening = Scenes.Open(
            d, request: new TransparentRequest("10.0.0.2", 80) { SuspendForCommands = true });
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
        Assert.True(opening.IsCompletedSuccessfully);

        Task<TimeSpan> ping = d.Do(() => d.Modem.PingAsync("10.0.0.1"));
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Say(Quit);
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+PING=\"10.0.0.1\"", "+PING:4\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");

        Assert.Equal(TimeSpan.FromMilliseconds(4), Dialogue.ResultOf(ping));
        Assert.Equal(ModemState.OnlineData, d.Modem.State);
    }
}
