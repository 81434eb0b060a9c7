namespace ModemDriver.Tests.Quirks;

/// <summary>Modules that are at work, or say so.</summary>
public sealed class BusyTests
{
    private const string Busy = "\r\nbusy p...\r\n";

    [Theory, EverySplit]
    [Trait("Quirk", "Q2")]
    public void A_line_that_was_refused_as_busy_and_answered_all_the_same_is_not_sent_again(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<CommandResponse> response = d.Send("AT+SYSRAM?");
        d.Exchange("AT+SYSRAM?", Busy);
        d.Pass(0.1);
        d.Say("+SYSRAM:30000\r\nOK\r\n");

        Assert.Equal(["+SYSRAM:30000"], Dialogue.ResultOf(response).Lines);
        TakesTheNextCommandAfterAProbe(d);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q2"), Trait("Quirk", "Q42")]
    public void A_line_that_was_repeated_and_is_answered_twice_gives_nothing_to_the_next_command(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<CommandResponse> response = d.Send("AT+SYSRAM?");
        d.Exchange("AT+SYSRAM?", Busy);
        d.Pass(0.2);
        d.Exchange("AT+SYSRAM?", "+SYSRAM:1\r\nOK\r\n");
        Assert.Equal(["+SYSRAM:1"], Dialogue.ResultOf(response).Lines);

        Task<CommandResponse> next = d.Send("AT+CIPMUX?");
        d.Exchange("AT", "+SYSRAM:2\r\nOK\r\n\r\nOK\r\n");
        d.Pass(0.1);
        d.GetInStep();
        d.Exchange("AT+CIPMUX?", "+CIPMUX:1\r\n\r\nOK\r\n");

        Assert.Equal(["+CIPMUX:1"], Dialogue.ResultOf(next).Lines);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q42")]
    public void The_late_failure_of_a_command_that_timed_out_is_not_the_answer_to_the_next_one(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<CommandResponse> slow = d.Send("AT+SLOW", 1);
        d.Hear("AT+SLOW");
        d.Pass(1);
        Assert.Equal(CommandStage.Written, Dialogue.FailureOf<CommandTimeoutException>(slow).Stage);

        // One command at a time: the next one waits until the first is known to be over.
        Task<CommandResponse> next = d.Send("AT+SYSRAM?");
        d.HearNothing();
        d.Say(Busy + "\r\nERROR\r\n");
        d.Exchange("AT+SYSRAM?", "+SYSRAM:30000\r\nOK\r\n");

        Assert.Equal(["+SYSRAM:30000"], Dialogue.ResultOf(next).Lines);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q3")]
    public void A_module_that_answers_busy_until_it_has_joined_is_waited_for_at_the_start(Split split)
    {
        Dialogue d = new(split);
        d.Hear(string.Empty);
        for (int i = 0; i < 40; i++)
        {
            d.Exchange("AT", "AT\r\n" + Busy);
            d.Pass(0.5);
        }

        d.Exchange("AT", "WIFI CONNECTED\r\nWIFI GOT IP\r\nAT\r\n\r\nOK\r\n");
        d.Pass(0.1);
        d.Identify();
        d.BringUp();

        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q3")]
    public void A_module_that_is_busy_for_ever_is_given_up_at_the_start_within_the_limit(Split split)
    {
        Dialogue d = new(split);
        for (int i = 0; i < 60 * 4 && !d.Opening.IsCompleted; i++)
        {
            while (d.Wire.TakeWrite() is not null)
            {
                d.Say(Busy);
            }

            d.Pass(0.25);
        }

        Assert.NotEmpty(Dialogue.FailureOf<ModuleSilentException>(d.Opening).Message);
        Assert.True(d.Wire.IsDisposed);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q4")]
    public void A_command_and_its_payload_go_out_in_one_write_each_with_nothing_behind_them(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Write(link, "hello");
        d.Exchange("AT+CIPSEND=4,5", "\r\nOK\r\n\r\n>");
        d.HearBytes("hello");
        d.HearNothing();

        // Surplus bytes are refused with a busy that ends nothing.
        d.Say(Busy + "\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n");

        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
        Assert.Equal(5, link.Info.BytesSent);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q44")]
    public void Nothing_is_sent_while_a_join_takes_its_time(Split split)
    {
        Dialogue d = Dialogue.Ready(split);
        Task joining = d.Join();
        d.Hear("AT+CWJAP=\"net\",\"password\"");
        d.Pass(15);
        d.HearNothing();
        d.Say("+CWJAP:1\r\n\r\nERROR\r\n");

        Assert.Equal(NetworkJoinFailure.TimedOut, Dialogue.FailureOf<NetworkJoinException>(joining).Reason);
        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q44")]
    public void Nothing_is_sent_while_a_connection_takes_its_time(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream other = d.Connected(3);
        Task<LinkStream> connecting = d.Connect();
        d.Hear(Dialogue.Open(4));
        d.Write(other, "x");
        Task<CommandResponse> waiting = d.Send("AT+SYSRAM?");
        d.Pass(20);
        d.HearNothing();
        d.Say("\r\nERROR\r\n");

        Assert.Equal(LinkFailure.Refused, Dialogue.FailureOf<LinkException>(connecting).Reason);
        d.Exchange("AT+CIPSEND=3,1", "\r\nOK\r\n\r\n>");
        d.HearBytes("x");
        d.Say("\r\nRecv 1 bytes\r\n\r\nSEND OK\r\n");
        d.Exchange("AT+SYSRAM?", "+SYSRAM:1\r\nOK\r\n");
        Assert.True(waiting.IsCompletedSuccessfully);
        d.CheckHealth();
        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    public void A_storm_of_busy_ends_a_command_by_its_time_limit_and_the_modem_recovers(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<CommandResponse> response = d.Send("AT+SYSRAM?", 5);
        for (int i = 0; i < 500 && !response.IsCompleted; i++)
        {
            if (d.Wire.Unheard > 0)
            {
                d.Exchange("AT+SYSRAM?", Busy);
            }

            d.Pass(0.01);
        }

        Assert.Equal(TimeSpan.FromSeconds(5), Dialogue.FailureOf<CommandTimeoutException>(response).TimeLimit);
        d.Say("\r\nOK\r\n");
        TakesTheNextCommandAfterAProbe(d);
    }

    private static void TakesTheNextCommandAfterAProbe(Dialogue d)
    {
        Task<CommandResponse> next = d.Send("AT+CIPMUX?");
        d.GetInStep();
        d.Exchange("AT+CIPMUX?", "+CIPMUX:1\r\n\r\nOK\r\n");
        Assert.Equal(["+CIPMUX:1"], Dialogue.ResultOf(next).Lines);
        d.EndsWith(ModemState.Online);
    }
}
