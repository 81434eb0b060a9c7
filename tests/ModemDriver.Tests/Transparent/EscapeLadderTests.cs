using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Transparent;

/// <summary>What is tried when a module does not obey the escape sequence: longer silences, DTR, the recovery.</summary>
public sealed class EscapeLadderTests
{
    private const string Quit = "\r\n+QUITT\r\n";

    private static readonly TransparentRequest WithDtr = new("10.0.0.2", 80) { DropDtr = true };

    [Theory, EverySplit]
    public void DTR_is_dropped_when_the_escape_is_not_obeyed(Split split)
    {
        var lines = new Lines();
        Dialogue d = Dialogue.Online(split);
        d.Wire.ControlLines = lines;
        TransparentSession session = Opened(d, WithDtr);
        Task suspending = SuspendInVain(d, session);
        Assert.False(lines.IsReady);
        d.Say("the last data" + Quit);
        d.Pass(1);
        Assert.True(lines.IsReady);
        d.Exchange("AT+CIPMODE=0");

        // The peer may have had the sequence as data.
        Assert.Equal(LinkFailure.SendFailed, Dialogue.FailureOf<LinkException>(suspending).Reason);
        d.Exchange("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
        Scenes.Restore(d);
        Assert.Equal("the last data", Scenes.Read(d, session));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_module_that_does_not_report_is_asked_after_the_drop(Split split)
    {
        var lines = new Lines();
        Dialogue d = Dialogue.Online(split);
        d.Wire.ControlLines = lines;
        TransparentSession session = Opened(d, WithDtr);
        Task suspending = SuspendInVain(d, session);
        d.Pass(0.5);
        Assert.False(lines.IsReady);
        d.Pass(1);
        Assert.True(lines.IsReady);
        d.Exchange("AT+CIPMODE=0");

        Assert.Equal(LinkFailure.SendFailed, Dialogue.FailureOf<LinkException>(suspending).Reason);
        Assert.Equal(ModemState.Online, d.Modem.State);
    }

    [Theory, EverySplit]
    public void A_module_that_obeys_neither_is_recovered(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Wire.ControlLines = new Lines();
        TransparentSession session = Opened(d, WithDtr);
        Task suspending = SuspendInVain(d, session);
        d.Pass(1.5);
        d.Hear("AT+CIPMODE=0");
        d.Pass(2);

        Assert.Equal(LinkFailure.ModemClosed, Dialogue.FailureOf<LinkException>(suspending).Reason);
        Assert.Equal(ModemState.Recovering, d.Modem.State);
    }

    [Theory, EverySplit]
    public void A_port_without_DTR_goes_on_to_the_recovery(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Wire.ControlLines = new Lines { HasDtr = false };
        TransparentSession session = Opened(d, WithDtr);
        Task suspending = SuspendInVain(d, session);

        Assert.True(suspending.IsFaulted);
        Assert.Equal(ModemState.Recovering, d.Modem.State);
    }

    [Theory, EverySplit]
    public void DTR_is_left_alone_unless_it_was_asked_for(Split split)
    {
        var lines = new Lines();
        Dialogue d = Dialogue.Online(split);
        d.Wire.ControlLines = lines;
        TransparentSession session = Opened(d, WithDtr with { DropDtr = false });
        Task suspending = SuspendInVain(d, session);

        Assert.True(suspending.IsFaulted);
        Assert.True(lines.IsReady);
    }

    [Theory, EverySplit]
    public void A_module_that_does_not_say_that_it_enters_the_state_is_led_out_of_it(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<TransparentSession> opening = Scenes.Open(d);
        d.Hear("AT+CIPMODE=1");
        d.HearProbe(20);
        d.Say("\r\nOK\r\n");
        d.Pass(0.1);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
        Scenes.Restore(d);

        Assert.Equal(LinkFailure.Refused, Dialogue.FailureOf<LinkException>(opening).Reason);
        d.EndsWith(ModemState.Online);
    }

    // It may be in the state: AT+CIPMODE=0 without the escape before it would go to the peer.
    [Theory, EverySplit(Quit), EverySplit("")]
    public void A_module_that_does_not_say_that_it_is_in_the_state_is_escaped_from(Split split, string report)
    {
        Dialogue d = Dialogue.Online(split);
        Task<TransparentSession> opening = Scenes.Open(d);
        d.Exchange("AT+CIPMODE=1");
        d.Hear("AT+CIPSEND");
        d.Pass(5);
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Say(report);
        d.Pass(report.Length == 0 ? 1.2 : 1);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
        Scenes.Restore(d);

        Assert.Equal(LinkFailure.Refused, Dialogue.FailureOf<LinkException>(opening).Reason);
        d.EndsWith(ModemState.Online);
    }

    private static TransparentSession Opened(Dialogue d, TransparentRequest request)
    {
        Task<TransparentSession> opening = Scenes.Open(d, request: request);
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
        return Dialogue.ResultOf(opening);
    }

    // Three times, behind silences of 0.2, 1.2 and 4.2 seconds.
    private static Task SuspendInVain(Dialogue d, TransparentSession session)
    {
        Task suspending = d.Do(() => session.SuspendAsync());
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Pass(2.4);
        d.HearBytes("+++");
        d.Pass(5.4);
        d.HearBytes("+++");
        d.Pass(1.2);
        return suspending;
    }
}
