namespace ModemDriver.Tests.Quirks;

/// <summary>Sends that go wrong: what was taken is unknown, so nothing is ever sent twice.</summary>
public sealed class SendTests
{
    private const string Prompt = "\r\nOK\r\n\r\n>";

    [Theory, EverySplit]
    [Trait("Quirk", "Q7")]
    public void SEND_OK_behind_a_SEND_FAIL_changes_nothing(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs17);
        LinkStream link = Begin(d, "hello");
        Task flushing = d.Do(() => link.FlushAsync(CancellationToken.None));
        d.Say("\r\nRecv 5 bytes\r\nSEND FAIL\r\n\r\nSEND OK\r\n");

        AssertFailed(d, link, flushing, LinkFailure.SendFailed);
        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q7")]
    public void A_late_SEND_OK_is_not_the_verdict_of_the_next_send(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs17);
        LinkStream other = d.Connected(3);
        Begin(d, "hello");
        d.Say("\r\nRecv 5 bytes\r\n4,CLOSED\r\nSEND FAIL\r\n");
        d.Write(other, "x");
        d.Exchange("AT", "\r\nSEND OK\r\n\r\nOK\r\n");
        d.Pass(0.1);

        // The peer had closed before the failure: what it sent until then may wait to be read.
        d.Exchange("AT+CIPRECVDATA=4,2048", "\r\nERROR\r\n");
        d.Hear("AT+CIPSEND=3,1");
        d.Say("\r\nSEND OK\r\n" + Prompt);
        d.HearBytes("x");
        Assert.Equal(0, other.Info.BytesSent);
        d.Say("\r\nRecv 1 bytes\r\n\r\nSEND OK\r\n");

        Assert.Equal(1, other.Info.BytesSent);
        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q8")]
    public void A_verdict_that_never_comes_fails_the_link_by_the_limit(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = Begin(d, "hello");
        Task flushing = d.Do(() => link.FlushAsync(CancellationToken.None));
        d.Say("\r\nRecv 5 bytes\r\n");
        d.Pass(15);

        AssertFailed(d, link, flushing, LinkFailure.SendFailed);
        EscapeAndClose(d);
        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory, EverySplit(4), EverySplit(6)]
    public void A_send_of_which_the_module_says_that_it_took_another_count_has_failed(Split split, int taken)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = Begin(d, "hello");
        Task flushing = d.Do(() => link.FlushAsync(CancellationToken.None));
        d.Say($"\r\nRecv {taken} bytes\r\n\r\nSEND OK\r\n");

        AssertFailed(d, link, flushing, LinkFailure.SendFailed);
        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
        Assert.Equal(0, link.Info.BytesSent);
        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q9")]
    public void After_a_failure_neither_these_bytes_nor_later_ones_are_sent(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = Begin(d, "hello");
        d.Write(link, "more");
        d.Say("\r\nRecv 5 bytes\r\n\r\nSEND FAIL\r\n");
        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Assert.Equal(LinkFailure.SendFailed, Reason(d.Do(() => link.WriteAsync(new byte[1]).AsTask())));
        Assert.Equal(0, link.Info.BytesSent);
        d.Pass(1);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q10")]
    public void Payload_and_notices_of_any_link_may_stand_between_prompt_and_verdict(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkStream other = d.Connected(3);
        LinkStream link = d.Connected(4);
        d.Write(link, "hello");
        d.Exchange("AT+CIPSEND=4,5", "\r\nOK\r\n\r\n+IPD,3,10:\r\nOK\r\n>:+I> \r\n+IPD,4,8:SEND OK\n");
        d.HearBytes("hello");
        d.Say("\r\nRecv 5 bytes\r\nWIFI CONNECTED\r\n\r\n+IPD,3,9:\r\nERROR\r\n\r\nSEND OK\r\n");

        Assert.Equal("\r\nOK\r\n>:+I\r\nERROR\r\n", d.Read(other));
        Assert.Equal("SEND OK\n", d.Read(link));
        Assert.Equal(5, link.Info.BytesSent);
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q26")]
    public void A_burst_of_which_the_module_lost_a_part_fails_the_link_and_the_module_waits_no_more(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Write(link, new string('x', 3000));
        d.Exchange("AT+CIPSEND=4,2048", Prompt);
        d.HearBytes(new string('x', 2048));
        d.Pass(15);
        Assert.Equal(LinkFailure.SendFailed, d.ReadFailure(link).Reason);

        // It still waits for the rest, and takes the bare AT of a probe for it unless it is told.
        d.Pass(10.05);
        d.HearBytes("+++");
        d.Say("\r\nSEND Canceled\r\n");
        d.Pass(0.1);
        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory]
    [EverySplit("+MQTTSUBRECV:0,\"dev1/cmd\",2,hi\r\n"), EverySplit("3,CLOSED\r\n"), EverySplit("\r\n+IPD,3,1\r\n")]
    [Trait("Quirk", "Q33")]
    public void A_line_between_OK_and_the_prompt_does_not_hide_the_prompt(Split split, string between)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Write(link, "hello");
        d.Exchange("AT+CIPSEND=4,5", "\r\nOK\r\n" + between + "\r\n>");
        d.HearBytes("hello");
        d.Say("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n");

        Assert.Equal(5, link.Info.BytesSent);
        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit("\r\nOK\r\n"), EverySplit("")]
    public void A_prompt_that_never_comes_fails_the_link_and_no_payload_is_sent(Split split, string answer)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Write(link, "hello");
        d.Exchange("AT+CIPSEND=4,5", answer);
        d.Pass(15);

        Assert.Equal(LinkFailure.SendFailed, d.ReadFailure(link).Reason);
        EscapeAndClose(d);
        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory]
    [EverySplit("link is not valid\r\n\r\nERROR\r\n"), EverySplit("\r\nERROR\r\n"), EverySplit("too long\r\n\r\nERROR\r\n")]
    public void A_send_that_is_refused_fails_the_link(Split split, string refusal)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Write(link, "hello");
        d.Exchange("AT+CIPSEND=4,5", refusal);

