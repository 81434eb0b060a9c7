using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Dialects.Luat.Quirks;

/// <summary>A send: prompt, exact count, verdict; and all that may go wrong.</summary>
public sealed class LuatSendTests
{
    [Theory, EverySplit("DATA ACCEPT:5,4"), EverySplit("DATAACCEPT:5,4"), EverySplit("5, SEND OK"), EverySplit("5,SEND OK")]
    [Trait("Quirk", "L11")]
    public void A_verdict_has_one_of_four_forms(Split split, string verdict)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Write(link, "PING");
        Task flushing = d.Do(() => link.FlushAsync(CancellationToken.None));
        d.Exchange("AT+CIPSEND=5,4", "\r\n> ");
        d.HearBytes("PING");
        Assert.False(flushing.IsCompleted);
        d.Say($"\r\n{verdict}\r\n");

        LuatScenes.AskWhenQuiet(d);
        Assert.Equal(4, link.Info.BytesSent);
        d.EndsWith(ModemState.Online, "5 Open " + LuatScenes.Peer);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "L8")]
    [Trait("Quirk", "L9")]
    public void Payload_that_begins_with_a_line_feed_is_sent_whole_behind_a_line_of_CR_and_LF_with_nothing_behind_it(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Write(link, "\n\u001a\u001b\r\n");
        d.HearBytes("AT+CIPSEND=5,5\r\n");
        d.Say("\r\n> ");
        d.HearBytes("\n\u001a\u001b\r\n");
        d.HearNothing();
        d.Say("\r\nDATA ACCEPT:5,5\r\n");

        LuatScenes.AskWhenQuiet(d);
        Assert.Equal(5, link.Info.BytesSent);
    }

    [Theory, EverySplit("+CME ERROR: 3"), EverySplit("ERROR"), EverySplit("+CME ERROR: operation not allowed"), EverySplit("5, SEND FAIL")]
    [Trait("Quirk", "L19")]
    [Trait("Quirk", "L30")]
    public void A_dead_link_is_told_by_the_refusal_of_a_send_and_nothing_is_sent_again(Split split, string answer)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Write(link, "PING");
        d.Exchange("AT+CIPSEND=5,4", $"\r\n{answer}\r\n");
        d.Exchange("AT+CIPCLOSE=5,0", "\r\nERROR\r\n");

        Assert.Equal(LinkFailure.SendFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online);
        LuatScenes.Works(d);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "L28")]
    public void A_byte_that_is_lost_on_the_way_ends_the_send_and_the_link_and_sends_nothing_of_ours_to_the_peer(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Write(link, "PING");
        d.Exchange("AT+CIPSEND=5,4", "\r\n> ");
        d.HearBytes("PING");
        d.Pass(10);
        d.Say("\r\nDATA ACCEPT:5,3\r\n");
        d.Exchange("AT+CIPCLOSE=5,0", "\r\n5, CLOSE OK\r\n");

        Assert.Equal(LinkFailure.SendFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online);
        LuatScenes.Works(d);
    }

    [Theory, EverySplit("SUBACK OK"), EverySplit("CONNACK OK"), EverySplit("4, SEND OK"), EverySplit("CONNECT OK"), EverySplit("SMS OK")]
    [Trait("Quirk", "L22")]
    public void A_line_that_holds_an_OK_is_none(Split split, string line)
    {
        Dialogue d = LuatScenes.Online(split);
        Task<CommandResponse> response = d.Send("AT+CEREG=2");
        d.Hear("AT+CEREG=2");
        d.Say($"\r\n{line}\r\n");
        Assert.False(response.IsCompleted);
        d.Miss();
        d.Say(LuatScenes.Ok);

        Assert.True(response.IsCompleted);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "L7")]
    public void A_push_right_behind_the_prompt_may_have_lost_its_first_two_signs(Split split)
    {
        Dialogue d = LuatScenes.OnlinePush(split);
        LinkStream link = LuatScenes.Connected(d, isPassive: false);
        d.Write(link, "PING");
        d.Exchange("AT+CIPSEND=5,4", "\r\n> ECEIVE,5,4:\r\nPONG\r\n");
        d.HearBytes("PING");
        d.Say("\r\nDATA ACCEPT:5,4\r\n");

        Assert.Equal("PONG", d.Read(link));
        Assert.Equal(4, link.Info.BytesSent);
        d.EndsWith(ModemState.Online, "5 Open " + LuatScenes.Peer);
    }

    [Theory, EverySplit]
    public void Payload_goes_out_in_pieces_that_the_module_takes(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Write(link, new string('x', 1500));
        d.Exchange("AT+CIPSEND=5,1460", "\r\n> ");
        d.HearBytes(new string('x', 1460));
        d.Say("\r\nDATA ACCEPT:5,1460\r\n");
        d.Exchange("AT+CIPSEND=5,40", "\r\n> ");
        d.HearBytes(new string('x', 40));
        d.Say("\r\nDATA ACCEPT:5,40\r\n");

        Assert.Equal(1500, link.Info.BytesSent);
    }
}
