namespace ModemDriver.Tests.Quirks;

/// <summary>Losses that the module does not tell of: an attempt that fails makes the driver ask.</summary>
public sealed class HealthTests
{
    [Theory, EverySplit]
    [Trait("Quirk", "Q37")]
    public void An_idle_modem_asks_as_often_as_it_is_told_to(Split split)
    {
        Dialogue d = Dialogue.Online(split, options: usual => usual with { HealthInterval = TimeSpan.FromMinutes(1) });
        LinkStream link = d.Connected(3);
        d.Pass(59.75);
        d.CheckHealth();
        Assert.Equal(ModemState.Online, d.Modem.State);
        d.Pass(60);
        d.Exchange("AT+CWJAP?", "\r\nOK\r\n");
        d.Exchange("AT+CWJAP?", "\r\nOK\r\n");

        Assert.Equal(ModemState.Recovering, d.Modem.State);
        Assert.Equal(LinkFailure.NetworkLost, d.ReadFailure(link).Reason);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q37")]
    public void An_idle_modem_asks_nothing_unless_it_is_told_to(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Pass(600);
        d.HearNothing();
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q37")]
    public void A_network_that_was_lost_without_a_word_is_missed_when_an_attempt_fails(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream other = d.Connected(3);
        Refuse(d);
        d.Exchange("AT+CWJAP?", "No AP\r\r\n\r\nOK\r\n");
        d.Exchange("AT+CWJAP?", "\r\nOK\r\n");
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        Assert.Equal(LinkFailure.NetworkLost, d.ReadFailure(other).Reason);

        d.Exchange("AT+CWJAP?", "\r\nOK\r\n");
        d.Exchange("AT+CWJAP=\"net\",\"password\"", "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n");
        d.Exchange("AT+CIFSR", "+CIFSR:STAIP,\"10.0.0.9\"\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSTATUS", "STATUS:2\r\n\r\nOK\r\n");
        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q37")]
    public void An_answer_with_noise_is_no_lost_network(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Connected(3);
        Refuse(d);
        d.Exchange("AT+CWJAP?", "+CW\xffAP:\"net\",\"00:11:22:33:44:55\",1,-50\r\n\r\nOK\r\n");
        d.CheckHealth();

        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q37")]
    public void A_peer_that_refuses_again_and_again_is_no_reason_to_ask_each_time(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Refuse(d);
        d.CheckHealth();
        for (int i = 0; i < 9; i++)
        {
            d.Pass(1);
            Refuse(d);
            d.HearNothing();
        }

        d.Pass(1);
        Refuse(d);
        d.CheckHealth();
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q39")]
    public void A_module_that_cannot_list_its_links_any_more_is_started_anew(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Refuse(d);
        d.TellNetwork();
        d.Exchange("AT+CIPSTATUS", "\r\nERROR\r\n");
        Assert.Equal(ModemState.Recovering, d.Modem.State);

        // First it is brought up as it is; that it still cannot is the reason to start it anew.
        d.FindModule();
        foreach (string step in d.Firmware.Steps)
        {
            d.Exchange(step);
        }

        d.Exchange("AT+CIPSTATUS", "\r\nERROR\r\n");
        d.PassFirstDelay();
        d.Exchange("AT+RST", "\r\nOK\r\n\r\nready\r\n");
        d.FindModule();
        d.BringUp();
        d.FindNetwork();

        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q39")]
    public void After_the_network_was_lost_a_module_that_cannot_list_its_links_is_not_taken_for_well(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Say("WIFI DISCONNECT\r\n");
        d.FindNetwork();
        d.Exchange("AT+CIPSTATUS", "\r\nERROR\r\n");
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        d.PassFirstDelay();
        d.FindModule();
        d.BringUp();
        d.FindNetwork();

        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q39")]
    public void A_module_that_never_could_list_its_links_is_used_all_the_same(Split split)
    {
        Dialogue d = new(split);
        d.FindModule();
        foreach (string step in d.Firmware.Steps)
        {
            d.Exchange(step);
        }

        d.Exchange("AT+CIPSTATUS", "\r\nERROR\r\n");
        d.Exchange("AT+CIPMUX=1");
        Task online = d.Do(() => d.Modem.GoOnlineAsync(CancellationToken.None));
        d.FindNetwork();
        Assert.True(online.IsCompletedSuccessfully);
        Refuse(d);
        d.TellNetwork();
        d.Exchange("AT+CIPSTATUS", "\r\nERROR\r\n");

        d.EndsWith(ModemState.Online);
    }

    private static void Refuse(Dialogue d)
    {
        Task<LinkStream> connecting = d.Connect(4);
        d.Exchange(Dialogue.Open(4), "\r\nERROR\r\n");
        Assert.Equal(LinkFailure.Refused, Dialogue.FailureOf<LinkException>(connecting).Reason);
    }
}
