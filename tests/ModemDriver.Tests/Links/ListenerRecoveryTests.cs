using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Links;

/// <summary>A listener whose module starts anew or loses its network.</summary>
public sealed class ListenerRecoveryTests
{
    [Theory, EverySplit]
    public void After_a_reset_the_listener_is_started_again_and_whoever_accepts_goes_on_waiting(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening(new ListenRequest(8080) { MaxLinks = 3 });
        d.SayAccepted(0);
        LinkStream lost = d.Accepted(listener);
        Task<LinkStream> accepting = d.Accept(listener);
        d.Say("\r\nready\r\n");
        d.FindModule();
        d.BringUp();
        d.FindNetwork();
        d.BeginToListen(new ListenRequest(8080) { MaxLinks = 3 });

        Assert.Equal(LinkFailure.ModuleReset, d.ReadFailure(lost).Reason);
        d.EndsWith(ModemState.Online);
        d.SayAccepted(0);
        Assert.Equal(0, Dialogue.ResultOf(accepting).LinkId);
    }

    [Theory, EverySplit]
    public void A_listener_that_cannot_be_started_again_says_why(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        Task<LinkStream> accepting = d.Accept(listener);
        d.Say("\r\nready\r\n");
        d.FindModule();
        d.BringUp();
        d.FindNetwork();
        d.TellOrigins();
        d.Exchange("AT+CIPSERVER=0");
        d.Exchange("AT+CIPSERVERMAXCONN=5");
        d.Exchange("AT+CIPSERVER=1,80", "\r\nERROR\r\n");
        d.Exchange("AT+CIPSERVER=0");

        LinkException ended = Dialogue.FailureOf<LinkException>(accepting);
        Assert.IsType<CommandFailedException>(ended.InnerException);
        d.EndsWith(ModemState.Online);
        Assert.Equal(80, d.Listening().Port);
    }

    [Theory, EverySplit]
    public void A_listener_that_is_started_and_then_refused_its_idle_time_is_stopped(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        var request = new ListenRequest(80) { IdleTimeout = TimeSpan.FromSeconds(60) };
        Task<LinkListener> listening = d.Listen(request);
        d.BeginToListen();
        d.Exchange("AT+CIPSTO=60");
        LinkListener listener = Dialogue.ResultOf(listening);
        Task<LinkStream> accepting = d.Accept(listener);
        d.Say("\r\nready\r\n");
        d.FindModule();
        d.BringUp();
        d.FindNetwork();
        d.BeginToListen();
        d.Exchange("AT+CIPSTO=60", "\r\nERROR\r\n");
        d.Exchange("AT+CIPSERVER=0");

        Dialogue.FailureOf<LinkException>(accepting);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_listener_that_is_ended_while_it_is_started_again_does_not_go_on(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        d.Say("\r\nready\r\n");
        d.FindModule();
        d.BringUp();
        d.FindNetwork();
        d.TellOrigins();
        d.Exchange("AT+CIPSERVER=0");
        d.Hear("AT+CIPSERVERMAXCONN=5");
        Task ending = d.Do(() => listener.DisposeAsync().AsTask());
        d.Say("\r\nOK\r\n");

        // Its own order to stop stands before the one to start, so there is another one behind it.
        d.Exchange("AT+CIPSERVER=0");
        d.Exchange("AT+CIPSERVER=1,80");
        d.Exchange("AT+CIPSERVER=0");

        Assert.Equal(ModemState.Online, d.Modem.State);
        Assert.Equal(80, d.Listening().Port);
        Assert.False(ending.IsFaulted);
    }

    [Theory, EverySplit]
    public void After_the_network_was_lost_and_found_it_listens_again(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        d.SayAccepted(0);
        d.Say("WIFI DISCONNECT\r\n");
        d.FindNetwork();
        d.Exchange("AT+CIPSTATUS", "STATUS:2\r\n\r\nOK\r\n");
        d.BeginToListen();

        Task<LinkStream> accepting = d.Accept(listener);
        Assert.False(accepting.IsCompleted);
        d.EndsWith(ModemState.Online);
        d.SayAccepted(0);
        Assert.True(accepting.IsCompletedSuccessfully);
    }

    [Theory, EverySplit]
    public void A_listener_that_is_disposed_while_the_modem_recovers_is_not_started_again(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        d.Say("\r\nready\r\n");
        Task disposing = d.Do(() => listener.DisposeAsync().AsTask());
        d.Hear(string.Empty);
        d.Exchange("AT", "AT\r\n\r\nOK\r\n");
        d.Pass(0.1);
        d.Exchange("AT+CIPSERVER=0", "AT+CIPSERVER=0\r\n\r\nOK\r\n");
        d.Identify();
        d.BringUp();
        d.FindNetwork();

        Assert.True(disposing.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Online);
    }
}
