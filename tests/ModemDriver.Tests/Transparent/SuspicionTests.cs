using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Transparent;

/// <summary>
/// Words of a module that has started anew, in the middle of the data: payload or not, the session asks, and what the
/// reader gets is the peer's bytes in order, or the reason.
/// </summary>
public sealed class SuspicionTests
{
    private const string Quit = "\r\n+QUITT\r\n";
    private const string Standing = "STATUS:3\r\n+CIPSTATUS:0,\"TCP\",\"10.0.0.2\",80,54011,0\r\n\r\nOK\r\n";
    private const string Boot = "\r\n ets Jan  8 2013,rst cause:4, boot mode:(3,6)\r\n\r\nwdt reset\r\n";

    [Theory, EverySplit]
    public void A_module_that_starts_anew_amid_the_data_is_noticed_by_itself(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        d.Say("data");
        d.Say("\r\nready\r\n");
        d.Pass(0.5);
        d.HearBytes("+++");
        d.Say("+++");
        d.Pass(1.2);

        // It echoes, and what was sent before stands in front of the first line.
        d.Exchange("AT+CIPMODE=0", "AT+CIPMODE=0\r\n\r\nERROR\r\n");
        d.Pass(0.2);
        d.Exchange("AT+CIPMODE=0", "AT+CIPMODE=0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSTATUS", "AT+CIPSTATUS\r\nSTATUS:5\r\n\r\nOK\r\n");

        Assert.Equal(ModemState.Recovering, d.Modem.State);
        Assert.Equal(LinkState.Faulted, session.Info.State);
        AssertDataThenFailure(d, session, "data", LinkFailure.ModuleReset);
    }

    [Theory, EverySplit]
    public void A_module_that_is_still_starting_is_waited_for(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        d.Say(Boot);
        d.Pass(0.5);
        d.HearBytes("+++");
        d.Pass(1.2);
        d.Hear("AT+CIPMODE=0");
        d.Pass(1);
        d.Say("\r\nready\r\n");
        d.Pass(1);
        d.Pass(1.2);
        d.HearBytes("+++");
        d.Say("+++");
        d.Pass(1.2);
        d.Exchange("AT+CIPMODE=0", "AT+CIPMODE=0\r\n\r\nERROR\r\n");
        d.Pass(0.2);
        d.Exchange("AT+CIPMODE=0", "AT+CIPMODE=0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSTATUS", "AT+CIPSTATUS\r\nSTATUS:5\r\n\r\nOK\r\n");

        Assert.Equal(ModemState.Recovering, d.Modem.State);
        Assert.Equal(LinkFailure.ModuleReset, Failure(d, session));
    }

    [Theory, EverySplit]
    public void The_same_words_from_the_peer_are_data_and_the_session_goes_on(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        d.Say("one\r\nready\r\ntwo");
        Scenes.Write(d, session, "waits");
        d.Pass(0.5);
        d.HearBytes("+++");
        d.Say("three" + Quit + "four");
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0");
        d.Say("\r\n+IPD,4:five");
        d.Exchange("AT+CIPSTATUS", Standing);
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
        d.HearBytes("waits");
        d.Say("six");

        Assert.Equal("one\r\nready\r\ntwothreefourfivesix", Scenes.Read(d, session));
        Assert.Equal(ModemState.OnlineData, d.Modem.State);
        Assert.False(session.IsSuspended);
    }

    [Theory, EverySplit]
    public void Such_words_again_and_again_stop_the_data_once_in_a_while_only(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        d.Say("\r\nready\r\n");
        Check(d);
        d.Say("again\r\nready\r\n");
        Scenes.Read(d, session);
        d.Pass(9);
        d.HearNothing();
        d.Say("and more");
        Assert.Equal("and more", Scenes.Read(d, session));

        // Then it is asked all the same: this time it might be the module.
        d.Pass(1);
        Check(d);
        Assert.Equal(ModemState.OnlineData, d.Modem.State);

        // Once the pause is over, and nothing has come, nothing is asked.
        d.Pass(30);
        d.HearNothing();
    }

