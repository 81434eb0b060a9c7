using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Dialects.Luat.Quirks;

/// <summary>What arrives: announced and fetched, or pushed; and the end of it.</summary>
public sealed class LuatReceiveTests
{
    [Theory, EverySplit("\r\nOK\r\n"), EverySplit("\r\n\r\nOK\r\n"), EverySplit("OK\r\n")]
    [Trait("Quirk", "L21")]
    public void Between_the_bytes_and_the_OK_there_are_none_one_or_two_line_ends(Split split, string end)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Say("\r\n+CIPRXGET: 1,5\r\n");
        d.Exchange("AT+CIPRXGET=2,5,1460", $"\r\n+CIPRXGET: 2,5,6,0\r\n\r\nOK\r\n{end}");

        Assert.Equal("\r\nOK\r\n", d.Read(link));
        LuatScenes.AskWhenQuiet(d);
        LuatScenes.Works(d);
    }

    // One byte of the payload, a digit of its count, and one byte of its line end.
    [Theory, EverySplit("+CIPRXGET: 2,5,6,0\r\n12345\r\nOK\r\n"), EverySplit("+CIPRXGET: 2,5,1,0\r\n1234567890\r\nOK\r\n"),
     EverySplit("+CIPRXGET: 2,5,6,0\r\n123456\nOK\r\n")]
    public void Bytes_that_are_lost_on_the_line_end_the_link(Split split, string answer)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Say("\r\n+CIPRXGET: 1,5\r\n");
        d.Exchange("AT+CIPRXGET=2,5,1460", $"\r\n{answer}");
        d.Exchange("AT+CIPCLOSE=5,0", "\r\n5, CLOSE OK\r\n");

        Assert.Equal(LinkFailure.ReceiveFailed, d.ReadFailure(link).Reason);
        d.EndsWith(ModemState.Online);
        LuatScenes.Works(d);
    }

    [Theory, EverySplit]
    public void A_notice_behind_fetched_bytes_is_no_sign_of_a_loss(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Say("\r\n+CIPRXGET: 1,5\r\n");
        d.Exchange("AT+CIPRXGET=2,5,1460", "\r\n+CIPRXGET: 2,5,4,0\r\nPONG\r\n\r\n+CIPRXGET: 1,5\r\n\r\n^MODE: 17,17\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPRXGET=2,5,1460", "\r\n+CIPRXGET: 2,5,3,0\r\nabc\r\nOK\r\n");

        Assert.Equal("PONGabc", d.Read(link));
        d.Miss();
        Assert.Equal(LinkState.Open, link.Info.State);
    }

    [Theory, EverySplit("+CIPRXGET: 1,5"), EverySplit("+CIPRXGET:1,5")]
    [Trait("Quirk", "L17")]
    public void A_blank_behind_a_colon_may_be_missing(Split split, string notice)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Say($"\r\n{notice}\r\n");
        d.Exchange("AT+CIPRXGET=2,5,1460", "\r\n+CIPRXGET:2,5,4,0\r\nPONG\r\nOK\r\n");

        Assert.Equal("PONG", d.Read(link));
        d.Pass(0.25);
        d.Exchange("AT+CIPRXGET=4,5", "\r\n+CIPRXGET:4,5,3\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPRXGET=2,5,1460", "\r\n+CIPRXGET: 2,5,3,0\r\nabc\r\nOK\r\n");
        Assert.Equal("abc", d.Read(link));
    }

    [Theory, EverySplit]
    public void A_module_that_is_busy_is_asked_for_the_bytes_again(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Say("\r\n+CIPRXGET: 1,5\r\n");
        d.Exchange("AT+CIPRXGET=2,5,1460", "\r\n+CME ERROR: 14\r\n");
        d.Pass(0.2);
        d.Exchange("AT+CIPRXGET=2,5,1460", "\r\n+CIPRXGET: 2,5,4,0\r\nPONG\r\nOK\r\n");

        Assert.Equal("PONG", d.Read(link));
        d.Pass(0.25);
        d.Exchange("AT"); // no second answer is on its way
        d.Pass(0.1);
        d.Exchange("AT+CIPRXGET=4,5", "\r\n+CME ERROR: 14\r\n");
        d.Pass(0.2);
        d.Exchange("AT+CIPRXGET=4,5", "\r\n+CIPRXGET: 4,5,3\r\n\r\nOK\r\n");
        d.Exchange("AT");
        d.Pass(0.1);
        d.Exchange("AT+CIPRXGET=2,5,1460", "\r\n+CIPRXGET: 2,5,3,0\r\nabc\r\nOK\r\n");
        Assert.Equal("abc", d.Read(link));
    }

    // Garbled on its way to the module: its notice will not come again before the bytes are fetched.
    [Theory, EverySplit]
    public void After_a_fetch_that_was_refused_the_module_is_asked_what_it_has(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Say("\r\n+CIPRXGET: 1,5\r\n");
        d.Exchange("AT+CIPRXGET=2,5,1460", "\r\nERROR\r\n");
        d.Pass(0.25);
        d.Exchange("AT+CIPRXGET=4,5", "\r\n+CIPRXGET: 4,5,4\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPRXGET=2,5,1460", "\r\n+CIPRXGET: 2,5,4,0\r\nPONG\r\nOK\r\n");

        Assert.Equal("PONG", d.Read(link));
    }

    [Theory, EverySplit]
    public void What_is_left_is_fetched_without_another_notice(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Say("\r\n+CIPRXGET: 1,5\r\n");
        d.Exchange("AT+CIPRXGET=2,5,1460", "\r\n+CIPRXGET: 2,5,4,3\r\nPONG\r\nOK\r\n");
        d.Exchange("AT+CIPRXGET=2,5,1460", "\r\n+CIPRXGET: 2,5,3,0\r\nabc\r\nOK\r\n");

        Assert.Equal("PONGabc", d.Read(link));
        LuatScenes.AskWhenQuiet(d);
    }

    [Theory, EverySplit("\r\n+CIPRXGET: 2,5,0,0\r\n\r\nOK\r\n"), EverySplit("\r\n+CME ERROR: 3\r\n"), EverySplit("\r\nERROR\r\n")]
    [Trait("Quirk", "L20")]
    public void A_fetch_that_finds_nothing_is_answered_with_none_or_refused_and_ends_nothing(Split split, string answer)
    {
        Dialogue d = LuatScenes.Online(split);
        LuatScenes.Connected(d);
        d.Say("\r\n+CIPRXGET: 1,5\r\n");
        d.Exchange("AT+CIPRXGET=2,5,1460", answer);

        d.EndsWith(ModemState.Online, "5 Open " + LuatScenes.Peer);
        LuatScenes.Works(d);
    }

    [Theory, EverySplit("5, CLOSED"), EverySplit("5,CLOSED")]
    [Trait("Quirk", "L12")]
    [Trait("Quirk", "L26")]
    public void What_the_module_holds_when_the_peer_closes_is_read_to_its_end(Split split, string notice)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Say($"\r\n{notice}\r\n");
        d.Exchange("AT+CIPRXGET=2,5,1460", "\r\n+CIPRXGET: 2,5,4,0\r\nlast\r\nOK\r\n");

        Assert.Equal("last", d.Read(link));
        Assert.Equal(string.Empty, d.Read(link));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit("+CME ERROR: 3"), EverySplit("ERROR")]
    [Trait("Quirk", "L20")]
    [Trait("Quirk", "L26")]
    public void A_module_that_gives_nothing_once_the_peer_has_closed_ends_the_link(Split split, string refusal)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Say("\r\n5, CLOSED\r\n");
        d.Exchange("AT+CIPRXGET=2,5,1460", $"\r\n{refusal}\r\n");

        Assert.Equal(string.Empty, d.Read(link));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit("+RECEIVE,5,9:\r\nab\r\nOK\r\nc\r\n\r\n"), EverySplit("+RECEIVE,5,9:ab\r\nOK\r\nc\r\n")]
    [Trait("Quirk", "L18")]
    public void Pushed_bytes_stand_on_the_line_of_their_header_or_on_the_next_and_blank_lines_anywhere(Split split, string push)
    {
        Dialogue d = LuatScenes.OnlinePush(split);
        LinkStream link = LuatScenes.Connected(d, isPassive: false);
        d.Say($"\r\n{push}\r\n\r\n+RECEIVE,5,1:\r\nd\r\n");

        Assert.Equal("ab\r\nOK\r\ncd", d.Read(link));
        d.EndsWith(ModemState.Online, "5 Open " + LuatScenes.Peer);
    }

    [Theory, EverySplit("+IPD,6:\r\nOK\r\n"), EverySplit("+IPD,6,TCP:\r\nOK\r\n")]
    [Trait("Quirk", "L25")]
    public void In_single_mode_pushed_bytes_have_a_header(Split split, string push)
    {
        Dialogue d = LuatScenes.OnlineSingle(split, ReceiveMode.Push);
        LinkStream link = LuatScenes.ConnectedSingle(d, isPassive: false);
        d.Say($"\r\n{push}\r\nCLOSED\r\n");

        Assert.Equal("\r\nOK\r\n", d.Read(link));
        d.Pass(0.15);
        Assert.Equal(string.Empty, d.Read(link));
        d.EndsWith(ModemState.Online);
    }

    // Whether a module says CLOSED for each link before it says that it has lost its context, nobody knows; some may.
    [Theory, EverySplit]
    public void An_end_that_the_loss_of_the_network_follows_is_none_of_the_peers(Split split)
    {
        Dialogue d = LuatScenes.Online(split, isPassive: false);
        LinkStream link = LuatScenes.Connected(d, 5, isPassive: false);
        Task<int> reading = d.Do(() => link.ReadAsync(new byte[10]).AsTask());
        d.Say("\r\n5, CLOSED\r\n");
        d.Pass(0.1);
        Assert.False(reading.IsCompleted);
        d.Say("\r\n+PDP DEACT\r\n");

        LinkException reason = Assert.IsType<LinkException>(Dialogue.FailureOf<IOException>(reading).InnerException);
        Assert.Equal(LinkFailure.PacketDataLost, reason.Reason);
    }

    [Theory, EverySplit]
    public void In_single_mode_bytes_are_fetched_without_a_number(Split split)
    {
        Dialogue d = LuatScenes.OnlineSingle(split);
        LinkStream link = LuatScenes.ConnectedSingle(d);
        d.Say("\r\n+CIPRXGET: 1\r\n");
        d.Exchange("AT+CIPRXGET=2,1460", "\r\n+CIPRXGET: 2,6,4\r\n123456\r\nOK\r\n");
        d.Exchange("AT+CIPRXGET=2,1460", "\r\n+CIPRXGET: 2,4,0\r\n7890\r\nOK\r\n");

        Assert.Equal("1234567890", d.Read(link));
    }

    [Theory, EverySplit("TCP ERROR:14"), EverySplit("UDP ERROR:6")]
    [Trait("Quirk", "L31")]
    public void An_error_of_the_stack_names_no_link_so_the_module_is_asked_which_ones_stand(Split split, string words)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream dead = LuatScenes.Connected(d, 5);
        LuatScenes.Connected(d, 4);
        d.Say($"\r\n{words}\r\n");
        d.Exchange("AT+CIPSTATUS", LuatScenes.Status("IP PROCESSING", 4));

        Assert.Equal(LinkFailure.ClosedByPeer, d.ReadFailure(dead).Reason);
        d.EndsWith(ModemState.Online, "4 Open " + LuatScenes.Peer);
    }

    [Theory, EverySplit]
    public void Firmware_that_does_not_keep_what_arrives_pushes_it(Split split)
    {
        Dialogue d = LuatScenes.Online(split, isPassive: false);
        Assert.False(d.Modem.Supports(ModemFeature.PassiveReceive));
        LinkStream link = LuatScenes.Connected(d, isPassive: false);
        d.Say("\r\n+RECEIVE,5,4:\r\nPONG\r\n");

        Assert.Equal("PONG", d.Read(link));
    }

    [Theory, EverySplit]
    [Trait("Quirk", "L29")]
    public void A_registration_inside_the_answer_to_another_question_is_no_part_of_it(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        Task<CommandResponse> response = d.Send("AT+CEREG?");
        d.Exchange("AT+CEREG?", "\r\n+CGREG: 2,1,\"1863\",\"0183db22\",7\r\n\r\n+CEREG: 2,5,\"1863\",\"0183db22\",7\r\n\r\nOK\r\n");

        Assert.Equal(["+CEREG: 2,5,\"1863\",\"0183db22\",7"], Dialogue.ResultOf(response).Lines);
        d.EndsWith(ModemState.Online);
    }
}
