namespace ModemDriver.Tests.Quirks;

/// <summary>Closing a link, with modules that do not take it well.</summary>
public sealed class CloseTests
{
    [Theory]
    [EverySplit("4,CLOSED\r\n\r\nOK\r\n"), EverySplit("UNLINK\r\n\r\nERROR\r\n"), EverySplit("\r\nERROR\r\n")]
    [EverySplit("link is not valid\r\r\n\r\nERROR\r\n"), EverySplit("\r\nOK\r\n4,CLOSED\r\n")]
    public void Whatever_the_module_says_the_link_is_closed(Split split, string answer)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Do(link.Dispose);
        d.Exchange("AT+CIPCLOSE=4", answer);

        Assert.Equal(LinkState.Closed, link.Info.State);
        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory, EverySplit]
    public void What_was_written_goes_out_before_the_link_is_closed(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Write(link, "bye");
        d.Do(link.Dispose);
        d.Exchange("AT+CIPSEND=4,3", "\r\nOK\r\n\r\n>");
        d.HearBytes("bye");
        d.Say("\r\nRecv 3 bytes\r\n\r\nSEND OK\r\n");
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(3, link.Info.BytesSent);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_close_that_is_not_answered_ends_by_its_limit_and_its_number_is_asked_about_before_it_is_used(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Do(link.Dispose);
        d.Hear("AT+CIPCLOSE=4");
        d.Pass(5);
        Assert.Equal(LinkState.Closed, link.Info.State);
        d.Pass(10);
        d.GetInStep();
        d.EndsWith(ModemState.Online);

        Task<LinkStream> connecting = d.Connect(4);
        d.Exchange("AT+CIPSTATUS", "STATUS:3\r\n+CIPSTATUS:4,\"TCP\",\"10.0.0.2\",80,54011,0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
        d.Exchange(Dialogue.Open(4), "4,CONNECT\r\n\r\nOK\r\n");
        Assert.True(connecting.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    public void Numbers_whose_close_was_not_answered_are_left_alone_while_there_are_others(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt23);
        LinkStream link = d.Connected();
        d.Do(link.Dispose);
        d.Hear("AT+CIPCLOSE=4");
        d.Pass(6);
        d.Say("\r\nOK\r\n");
        for (int number = 3; number >= 0; number--)
        {
            Task<LinkStream> connecting = d.Connect();
            d.Exchange(Dialogue.Open(number), $"{number},CONNECT\r\n\r\nOK\r\n");
            Assert.True(connecting.IsCompletedSuccessfully);
        }

        Task<LinkStream> last = d.Connect();
        d.Exchange("AT+CIPSTATE?", "+CIPSTATE:0,\"TCP\",\"10.0.0.2\",80,54011,0\r\n\r\nOK\r\n");
        d.Exchange(Dialogue.Open(4), "4,CONNECT\r\n\r\nOK\r\n");
        Assert.Equal(4, Dialogue.ResultOf(last).LinkId);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q38")]
    public void A_module_that_starts_anew_in_a_close_ends_the_link_and_comes_back(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Do(link.Dispose);
        d.Exchange("AT+CIPCLOSE=4", "\r\n ets Jan  8 2013,rst cause:4, boot mode:(3,6)\r\n\r\nwdt reset\r\n\r\nready\r\n");
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        d.FindModule();
        d.BringUp();
        d.FindNetwork();

        Assert.NotEqual(LinkState.Closing, link.Info.State);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q38")]
    public void A_module_that_hangs_in_a_close_is_started_anew(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Do(link.Dispose);
        d.Hear("AT+CIPCLOSE=4");

        // It answers nothing at all until it is told to start anew, which breaks through.
        d.PassMute(60, () => d.Modem.State == ModemState.Recovering);
        for (int i = 0; i < 60 * 100 && d.Wire.Heard != "AT+RST\r\n"; i++)
        {
            d.PassMute(0.01);
        }

        d.Say("\r\nWill force to restart!!!\r\n\r\nOK\r\n\r\nready\r\n");
        d.HearProbe(1);
        d.Say("\r\nOK\r\n");
        d.Pass(0.1);
        d.Identify();
        d.BringUp();
        d.FindNetwork();

        Assert.NotEqual(LinkState.Closing, link.Info.State);
        d.EndsWith(ModemState.Online);
    }
}
