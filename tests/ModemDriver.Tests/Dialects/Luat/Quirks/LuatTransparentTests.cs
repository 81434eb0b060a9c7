using System.Text;
using ModemDriver.Tests.Quirks;
using ModemDriver.Tests.Transparent;

namespace ModemDriver.Tests.Dialects.Luat.Quirks;

/// <summary>A transparent session on the wire: in, out, and the words that may be the module's or the peer's.</summary>
public sealed class LuatTransparentTests
{
    [Theory, EverySplit]
    public void It_is_opened_from_the_state_in_which_the_mode_can_be_set_and_begins_behind_CONNECT(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        Task<TransparentSession> opening = Begin(d);
        d.Say("\r\nOK\r\n\r\nCONNECT\r\nabc\r\nOK\r\n");

        TransparentSession session = Dialogue.ResultOf(opening);
        d.Pass(0.02);
        Assert.Equal("abc\r\nOK\r\n", Scenes.Read(d, session));
        Assert.Equal(ModemState.OnlineData, d.Modem.State);
        Assert.Equal(LossDetection.StatusCheck, session.LossDetection);
        Scenes.Write(d, session, "AT+CSQ\r\n");
        d.HearBytes("AT+CSQ\r\n");
    }

    [Theory, EverySplit]
    public void Suspending_and_resuming_keep_the_link_and_the_order(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        TransparentSession session = Opened(d);
        d.Say("a");
        Task suspending = d.Do(() => session.SuspendAsync());
        d.Pass(1.1);
        d.HearBytes("+++");
        d.Say("b\r\nOK\r\n");
        d.Pass(0.5);
        d.Say("c\r\nOK\r\n");
        d.Pass(0.5);
        d.Exchange("AT", "\r\nOK\r\n");
        d.Exchange("AT+CIPSTATUS", "\r\nOK\r\n\r\nSTATE: CONNECT OK\r\n");

        Assert.True(suspending.IsCompletedSuccessfully, $"{suspending.Exception}");
        Assert.Equal("ab\r\nOK\r\nc", Scenes.Read(d, session));
        Assert.Equal(ModemState.Online, d.Modem.State);
        LuatScenes.Works(d);

        Task resuming = d.Do(() => session.ResumeAsync());
        d.Exchange("ATO", "\r\nCONNECT\r\nd");
        Assert.True(resuming.IsCompletedSuccessfully);
        Assert.Equal("d", Scenes.Read(d, session));
    }

    [Theory, EverySplit]
    public void With_nothing_to_resume_the_session_ends(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        TransparentSession session = Opened(d);
        Task suspending = d.Do(() => session.SuspendAsync());
        Escape(d);
        d.Exchange("AT+CIPSTATUS", "\r\nOK\r\n\r\nSTATE: CONNECT OK\r\n");
        Assert.True(suspending.IsCompletedSuccessfully);

        Task resuming = d.Do(() => session.ResumeAsync());
        d.Exchange("ATO", "\r\nNO CARRIER\r\n");
        Assert.Equal(LinkFailure.Refused, Dialogue.FailureOf<LinkException>(resuming).Reason);
    }

    // It may have obeyed: what is sent before the escape would go to the peer.
    [Theory, EverySplit(""), EverySplit("\r\nCONNECT\r\n")]
    public void An_order_to_go_on_that_is_not_answered_in_time_is_escaped_from(Split split, string late)
    {
        Dialogue d = LuatScenes.Online(split);
        TransparentSession session = Opened(d);
        Task suspending = d.Do(() => session.SuspendAsync());
        Escape(d);
        d.Exchange("AT+CIPSTATUS", "\r\nOK\r\n\r\nSTATE: CONNECT OK\r\n");
        Assert.True(suspending.IsCompletedSuccessfully);

        Task resuming = d.Do(() => session.ResumeAsync());
        d.Hear("ATO");
        d.Pass(5);
        d.Pass(9);
        d.Say(late);
        d.Pass(late.Length == 0 ? 1 : 0);
        FindInDoubt(d);
        d.Exchange("AT", "\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=0", "\r\nCLOSE OK\r\n");
        Restore(d);

        Assert.Equal(LinkFailure.Refused, Dialogue.FailureOf<LinkException>(resuming).Reason);
        d.EndsWith(ModemState.Online);
        LuatScenes.Works(d);
    }