    [Theory, EverySplit]
    public void Whoever_says_more_than_any_module_is_the_peer_and_is_not_stopped(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        string data = "\r\nready\r\n" + new string('x', 17_000);
        d.Say(data);
        Scenes.Write(d, session, "goes on");
        d.HearBytes("goes on");

        string read = string.Empty;
        while (read.Length < data.Length)
        {
            read += Scenes.Read(d, session);
        }

        Assert.Equal(data, read);
        d.Pass(30);
        d.HearNothing();
    }

    [Theory, EverySplit]
    public void A_peer_that_goes_on_talking_is_waited_for_a_while(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        d.Say("\r\nready\r\n");
        for (int i = 0; i < 12; i++)
        {
            d.Pass(0.25);
            d.Say("x");
        }

        // For three seconds; the wait that ends there has begun before.
        d.Pass(0.25);
        d.HearBytes("+++");
        d.Say(Quit);
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPSTATUS", Standing);
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");

        Assert.Equal("\r\nready\r\nxxxxxxxxxxxx", Scenes.Read(d, session));
    }

    [Theory, EverySplit]
    public void A_peer_that_says_such_words_and_closes_has_said_them(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        d.Say("\r\nready\r\n");
        d.Pass(0.5);
        d.HearBytes("+++");
        d.Say(Quit);
        d.Pass(1);
        d.Hear("AT+CIPMODE=0");
        d.Say("\r\nOK\r\n\r\n+IPD,4:restCLOSED\r\n");
        d.Exchange("AT+CIPSTATUS", "STATUS:4\r\n\r\nOK\r\n");
        Scenes.Restore(d);

        Assert.Equal("\r\nready\r\nrest", Scenes.Read(d, session));
        Assert.Equal("", Scenes.Read(d, session));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void Firmware_that_reports_nothing_is_asked_for_the_link(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d, report: "\r\nERROR\r\n");
        d.Say("\r\nready\r\n");
        d.Pass(0.5);
        d.HearBytes("+++");
        d.Pass(1.2);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPSTATUS", Standing);
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");

        Assert.Equal("\r\nready\r\n", Scenes.Read(d, session));
        Assert.Equal(ModemState.OnlineData, d.Modem.State);
    }

    [Theory, EverySplit]
    public void A_link_that_is_gone_then_is_lost_and_not_ended(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d, report: "\r\nERROR\r\n");
        d.Say("data\r\nready\r\nwhose?");
        d.Pass(0.5);
        d.HearBytes("+++");
        d.Pass(1.2);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPSTATUS", "STATUS:4\r\n\r\nOK\r\n");
        Scenes.Restore(d);

        AssertDataThenFailure(d, session, "data", LinkFailure.ClosedByPeer);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_suspension_that_is_under_way_finds_it_as_well(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Scenes.Opened(d);
        Task suspending = d.Do(() => session.SuspendAsync());
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Say("\r\nready\r\n");
        d.Pass(1.2);
        d.Exchange("AT+CIPMODE=0", "AT+CIPMODE=0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSTATUS", "AT+CIPSTATUS\r\nSTATUS:5\r\n\r\nOK\r\n");

        Assert.True(suspending.IsFaulted);
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        Assert.Equal(LinkFailure.ModuleReset, Failure(d, session));
    }

    private static void Check(Dialogue d)
    {
        d.Pass(0.5);
        d.HearBytes("+++");
        d.Say(Quit);
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPSTATUS", Standing);
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
    }

    // The word may have come in pieces: then its beginning has been read as data, and the failure follows all the same.
    private static void AssertDataThenFailure(Dialogue d, TransparentSession session, string data, LinkFailure failure)
    {
        Assert.StartsWith(data, Scenes.Read(d, session), StringComparison.Ordinal);
        Assert.Equal(failure, Failure(d, session));
    }

    private static LinkFailure Failure(Dialogue d, TransparentSession session)
    {
        Task read = d.Do(() => session.ReadAsync(new byte[4096]).AsTask());
        if (read.IsCompletedSuccessfully)
        {
            read = d.Do(() => session.ReadAsync(new byte[4096]).AsTask());
        }

        return Assert.IsType<LinkException>(Dialogue.FailureOf<IOException>(read).InnerException).Reason;
    }
}
