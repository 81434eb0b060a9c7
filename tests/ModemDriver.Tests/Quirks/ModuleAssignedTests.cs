namespace ModemDriver.Tests.Quirks;

/// <summary>Links whose number the module picks.</summary>
public sealed class ModuleAssignedTests
{
    private const string OpenAny = "AT+CIPSTARTEX=\"TCP\",\"10.0.0.2\",80";

    private static readonly LinkRequest Any = new("10.0.0.2", 80) { Allocation = LinkIdAllocation.ModuleAssigned };

    [Theory, EverySplit("2,CONNECT\r\n"), EverySplit("+LINK_CONN:0,2,\"TCP\",0,\"10.0.0.2\",80,54013\r\n")]
    [Trait("Quirk", "Q32")]
    public void The_number_is_the_one_of_the_connection_that_comes_up_while_the_module_picks(Split split, string words)
    {
        Dialogue d = Dialogue.Online(split);
        d.Connected(4);
        Task<LinkStream> connecting = d.Connect(Any);
        d.Exchange(OpenAny, words + "\r\nOK\r\n");
        Assert.Equal(2, Dialogue.ResultOf(connecting).LinkId);
        d.AskWhenQuiet();

        d.EndsWith(ModemState.Online, "2 Open " + Dialogue.Peer, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit("9,CONNECT\r\n"), EverySplit("4,CONNECT\r\n"), EverySplit("")]
    [Trait("Quirk", "Q32")]
    public void Without_a_number_that_can_be_there_is_no_link_and_the_module_is_asked_what_it_has(Split split, string words)
    {
        Dialogue d = Dialogue.Online(split);
        d.Connected(4);
        Task<LinkStream> connecting = d.Connect(Any);
        d.Exchange(OpenAny, words + "\r\nOK\r\n");
        d.Exchange(
            "AT+CIPSTATUS",
            "STATUS:3\r\n+CIPSTATUS:0,\"TCP\",\"10.0.0.2\",80,54012,0\r\n+CIPSTATUS:4,\"TCP\",\"10.0.0.2\",80,54011,0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=0", "0,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(LinkFailure.Refused, Dialogue.FailureOf<LinkException>(connecting).Reason);
        d.CheckHealth();
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
        d.Works();
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q32")]
    public void A_refusal_leaves_no_link(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.Connect(Any);
        d.Exchange(OpenAny, "\r\nERROR\r\n");

        Assert.Equal(LinkFailure.Refused, Dialogue.FailureOf<LinkException>(connecting).Reason);
        d.CheckHealth();
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q32")]
    public void A_connection_that_comes_up_after_the_limit_is_closed(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.Connect(Any);
        d.Hear(OpenAny);
        d.Pass(30);
        Assert.Equal(LinkFailure.TimedOut, Dialogue.FailureOf<LinkException>(connecting).Reason);

        d.Say("0,CONNECT\r\n\r\nOK\r\n");
        d.TellNetwork();
        d.Exchange("AT+CIPCLOSE=0", "0,CLOSED\r\n\r\nOK\r\n");
        d.Exchange(d.Firmware.List);

        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory, EverySplit]
    public void Firmware_that_cannot_pick_is_not_asked_to(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs17);

        Dialogue.FailureOf<FeatureNotSupportedException>(d.Connect(Any));

        d.EndsWith(ModemState.Online);
    }
}