    [Theory, EverySplit]
    public void An_opening_that_is_not_answered_in_time_is_escaped_from(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        Task<TransparentSession> opening = Begin(d);
        d.Say("\r\nOK\r\n");
        d.Pass(80);
        d.Pass(10);
        FindInDoubt(d);
        Restore(d);

        Assert.Equal(LinkFailure.TimedOut, Dialogue.FailureOf<LinkException>(opening).Reason);
        d.EndsWith(ModemState.Online);
        LuatScenes.Works(d);
    }

    // What would be sent first to find a module would go to the peer of a session that still stands.
    [Theory, EverySplit]
    public void A_module_that_does_not_obey_the_escape_is_looked_for_behind_another_one(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        TransparentSession session = Opened(d);
        Task suspending = d.Do(() => session.SuspendAsync());
        foreach (double silence in (double[])[1.1, 2.1, 5.1])
        {
            d.Pass(silence);
            d.HearBytes("+++");
            d.Pass(1.6);
        }

        Assert.Equal(LinkFailure.ModemClosed, Dialogue.FailureOf<LinkException>(suspending).Reason);
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        d.Pass(1);
        d.HearBytes("+++");
        d.Say("\r\nOK\r\n");
        d.Pass(1);
        d.Hear(string.Empty);
        d.Exchange("AT");
        d.Pass(0.1);
        LuatScenes.Identify(d);
    }

    [Theory, EverySplit("\r\nCLOSED\r\n"), EverySplit("\r\nTCP ERROR:14\r\n"), EverySplit("\r\n+PDP DEACT\r\n"),
     EverySplit("\r\n+PDP: DEACT\r\n"), EverySplit("\r\n+PDP:DEACT\r\n")]
    [Trait("Quirk", "L32")]
    public void Words_of_an_end_are_payload_if_the_link_still_stands(Split split, string words)
    {
        Dialogue d = LuatScenes.Online(split);
        TransparentSession session = Opened(d);
        d.Say($"a{words}b");
        d.Pass(0.3);
        d.Pass(1.1);
        d.HearBytes("+++");
        d.Pass(0.6);
        d.Say("\r\nOK\r\n");
        d.Pass(0.5);
        d.Exchange("AT", "\r\nOK\r\n");
        d.Exchange("AT+CIPSTATUS", "\r\nOK\r\n\r\nSTATE: CONNECT OK\r\n");
        d.Exchange("ATO", "\r\nCONNECT\r\n");

        Assert.Equal($"a{words}b", Scenes.Read(d, session));
        Assert.Equal(ModemState.OnlineData, d.Modem.State);
    }

    // The peer may have said the module's word itself before it closed.
    [Theory, EverySplit("last"), EverySplit("last\r\nCLOSED\r\nwords"), EverySplit("\r\nTCP ERROR:14\r\n"), EverySplit("")]
    [Trait("Quirk", "L32")]
    public void The_word_that_the_peer_has_closed_ends_in_order_if_the_link_is_gone(Split split, string payload)
    {
        Dialogue d = LuatScenes.Online(split);
        TransparentSession session = Opened(d);
        d.Say($"{payload}\r\nCLOSED\r\n");
        FindGone(d, "TCP CLOSED");

        var all = new MemoryStream();
        Task reading = d.Do(() => session.CopyToAsync(all));
        Assert.True(reading.IsCompletedSuccessfully, $"{reading.Exception}");
        Assert.Equal(payload, Encoding.ASCII.GetString(all.ToArray()));
        LinkException closed = Dialogue.FailureOf<LinkException>(d.Do(() => session.SuspendAsync()));
        Assert.Equal(LinkFailure.ClosedByPeer, closed.Reason);
        Restore(d);
        d.EndsWith(ModemState.Online);
        LuatScenes.Works(d);
    }

