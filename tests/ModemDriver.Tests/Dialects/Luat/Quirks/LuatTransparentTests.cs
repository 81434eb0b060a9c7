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

    [Theory, EverySplit]
    [Trait("Quirk", "L32")]
    public void Words_of_an_end_are_the_modules_if_the_link_is_gone(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        TransparentSession session = Opened(d);
        d.Say("last\r\nCLOSED\r\n");
        d.Pass(0.3);
        d.Pass(1.1);
        d.HearBytes("+++");
        d.Pass(1.6);
        d.Exchange("AT", "\r\nOK\r\n");
        d.Exchange("AT+CIPSTATUS", "\r\nOK\r\n\r\nSTATE: TCP CLOSED\r\n");

        Assert.Equal(
            LinkFailure.ClosedByPeer,
            Assert.IsType<LinkException>(Dialogue.FailureOf<IOException>(ReadToEnd(d, session)).InnerException).Reason);
        Restore(d);
        d.EndsWith(ModemState.Online);
        LuatScenes.Works(d);
    }

    [Theory, EverySplit("IP STATUS", LinkFailure.Refused), EverySplit("PDP DEACT", LinkFailure.NoNetwork)]
    [Trait("Quirk", "L24")]
    public void An_opening_that_fails_says_why_and_leaves_the_module_as_it_was(Split split, string state, LinkFailure failure)
    {
        Dialogue d = LuatScenes.Online(split);
        Task<TransparentSession> opening = Begin(d);
        d.Say($"\r\nOK\r\n\r\nSTATE: {state}\r\n\r\nCONNECT FAIL\r\n");
        d.Exchange("AT+CIFSR", "\r\n10.74.100.63\r\n");
        d.Exchange("AT+CIPSHUT", "\r\nSHUT OK\r\n");
        d.Exchange("AT+CIPSTATUS", "\r\nOK\r\n\r\nSTATE: IP INITIAL\r\n");
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPRXGET=5");
        d.Exchange("AT+CIPMUX=1");
        LuatScenes.GetAddress(d);

        Assert.Equal(failure, Dialogue.FailureOf<LinkException>(opening).Reason);
        d.EndsWith(ModemState.Online);
        LuatScenes.Works(d);
    }

    private static Task ReadToEnd(Dialogue d, TransparentSession session) =>
        d.Do(() => session.CopyToAsync(new MemoryStream()));

    private static Task<TransparentSession> Begin(Dialogue d)
    {
        Task<TransparentSession> opening = d.Do(() => d.Modem.OpenTransparentAsync(new TransparentRequest("10.0.0.2", 80)));
        d.Exchange("AT+CIPSHUT", "\r\nSHUT OK\r\n");
        d.Exchange("AT+CIPMUX=0");
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPCCFG=5,2,1024,0");
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
