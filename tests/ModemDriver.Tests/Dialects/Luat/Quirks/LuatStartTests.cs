using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Dialects.Luat.Quirks;

/// <summary>First contact, and a module that starts anew.</summary>
public sealed class LuatStartTests
{
    private const string Banner = "^boot.rom\u0003'v\u0001\u0080\u007f'!\\n";

    [Theory, EverySplit]
    [Trait("Quirk", "L2")]
    public void The_first_AT_may_be_lost(Split split)
    {
        Dialogue d = new(split);
        d.Hear(string.Empty);
        d.Hear("AT");
        d.Pass(0.5);
        d.Exchange("AT", "AT\r\n\r\nOK\r\n");
        d.Pass(0.1);
        LuatScenes.Identify(d);
        LuatScenes.BringUp(d);
        d.Exchange("AT+CIPMUX=1");

        Assert.Equal(ModemState.Ready, d.Modem.State);
        Assert.Equal(("Luat", "780E"), (d.Modem.Identity!.Dialect, d.Modem.Identity.Model)); // it is open
    }

    [Theory, EverySplit]
    [Trait("Quirk", "L5")]
    public void Noise_before_the_first_AT_is_ended_by_a_line_end_of_its_own(Split split)
    {
        Dialogue d = new(split);
        d.HearBytes("\r\n");
        d.Say("\r\nERROR\r\n");
        d.HearBytes("AT\r\n");
        d.Say("\r\nOK\r\n");
        d.Pass(0.1);
        d.GetInStep();
        LuatScenes.Identify(d);
        LuatScenes.BringUp(d);
        d.Exchange("AT+CIPMUX=1");

        Assert.Equal(ModemState.Ready, d.Modem.State);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "L1")]
    public void The_words_of_a_start_between_the_answers_to_who_it_is_are_none(Split split)
    {
        Dialogue d = new(split);
        d.Hear(string.Empty);
        d.Say(Banner + "\r\nRDY\r\n\r\nRDY\r\n");
        d.Exchange("AT", "AT\r\n\r\nOK\r\n");
        d.Pass(0.1);
        d.Exchange("ATE0", "ATE0\r\n\r\nOK\r\n");
        d.Exchange("AT+GMR", "\r\nERROR\r\n");
        d.Exchange("AT+GMR", "\r\nERROR\r\n");
        d.Exchange("ATI", $"\r\n^MODE: 17,17\r\n\r\n{LuatScenes.V1169}\r\n\r\n+E_UTRAN Service\r\n\r\nOK\r\n");
        d.Exchange("ATI", $"\r\nRDY\r\n\r\n{LuatScenes.V1169}\r\n\r\nOK\r\n");
        LuatScenes.BringUp(d);
        d.Exchange("AT+CIPMUX=1");

        Assert.Equal([LuatScenes.V1169], d.Modem.Identity!.Lines); // it is open
    }

    [Theory, EverySplit(Banner), EverySplit("\r\n+CIPRXGE" + Banner), EverySplit("\r\nRDY\r\n"), EverySplit("\r\nNORMAL POWER DOWN\r\n")]
    [Trait("Quirk", "L1")]
    public void A_start_is_told_by_its_banner_which_has_no_line_end_or_by_its_words(Split split, string words)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Say(words + "\r\n");

        Assert.Equal(ModemState.Recovering, d.Modem.State);
        Assert.Equal(LinkFailure.ModuleReset, d.ReadFailure(link).Reason);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "L3")]
    public void A_module_that_says_twice_that_it_is_ready_has_started_once(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        d.Say("\r\nRDY\r\n");
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        d.Say("\r\nRDY\r\n");
        ComeBack(d);

        Assert.Equal(ModemState.Online, d.Modem.State);
        d.HearNothing();
        LuatScenes.Works(d);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "L16")]
    public void A_module_that_would_update_itself_is_told_not_to(Split split)
    {
        // The bring-up of the scene holds the command, and a module that refuses it is used all the same.
        Dialogue d = new(split);
        LuatScenes.FindModule(d);
        foreach (string line in (string[])["AT+CMEE=1", "AT+CREG=2", "AT+CGREG=2", "AT+CEREG=2", "AT+CGEREP=2,1"])
        {
            d.Exchange(line);
        }

        d.Exchange("AT+UPGRADE=\"AUTO\",0", "\r\nERROR\r\n");
        d.Exchange("AT+CIPSHUT", "\r\nOK\r\n");
        d.Say("\r\n+UPGRADEIND: -1003\r\n\r\n+QIND: \"FOTA\",\"START\"\r\n");
        d.Exchange("AT+CIPMODE=0");

        d.HearBytes("AT+CIPSSL=0\r\n");
    }

    // The module is found, brought up and attached again.
    private static void ComeBack(Dialogue d)
    {
        d.HearWithin(3, string.Empty);
        d.Exchange("AT", "AT\r\n\r\nOK\r\n");
        d.Pass(0.1);
        LuatScenes.Identify(d);
        LuatScenes.BringUp(d);
        d.Exchange("AT+CIPMUX=1");
        LuatScenes.Attach(d);
        LuatScenes.Activate(d);
    }
}
