namespace ModemDriver.Tests.Quirks;

/// <summary>Modules as an earlier program left them.</summary>
public sealed class AttachTests
{
    private const string TwoLinks =
        "STATUS:3\r\n+CIPSTATUS:0,\"TCP\",\"10.0.0.2\",80,54011,0\r\n+CIPSTATUS:3,\"UDP\",\"10.0.0.3\",53,5000,1\r\n\r\nOK\r\n";

    [Theory, EverySplit]
    public void Links_of_an_earlier_program_are_closed_before_the_mode_is_set(Split split)
    {
        Dialogue d = Begin(split, Firmware.EspAt22);
        d.Exchange("AT+CIPSTATUS", TwoLinks);
        d.Exchange("AT+CIPCLOSE=5", "0,CLOSED\r\n3,CLOSED\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE", "MUX=1\r\n\r\nERROR\r\n");
        d.Exchange("AT+CIPMUX=1");

        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    public void A_link_of_an_earlier_program_in_single_mode_is_closed_too(Split split)
    {
        Dialogue d = Begin(split, Firmware.EspAt23);
        d.Exchange("AT+CIPSTATE?", "+CIPSTATE:0,\"TCP\",\"10.0.0.2\",80,54011,0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=5", "\r\nERROR\r\n");
        d.Exchange("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPMUX=1");

        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    public void Lines_of_old_firmware_have_fewer_fields(Split split)
    {
        Dialogue d = Begin(split, Firmware.NonOs16);
        d.Exchange("AT+CIPSTATUS", "STATUS:3\r\n+CIPSTATUS:0,\"TCP\",\"10.0.0.2\",80,0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=5", "MUX=0\r\n\r\nERROR\r\n");
        d.Exchange("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPMUX=1");

        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit("link is builded\r\n\r\nERROR\r\n"), EverySplit("CIPSERVER must be 0\r\n\r\nERROR\r\n")]
    public void A_mode_that_is_refused_ends_the_opening(Split split, string refusal)
    {
        Dialogue d = Begin(split, Firmware.NonOs17);
        d.Exchange("AT+CIPSTATUS", "STATUS:2\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPMUX=1", refusal);

        // A server of an earlier program may be in the way.
        d.Exchange("AT+CIPSERVER=0", "no change\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPMUX=1", refusal);

        Assert.Contains("AT+CIPMUX=1", Dialogue.FailureOf<CommandFailedException>(d.Opening).Command, StringComparison.Ordinal);
        Assert.True(d.Wire.IsDisposed);
    }

    [Theory, EverySplit]
    public void A_server_of_an_earlier_program_is_stopped_where_it_is_in_the_way_of_the_mode(Split split)
    {
        Dialogue d = Begin(split, Firmware.NonOs17);
        d.Exchange("AT+CIPSTATUS", "STATUS:2\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPMUX=1", "CIPSERVER must be 0\r\n\r\nERROR\r\n");
        d.Exchange("AT+CIPSERVER=0");
        d.Exchange("AT+CIPMUX=1");

        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    public void Payload_and_notices_for_links_of_an_earlier_program_reach_nobody(Split split)
    {
        Dialogue d = new(split);
        d.Hear(string.Empty);
        d.Exchange("AT", "\r\n+IPD,0,5\r\n0,CLOSED\r\nAT\r\n\r\nOK\r\n");
        d.Pass(0.1);
        d.Identify();
        foreach (string step in Firmware.EspAt22.Steps)
        {
            // Several links, or one that the program before had as its only one; what is pushed is no answer.
            d.Exchange(step, "\r\n+IPD,3,13:some\r\nERROR\r\n\r\n+IPD,6:\r\nOK\r\n" + "\r\nOK\r\n");
        }

        d.Exchange("AT+CIPSTATUS");
        d.Exchange("AT+CIPMUX=1");
        d.EndsWith(ModemState.Ready);
    }

    private static Dialogue Begin(Split split, Firmware firmware)
    {
        Dialogue d = new(split, firmware);
        d.FindModule();
        foreach (string step in firmware.Steps)
        {
            d.Exchange(step);
        }

        return d;
    }
}
