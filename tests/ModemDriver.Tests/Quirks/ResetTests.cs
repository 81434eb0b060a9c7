namespace ModemDriver.Tests.Quirks;

/// <summary>Modules that start anew in the middle of something: every caller is told, and the modem comes back.</summary>
public sealed class ResetTests
{
    private const string Ready = "\r\nready\r\n";

    [Theory, EverySplit(Ready), EverySplit("\xff\x00\x8c>\r\n" + Ready)]
    [EverySplit("\r\n ets Jan  8 2013,rst cause:4, boot mode:(3,6)\r\n\r\nwdt reset\r\n" + Ready)]
    public void While_nothing_is_going_on_the_links_fail_and_the_modem_comes_back(Split split, string boot)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        Task<int> reading = d.Do(() => link.ReadAsync(new byte[1], CancellationToken.None).AsTask());
        d.Say(boot);

        Assert.Equal(LinkFailure.ModuleReset, Reason(reading));
        ComesBack(d);
        Task<LinkStream> again = d.Connect();
        d.Exchange(Dialogue.Open(4), "4,CONNECT\r\n\r\nOK\r\n");
        Assert.True(again.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    public void In_a_command_of_the_user_the_command_fails(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<CommandResponse> response = d.Send("AT+SYSRAM?");
        Task<CommandResponse> queued = d.Send("AT+CIPMUX?");
        d.Exchange("AT+SYSRAM?", "+SYSR" + Ready + Ready);

        Dialogue.FailureOf<ModemClosedException>(response);
        Dialogue.FailureOf<ModemClosedException>(queued);
        ComesBack(d);
    }

    [Theory, EverySplit(""), EverySplit("4,CONNECT\r\n")]
    public void In_a_connection_attempt_there_is_no_link(Split split, string before)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Dialogue.Open(4), before + Ready);

        Assert.Equal(LinkFailure.ModuleReset, Dialogue.FailureOf<LinkException>(connecting).Reason);
        ComesBack(d);
    }

    [Theory, EverySplit]
    public void In_a_connection_attempt_those_that_wait_for_their_turn_are_told_too(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream>[] all = [.. Enumerable.Range(0, 10).Select(_ => d.Connect())];
        d.Exchange(Dialogue.Open(4), Ready);

        Assert.All(all, task => Assert.Equal(LinkFailure.ModuleReset, Dialogue.FailureOf<LinkException>(task).Reason));
        ComesBack(d);
    }

    [Theory, EverySplit(""), EverySplit("\r\nOK\r\n")]
    public void Before_the_prompt_no_payload_is_sent(Split split, string before)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Write(link, "hello");
        Task flushing = d.Do(() => link.FlushAsync(CancellationToken.None));
        d.Exchange("AT+CIPSEND=4,5", before + "\r\n ets Jan  8 2013,rst cause:4\r\n>\xff> " + Ready);

        Assert.Equal(LinkFailure.ModuleReset, Reason(flushing));
        ComesBackAfterABoot(d);
    }

    [Theory, EverySplit(""), EverySplit("\r\nRecv 5 bytes\r\n")]
    public void After_the_payload_nothing_is_sent_again(Split split, string before)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Write(link, "hello");
        Task flushing = d.Do(() => link.FlushAsync(CancellationToken.None));
        d.Exchange("AT+CIPSEND=4,5", "\r\nOK\r\n\r\n>");
        d.HearBytes("hello");
        d.Say(before + Ready);

        Assert.Equal(LinkFailure.ModuleReset, Reason(flushing));
        Assert.Equal(0, link.Info.BytesSent);
        ComesBack(d);
    }

    [Theory, EverySplit(""), EverySplit("+CIPRECVDATA:5,hello\r\n")]
    public void In_a_fetch_what_had_arrived_can_be_read_and_then_the_link_fails(Split split, string before)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,5\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", before + Ready);

        if (before.Length > 0)
        {
            Assert.Equal("hello", d.Read(link));
        }

        Assert.Equal(LinkFailure.ModuleReset, d.ReadFailure(link).Reason);
        ComesBack(d);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q43")]
    public void In_a_payload_that_swallows_the_word_for_it_the_echo_tells(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say("\r\n+IPD,4,100\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "+CIPRECVDATA:100,hello" + Ready);
        d.Pass(3);

        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.Exchange("AT", "AT\r\n\r\nOK\r\n");
        ComesBackFromAnEcho(d, split);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q43")]
    public void Without_a_word_of_the_module_the_echo_of_the_next_command_tells(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Say("Ai-Thinker Technology Co., Ltd.\r\n\r\ninvalid\r\n");
        Assert.Equal(ModemState.Online, d.Modem.State);
        Task<CommandResponse> response = d.Send("AT+SYSRAM?");
        d.Exchange("AT+SYSRAM?", "AT+SYSRAM?\r\r\n+SYSRAM:30000\r\nOK\r\n");

        Dialogue.FailureOf<ModemClosedException>(response);
        Assert.Equal(LinkFailure.ModuleReset, d.ReadFailure(link).Reason);
        ComesBackFromAnEcho(d, split);
    }

    [Theory, EverySplit(""), EverySplit("WIFI CONNECTED\r\n")]
    public void In_a_join_the_join_fails_and_the_modem_is_brought_up_again(Split split, string before)
    {
        Dialogue d = Dialogue.Ready(split);
        Task joining = d.Join();
        d.Exchange("AT+CWJAP=\"net\",\"password\"", before + Ready);
        Dialogue.FailureOf<ModemClosedException>(joining);
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        d.FindModule();
        d.BringUp();

        // It was not online before.
        d.EndsWith(ModemState.Ready);
        d.Works();
    }

    [Theory, EverySplit]
    public void In_the_bring_up_it_is_begun_again(Split split)
    {
        Dialogue d = new(split);
        d.FindModule();
        d.Exchange("AT+SYSSTORE=0");
        d.Exchange("AT+CIPMODE=0", Ready);
        d.FindModule();
        d.BringUp();

        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    public void In_the_recovery_of_a_reset_it_is_begun_again(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Say(Ready);
        d.FindModule();
        d.Exchange("AT+SYSSTORE=0", Ready);
        d.FindModule();
        d.BringUp();
        d.FindNetwork();

        d.EndsWith(ModemState.Online);
    }

    private static LinkFailure Reason(Task task) =>
        Assert.IsType<LinkException>(Dialogue.FailureOf<IOException>(task).InnerException).Reason;

    private static void ComesBack(Dialogue d)
    {
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        d.FindModule();
        d.BringUp();
        d.FindNetwork();
        d.EndsWith(ModemState.Online);
        d.Works();
    }

    // What stands behind the echo is an answer to the first probe too, where it comes in another read.
    private static void ComesBackFromAnEcho(Dialogue d, Split split)
    {
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        d.Hear(string.Empty);
        d.GetInStep();
        if (split != Split.Whole)
        {
            d.GetInStep();
        }

        d.Identify();
        d.BringUp();
        d.FindNetwork();
        d.EndsWith(ModemState.Online);
    }

    // The first probe was sent into the text of the boot.
    private static void ComesBackAfterABoot(Dialogue d)
    {
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        d.HearProbe(1);
        d.Say("AT\r\n\r\nOK\r\n");
        d.Pass(0.1);
        d.Identify();
        d.BringUp();
        d.FindNetwork();
        d.EndsWith(ModemState.Online);
    }
}