        Assert.Equal(LinkFailure.SendFailed, d.ReadFailure(link).Reason);
        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "UNLINK\r\n\r\nERROR\r\n");
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [EverySplit("4,CLOSED\r\n\r\nRecv 5 bytes\r\n\r\nSEND FAIL\r\n"), EverySplit("4,CLOSED\r\n\r\nRecv 5 bytes\r\n\r\nERROR\r\n")]
    [EverySplit("\r\nRecv 5 bytes\r\n4,CLOSED\r\nSEND FAIL\r\n\r\nSEND OK\r\n")]
    public void A_link_that_ends_after_the_prompt_ends_as_closed_by_its_peer(Split split, string rest)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = Begin(d, "hello");
        Task flushing = d.Do(() => link.FlushAsync(CancellationToken.None));
        d.Say(rest);

        Assert.Equal(LinkFailure.ClosedByPeer, Reason(flushing));
        Assert.Equal(string.Empty, d.Read(link));
        d.EndsWith(ModemState.Online);
        Task<CommandResponse> next = d.Send("AT+SYSRAM?");
        d.GetInStep();
        d.Exchange("AT+SYSRAM?", "+SYSRAM:1\r\nOK\r\n");
        Assert.True(next.IsCompletedSuccessfully);
    }

    // A link of which a send has begun, up to its payload.
    [Theory, EverySplit]
    [Trait("Quirk", "Q12")]
    public void What_the_peer_sent_before_it_closed_is_read_though_a_send_has_failed(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs17);
        LinkStream link = Begin(d, "hello");
        d.Say("\r\n+IPD,4,4\r\n4,CLOSED\r\nSEND FAIL\r\n");
        d.GetInStep();
        d.Exchange("AT+CIPRECVDATA=4,2048", "\r\n+CIPRECVDATA,4:rest\r\nOK\r\n");
        d.Exchange("AT+CIPRECVDATA=4,2048", "\r\nERROR\r\n");

        Assert.Equal("rest", d.Read(link));
        Assert.Equal(string.Empty, d.Read(link));
        Assert.Equal(LinkFailure.ClosedByPeer, Reason(d.Do(() => link.WriteAsync(new byte[1]).AsTask())));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q2")]
    public void A_send_that_was_refused_as_busy_may_ask_for_its_payload_twice(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected();
        d.Write(link, "x");
        d.Exchange("AT+CIPSEND=4,1", "\r\nbusy p...\r\n");
        d.Pass(0.2);
        d.Exchange("AT+CIPSEND=4,1", Prompt);
        d.HearBytes("x");
        d.Say("\r\nRecv 1 bytes\r\n\r\nSEND OK\r\n" + Prompt);
        Task<CommandResponse> next = d.Send("AT+NEXT");

        // No probe and no command before the escape: it would be the byte that the module waits for.
        d.Pass(0.05);
        d.HearBytes("+++");
        d.Say("\r\nSEND Canceled\r\n");
        d.Pass(0.1);
        d.GetInStep();
        d.Exchange("AT+NEXT");
        Assert.True(next.IsCompletedSuccessfully);
    }

    private static LinkStream Begin(Dialogue d, string payload)
    {
        LinkStream link = d.Connected();
        d.Write(link, payload);
        d.Exchange($"AT+CIPSEND=4,{payload.Length}", Prompt);
        d.HearBytes(payload);
        return link;
    }

    // The module has not answered for the command's limit; for the length of a quarantine it may yet.
    private static void EscapeAndClose(Dialogue d)
    {
        d.Pass(10.05);
        d.HearBytes("+++");
        d.Pass(0.1);
        d.GetInStep();
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
    }

    private static void AssertFailed(Dialogue d, LinkStream link, Task flushing, LinkFailure reason)
    {
        Assert.Equal(reason, Reason(flushing));
        Assert.Equal(reason, d.ReadFailure(link).Reason);
        Assert.Equal(0, link.Info.BytesSent);
    }

    private static LinkFailure Reason(Task task) =>
        Assert.IsType<LinkException>(Dialogue.FailureOf<IOException>(task).InnerException).Reason;
}
