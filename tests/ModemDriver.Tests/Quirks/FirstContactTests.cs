using ModemDriver.Transport;

namespace ModemDriver.Tests.Quirks;

/// <summary>Modules that have just started, or were left in some state.</summary>
public sealed class FirstContactTests
{
    [Theory, EverySplit]
    [Trait("Quirk", "Q20")]
    public void Garbage_that_makes_errors_of_the_first_commands_does_not_matter(Split split)
    {
        Dialogue d = new(split);
        d.Hear(string.Empty);
        d.Exchange("AT", "\r\nERROR\r\n\xff\x00\x8c>\r\n\r\nERROR\r\n");
        d.Pass(0.1);
        d.Exchange("AT", "AT\r\r\n\r\nOK\r\n");
        d.Pass(0.1);
        d.Identify();
        d.BringUp();

        d.EndsWith(ModemState.Ready);
        Assert.Equal("2.2.1.0", d.Modem.Identity.Firmware);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q1")]
    public void The_echo_is_switched_off_first_and_a_notice_inside_of_it_does_no_harm(Split split)
    {
        Dialogue d = new(split);
        d.Hear(string.Empty);
        d.Exchange("AT", "AT\r\r\n\r\nOK\r\n");
        d.Pass(0.1);
        d.Exchange("ATE0", "AT0,CONNECT\r\nE0\r\r\n\r\nOK\r\n");
        d.Exchange("AT+GMR", d.Firmware.Version + "\r\nOK\r\n");
        d.Exchange("AT+GMR", "AT version:9.9\r\n" + d.Firmware.Version + "WIFI CONNECTED\r\n\r\nOK\r\n");
        d.BringUp();

        d.EndsWith(ModemState.Ready);
        d.Works();
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q16")]
    public void Lines_of_a_log_on_the_same_pins_are_part_of_no_answer(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.Connect();
        d.Exchange(
            Dialogue.Open(4),
            "local port:2390\r\r\nchange type:2\r\r\nwifi reconnect..(1/3)\r\r\n4,CONNECT\r\nNo AP\r\r\n\r\nOK\r\n");
        LinkStream link = Dialogue.ResultOf(connecting);

        d.Say("\r\n+IPD,4,5\r\nto read 424 bytes\r\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "to read 5760 bytes\r\r\n+CIPRECVDATA:5,hello\r\nOK\r\n");
        d.Write(link, "x");
        d.Exchange("AT+CIPSEND=4,1", "errno:11\r\r\n\r\nOK\r\nsend fail, s:1 r:0\r\r\n\r\n>");
        d.HearBytes("x");
        d.Say("errno:0\r\r\n\r\nRecv 1 bytes\r\nno change\r\r\n\r\nSEND OK\r\n");

        Assert.Equal("hello", d.Read(link));
        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q43")]
    public void A_module_that_never_says_ready_is_found_by_asking(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task resetting = d.Do(() => d.Modem.ResetModuleAsync(CancellationToken.None));
        d.Exchange("AT+RST");
        d.Say("Ai-Thinker Technology Co., Ltd.\r\n\r\ninvalid\r\n");
        d.Pass(5);
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        d.FindModule();
        d.BringUp();
        d.FindNetwork();

        Assert.True(resetting.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q21")]
    public void Text_of_the_boot_ROM_and_the_garbage_behind_it_are_ignored_until_the_module_is_ready(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        Task resetting = d.Do(() => d.Modem.ResetModuleAsync(CancellationToken.None));
        d.Exchange("AT+RST", "\r\nOK\r\n4,CLOSED\r\nWIFI DISCONNECT\r\n");
        d.Say("\r\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n\r\nload 0x40100000, len 2592, room 16 \r\n");
        d.Say("tail 0\r\nchksum 0xf3\r\ncsum 0xf3\r\n\xff\x8c\x02nl>\x9c\xe0r\xfe+IPD,4,7:\x00\xf4\r\n> +IPD,2,1\r\n");
        d.PassMute(0.4);
        d.Say("\r\nready\r\n");
        d.HearProbe(1);
        d.Say("AT\r\n\r\nOK\r\n");
        d.Pass(0.1);
        d.Identify();
        d.BringUp();
        d.FindNetwork();

        Assert.True(resetting.IsCompletedSuccessfully);
        Assert.Equal(string.Empty, d.Read(link));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q31")]
    public void A_module_that_boots_into_a_data_state_is_brought_out_of_it(Split split)
    {
        // Until it is told otherwise it sends all it gets to a peer.
        Dialogue d = new(split);
        d.Hear(string.Empty);
        for (int i = 0; i < 4; i++)
        {
            d.Hear("AT");
            d.Pass(0.5);
        }

        d.Pass(1);
        d.HearBytes("+++");
        d.Say("\r\n+QUITT\r\n");
        d.Pass(1);
        d.FindModule();
        d.Exchange("AT+SAVETRANSLINK=0");
        d.BringUp();

        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    public void A_module_that_another_program_left_at_the_prompt_for_a_message_is_brought_out_of_it(Split split)
    {
        // Until the escape it takes all it gets for text; nothing of it is sent.
        Dialogue d = new(split);
        d.Hear(string.Empty);
        for (int i = 0; i < 4; i++)
        {
            d.Hear("AT");
            d.Pass(0.5);
        }

        d.Pass(1);
        d.HearBytes("+++");
        d.Pass(1);
        d.Hear(string.Empty);
        for (int i = 0; i < 2; i++)
        {
            d.Hear("AT");
            d.Pass(0.5);
        }

        d.HearBytes("\u001b");
        d.Say("\r\nOK\r\n");
        d.Pass(0.5);
        d.FindModule();
        d.BringUp();

        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    public void A_mute_module_is_given_up_with_a_list_of_what_was_tried(Split split)
    {
        Dialogue d = new(split);
        d.PassMute(60, () => d.Opening.IsCompleted);

        Assert.Contains(
            "escape from the data state (+++)", Dialogue.FailureOf<ModuleSilentException>(d.Opening).Tried);
        Assert.True(d.Wire.IsDisposed);
    }

    [Theory, EverySplit]
    public void A_module_that_falls_silent_at_any_step_of_the_opening_ends_it(Split split)
    {
        string[] steps = ["ATE0", "AT+GMR", "AT+GMR", .. Firmware.EspAt22.Steps, "AT+CIPSTATUS", "AT+CIPMUX=1"];
        for (int answered = 0; answered < steps.Length; answered++)
        {
            Dialogue d = new(split);
            d.Hear(string.Empty);
            d.Exchange("AT");
            d.Pass(0.1);
            foreach (string step in steps[..answered])
            {
                d.Exchange(step, step == "AT+GMR" ? d.Firmware.Version + "\r\nOK\r\n" : "\r\nOK\r\n");
            }

            d.Hear(steps[answered]);
            d.PassMute(60, () => d.Opening.IsCompleted);

            Assert.Contains(steps[answered], Dialogue.FailureOf<CommandTimeoutException>(d.Opening).Command, StringComparison.Ordinal);
            Assert.True(d.Wire.IsDisposed);
        }
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q27")]
    public void Light_sleep_is_switched_off_before_the_modem_is_used_also_where_it_is_refused(Split split)
    {
        Dialogue d = new(split);
        d.FindModule();
        d.Exchange("AT+SYSSTORE=0", "\r\nERROR\r\n");
        d.Exchange("AT+CIPMODE=0", "\r\nERROR\r\n");
        d.Exchange("AT+SLEEP=0", "\r\nERROR\r\n");
        d.Exchange("AT+CWMODE=1");
        d.Exchange("AT+CIPDINFO=0", "\r\nERROR\r\n");
        d.Exchange("AT+CIPRECVMODE=1");
        d.Exchange("AT+CIPSTATUS");
        d.Exchange("AT+CIPMUX=1");

        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q28")]
    public void Flow_control_is_an_option_of_the_port_and_is_never_switched_on_in_the_module(Split split)
    {
        // Every command of opening, joining and opening a link is heard here, and none is about the line.
        Dialogue d = Dialogue.Online(split);
        d.Connected();

        Assert.Equal(SerialFlowControl.None, new ModemOptions().Serial.FlowControl);
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }
}