    [Theory, EverySplit("\r\nCLOSED\r\n", "IP INITIAL"), EverySplit("\r\nCLOSED\r\n", "PDP DEACT"),
     EverySplit("\r\nTCP ERROR:14\r\n", "TCP CLOSED"), EverySplit("\r\nCLOSED\r\n\r\n+PDP DEACT\r\n", "PDP DEACT"),
     EverySplit("\r\nCLOSED\r\nwhose?", "TCP CLOSED"), EverySplit("\r\nCLOSED\r\n\r\nTCP ERROR:14\r\n", "TCP CLOSED")]
    [Trait("Quirk", "L32")]
    public void Other_words_of_an_end_are_a_failure_if_the_link_is_gone(Split split, string words, string state)
    {
        Dialogue d = LuatScenes.Online(split);
        TransparentSession session = Opened(d);
        d.Say("last" + words);
        FindGone(d, state);

        var all = new MemoryStream();
        Task reading = d.Do(() => session.CopyToAsync(all));
        Assert.Equal(LinkFailure.ClosedByPeer, ReasonOf(reading));
        Assert.StartsWith("last", Encoding.ASCII.GetString(all.ToArray()), StringComparison.Ordinal);
        Restore(d);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "L32")]
    public void Lines_that_the_module_had_kept_may_stand_behind_the_word(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        TransparentSession session = Opened(d);
        d.Say("last\r\nCLOSED\r\n\r\n+CREG: 1,\"1863\",\"0183db23\",7\r\n\r\nERROR\r\n");
        FindGone(d, "TCP CLOSED");

        var all = new MemoryStream();
        Assert.True(d.Do(() => session.CopyToAsync(all)).IsCompletedSuccessfully);
        Assert.Equal("last", Encoding.ASCII.GetString(all.ToArray()));
        Restore(d);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_mode_that_was_not_left_is_left_once_more_from_the_mode_of_one_link(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        Opened(d);
        d.Say("last\r\nCLOSED\r\n");
        FindGone(d, "TCP CLOSED");
        d.Exchange("AT+CIPSHUT", "\r\nERROR\r\n");
        d.Exchange("AT+CIPMODE=0", "\r\n+CME ERROR: 3\r\n");
        d.Exchange("AT+CIPRXGET=5");
        d.Exchange("AT+CIPSHUT", "\r\nSHUT OK\r\n");
        d.Exchange("AT+CIPMUX=0");
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPRXGET=5");
        d.Exchange("AT+CIPMUX=1");
        LuatScenes.GetAddress(d);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_mode_that_cannot_be_left_is_a_case_for_the_recovery(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        Opened(d);
        d.Say("last\r\nCLOSED\r\n");
        FindGone(d, "TCP CLOSED");
        d.Exchange("AT+CIPSHUT", "\r\nSHUT OK\r\n");
        d.Exchange("AT+CIPMODE=0", "\r\n+CME ERROR: 3\r\n");
        d.Exchange("AT+CIPRXGET=5");
        d.Exchange("AT+CIPSHUT", "\r\nSHUT OK\r\n");
        d.Exchange("AT+CIPMUX=0");
        d.Exchange("AT+CIPMODE=0", "\r\n+CME ERROR: 3\r\n");
        d.Exchange("AT+CIPRXGET=5");

        Assert.Equal(ModemState.Recovering, d.Modem.State);
    }

    [Theory, EverySplit]
    public void What_the_module_says_behind_its_OK_is_not_the_peers(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        TransparentSession session = Opened(d);
        Task suspending = d.Do(() => session.SuspendAsync());
        d.Pass(1.1);
        d.HearBytes("+++");
        d.Pass(0.6);
        d.Say("a\r\nOK\r\n\r\n+CREG: 1,\"1863\",\"0183db23\",7\r\n");
        d.Pass(0.5);
        d.Exchange("AT", "\r\n^MODE: 17,17\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSTATUS", "\r\nOK\r\n\r\nSTATE: CONNECT OK\r\n");

        Assert.True(suspending.IsCompletedSuccessfully, $"{suspending.Exception}");
        Assert.Equal("a", Scenes.Read(d, session));
    }

    [Theory, EverySplit]
    public void An_OK_of_the_peer_at_the_escape_costs_no_other_byte(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        TransparentSession session = Opened(d);
        Task suspending = d.Do(() => session.SuspendAsync());
        d.Pass(1.1);
        d.HearBytes("+++");
        d.Pass(0.6);
        d.Say("a\r\nOK\r\nb");
        d.Pass(0.5);
        d.Hear("AT");
        d.Say("c");
        for (int i = 0; i < 4; i++)
        {
            // Nobody answers; each line may have been lost on the line.
            d.Pass(2.2);
            d.Hear("AT");
        }

        d.Say("d");
        d.Pass(2.2);
        Assert.Equal("abcd", Scenes.Read(d, session).Replace("\r\nOK\r\n", "", StringComparison.Ordinal));
    }

    [Theory, EverySplit]
    public void A_peer_that_closes_while_the_session_is_suspended_may_have_said_more(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        TransparentSession session = Opened(d);
        Task suspending = d.Do(() => session.SuspendAsync());
        Escape(d);
        d.Exchange("AT+CIPSTATUS", "\r\nOK\r\n\r\nSTATE: CONNECT OK\r\n");
        Assert.True(suspending.IsCompletedSuccessfully);
        d.Say("\r\nCLOSED\r\n");

        Assert.Equal(LinkFailure.ClosedByPeer, ReasonOf(d.Do(() => session.CopyToAsync(new MemoryStream()))));
        Restore(d);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit("x", "\r"), EverySplit("x", "\r\n"), EverySplit("x\r", "\r\nCLO"), EverySplit("x", "\r\nCLOSED\r")]
    public void The_beginning_of_the_word_is_read_a_moment_later_if_it_does_not_go_on(Split split, string data, string beginning)
    {
        Dialogue d = LuatScenes.Online(split);
        TransparentSession session = Opened(d);
        d.Say(data + beginning);
        Assert.Equal(data, Scenes.Read(d, session));
        d.Pass(0.02);
        Assert.Equal(beginning, Scenes.Read(d, session));
        d.Say("SET\r\nCLO");
        d.Say("CK");

        Assert.Equal("SET\r\nCLOCK", Scenes.Read(d, session));
        d.Pass(3);
        d.HearNothing();
    }

    [Theory, EverySplit("IP STATUS", LinkFailure.Refused), EverySplit("PDP DEACT", LinkFailure.NoNetwork)]
    [Trait("Quirk", "L24")]
    public void An_opening_that_fails_says_why_and_leaves_the_module_as_it_was(Split split, string state, LinkFailure failure)
    {
        Dialogue d = LuatScenes.Online(split);
        Task<TransparentSession> opening = Begin(d);
        d.Say($"\r\nOK\r\n\r\nSTATE: {state}\r\n\r\nCONNECT FAIL\r\n");
        d.Exchange("AT+CIPSHUT", "\r\nSHUT OK\r\n");
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPRXGET=5");
        d.Exchange("AT+CIPMUX=1");
        LuatScenes.GetAddress(d);

        Assert.Equal(failure, Dialogue.FailureOf<LinkException>(opening).Reason);
        d.EndsWith(ModemState.Online);
        LuatScenes.Works(d);
    }

    // It takes commands already, and has no word for the escape.
    private static void FindGone(Dialogue d, string state)
    {
        d.Pass(0.3);
        d.Pass(1.1);
        d.HearBytes("+++");
        d.Pass(1.6);
        d.Exchange("AT", "\r\nOK\r\n");
        d.Exchange("AT+CIPSTATUS", $"\r\nOK\r\n\r\nSTATE: {state}\r\n");
    }

    // A module that has gone into the data state has a word for the escape, and takes commands from then on.
    private static void FindInDoubt(Dialogue d)
    {
        d.HearNothing();
        d.Pass(1.1);
        d.HearBytes("+++");
        d.Pass(0.6);
        d.Say("\r\nOK\r\n");
        d.Pass(0.5);
        d.Exchange("AT", "\r\nOK\r\n");
        d.Pass(0.1);
    }

    private static LinkFailure ReasonOf(Task reading) =>
        Assert.IsType<LinkException>(Dialogue.FailureOf<IOException>(reading).InnerException).Reason;

    private static Task<TransparentSession> Begin(Dialogue d)
    {
        Task<TransparentSession> opening = d.Do(() => d.Modem.OpenTransparentAsync(new TransparentRequest("10.0.0.2", 80)));
        d.Exchange("AT+CIPSHUT", "\r\nSHUT OK\r\n");
        d.Exchange("AT+CIPMUX=0");
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPCCFG=5,2,1024,0,0,1460,50,1");
        d.Exchange("AT+CIPRXGET=0");
        LuatScenes.GetAddress(d);
        d.Hear(LuatScenes.Open(null));
        return opening;
    }

    private static TransparentSession Opened(Dialogue d)
    {
        Task<TransparentSession> opening = Begin(d);
        d.Say("\r\nOK\r\n\r\nCONNECT\r\n");
        return Dialogue.ResultOf(opening);
    }

    private static void Escape(Dialogue d)
    {
        d.Pass(1.1);
        d.HearBytes("+++");
        d.Pass(0.6);
        d.Say("\r\nOK\r\n");
        d.Pass(0.5);
        d.Exchange("AT", "\r\nOK\r\n");
    }

    // As it was before the session.
    private static void Restore(Dialogue d)
    {
        d.Exchange("AT+CIPSHUT", "\r\nSHUT OK\r\n");
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPRXGET=5");
        d.Exchange("AT+CIPMUX=1");
        LuatScenes.GetAddress(d);
    }
}
