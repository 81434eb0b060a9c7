namespace ModemDriver.Tests.Quirks;

/// <summary>Joining a network, losing it, and what is said about it.</summary>
public sealed class NetworkTests
{
    [Theory]
    [EverySplit("+CWJAP:1\r\n", NetworkJoinFailure.TimedOut), EverySplit("+CWJAP:2\r\n", NetworkJoinFailure.WrongPassword)]
    [EverySplit("+CWJAP:3\r\n", NetworkJoinFailure.AccessPointNotFound)]
    [EverySplit("+CWJAP:4\r\n", NetworkJoinFailure.ConnectionFailed)]
    [EverySplit("+CWJAP:0\r\n", NetworkJoinFailure.Unknown), EverySplit("+CWJAP:999\r\n", NetworkJoinFailure.Unknown)]
    [EverySplit("", NetworkJoinFailure.Unknown), EverySplit("+CWJAP:x\r\n", NetworkJoinFailure.Unknown)]
    [Trait("Quirk", "Q19")]
    public void The_reason_of_a_failed_join_is_the_modules_and_the_next_attempt_may_work(
        Split split, string words, NetworkJoinFailure reason)
    {
        Dialogue d = Dialogue.Ready(split);
        Task joining = d.Join();
        d.Exchange("AT+CWJAP=\"net\",\"password\"", words + "\r\nERROR\r\n");
        Assert.Equal(reason, Dialogue.FailureOf<NetworkJoinException>(joining).Reason);
        d.EndsWith(ModemState.Ready);

        Task again = d.Join();
        d.Exchange("AT+CWJAP=\"net\",\"password\"", "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n");
        d.Exchange("AT+CIFSR", "+CIFSR:STAIP,\"10.0.0.9\"\r\n\r\nOK\r\n");
        Assert.True(again.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q41")]
    public void A_module_that_says_it_has_left_and_stays_is_told_of(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task leaving = d.Do(() => d.Modem.WiFi.LeaveAsync());
        d.TellNetwork();
        d.Exchange("AT+CWQAP");
        d.Pass(2);
        d.TellNetwork();

        Assert.Contains("still joined to net", Dialogue.FailureOf<ModemProtocolException>(leaving).Message, StringComparison.Ordinal);
        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q41")]
    public void A_module_that_leaves_without_a_word_is_asked(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task leaving = d.Do(() => d.Modem.WiFi.LeaveAsync());
        d.TellNetwork();
        d.Exchange("AT+CWQAP");
        d.Pass(2);
        d.Exchange("AT+CWJAP?");

        Assert.True(leaving.IsCompletedSuccessfully, $"{leaving.Exception}");
        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q19")]
    public void FAIL_ends_a_join_where_the_firmware_says_so(Split split)
    {
        Dialogue d = Dialogue.Ready(split, Firmware.NonOs16);
        Task joining = d.Join();
        d.Exchange("AT+CWJAP_CUR=\"net\",\"password\"", "WIFI DISCONNECT\r\n+CWJAP:3\r\n\r\nFAIL\r\n");

        Assert.Equal(NetworkJoinFailure.AccessPointNotFound, Dialogue.FailureOf<NetworkJoinException>(joining).Reason);
        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q35")]
    public void WIFI_DISCONNECT_inside_a_join_is_part_of_changing_the_access_point(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task joining = d.Join();
        d.Exchange(
            "AT+CWJAP=\"net\",\"password\"",
            "WIFI DISCONNECT\r\nWIFI CONNECTED\r\nWIFI DISCONNECT\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n");
        d.Exchange("AT+CIFSR", "+CIFSR:STAIP,\"10.0.0.9\"\r\n\r\nOK\r\n");

        Assert.True(joining.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory]
    [EverySplit("+CWJAP:\"Cafe \"Zum Hirsch\", free\",\"00:11:22:33:44:55\",1,-71\r\n", "Cafe \"Zum Hirsch\", free")]
    [EverySplit("+CWJAP:\"a\",\"b\",\"00:11:22:33:44:55\",1,-71,0,1,3,0,0\r\n", "a\",\"b")]
    [EverySplit("+CWJAP:\"\\\",\"00:11:22:33:44:55\",1,-71,0\r\n", "\\")]
    [EverySplit("+CWJAP:\"\",\"00:11:22:33:44:55\",1,-71\r\n", "")]
    [Trait("Quirk", "Q18")]
    public void The_name_of_an_access_point_may_hold_anything(Split split, string answer, string name)
    {
        Dialogue d = Dialogue.Online(split);
        Task<AccessPointInfo?> reading = d.Do(() => d.Modem.WiFi.ReadAccessPointAsync(CancellationToken.None));
        d.Exchange("AT+CWJAP?", answer + "\r\nOK\r\n");

        Assert.Equal(new AccessPointInfo(name, "00:11:22:33:44:55", 1, -71), Dialogue.ResultOf(reading));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit("No AP\r\n"), EverySplit("No AP\r\r\n"), EverySplit("")]
    public void No_access_point_is_none(Split split, string answer)
    {
        Dialogue d = Dialogue.Ready(split);
        Task<AccessPointInfo?> reading = d.Do(() => d.Modem.WiFi.ReadAccessPointAsync(CancellationToken.None));
        d.Exchange("AT+CWJAP?", answer + "\r\nOK\r\n");

        Assert.Null(Dialogue.ResultOf(reading));
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q22")]
    public void Leaving_the_network_ends_the_links_that_no_CLOSED_will_come_for_and_the_rest_is_closed(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream link = d.Connected(3);
        LinkStream other = d.Connected(4);
        d.Say("WIFI DISCONNECT\r\n");
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        Assert.Equal(LinkFailure.NetworkLost, d.ReadFailure(link).Reason);
        Assert.Equal(LinkFailure.NetworkLost, d.ReadFailure(other).Reason);
        Dialogue.FailureOf<ModemClosedException>(d.Connect());

        d.Exchange("AT+CWJAP?", "\r\nOK\r\n");
        d.Exchange("AT+CWJAP=\"net\",\"password\"", "4,CLOSED\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n");
        d.Exchange("AT+CIFSR", "+CIFSR:STAIP,\"10.0.0.9\"\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSTATUS", "STATUS:3\r\n+CIPSTATUS:3,\"TCP\",\"10.0.0.2\",80,54011,0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=3", "3,CLOSED\r\n\r\nOK\r\n");

        d.EndsWith(ModemState.Online);
        d.Works();
    }

    [Theory, EverySplit]
    public void An_address_that_is_late_is_waited_for(Split split)
    {
        Dialogue d = Dialogue.Ready(split);
        Task joining = d.Join();
        d.Exchange("AT+CWJAP=\"net\",\"password\"", "WIFI CONNECTED\r\n\r\nOK\r\n");
        d.Exchange("AT+CIFSR", "+CIFSR:STAIP,\"0.0.0.0\"\r\n\r\nOK\r\n");
        d.Pass(0.3);
        d.Say("WIFI GOT IP\r\n");
        d.Exchange("AT+CIFSR", "+CIFSR:STAIP,\"10.0.0.9\"\r\n\r\nOK\r\n");

        Assert.True(joining.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void An_address_that_never_comes_fails_the_join(Split split)
    {
        Dialogue d = Dialogue.Ready(split, Firmware.NonOs16);
        Task joining = d.Join();
        d.Exchange("AT+CWJAP_CUR=\"net\",\"password\"", "WIFI CONNECTED\r\nDHCP TIMEOUT\r\n\r\nOK\r\n");
        for (int i = 0; i < 15; i++)
        {
            d.Exchange("AT+CIFSR", "+CIFSR:STAIP,\"0.0.0.0\"\r\n\r\nOK\r\n");
            d.Pass(1);
        }

        d.Exchange("AT+CIFSR", "+CIFSR:STAIP,\"0.0.0.0\"\r\n\r\nOK\r\n");
        Assert.Equal(NetworkJoinFailure.NoAddress, Dialogue.FailureOf<NetworkJoinException>(joining).Reason);
        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    public void A_join_that_is_not_answered_ends_by_its_limit(Split split)
    {
        Dialogue d = Dialogue.Ready(split);
        Task joining = d.Join();
        d.Hear("AT+CWJAP=\"net\",\"password\"");
        d.Pass(30);
        Assert.Equal(NetworkJoinFailure.TimedOut, Dialogue.FailureOf<NetworkJoinException>(joining).Reason);

        d.Say("WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n");
        d.EndsWith(ModemState.Ready);
        d.Works();
    }

    [Theory]
    [EverySplit("+CIPDOMAIN:\"10.1.2.3\"\r\n\r\nOK\r\n"), EverySplit("+CIPDOMAIN:10.1.2.3\r\n\r\nOK\r\n")]
    public void An_address_may_be_quoted_or_not(Split split, string answer)
    {
        Dialogue d = Dialogue.Online(split);
        Task<System.Net.IPAddress> resolving = d.Do(() => d.Modem.ResolveAsync("peer.example", CancellationToken.None));
        d.Exchange("AT+CIPDOMAIN=\"peer.example\"", answer);

        Assert.Equal("10.1.2.3", Dialogue.ResultOf(resolving).ToString());
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit("DNS Fail\r\n"), EverySplit("unknown host: no.example\r\r\n"), EverySplit("")]
    public void A_name_that_is_not_found_is_the_answer_to_its_question_alone(Split split, string words)
    {
        Dialogue d = Dialogue.Online(split);
        Task<System.Net.IPAddress> resolving = d.Do(() => d.Modem.ResolveAsync("no.example", CancellationToken.None));
        d.Hear("AT+CIPDOMAIN=\"no.example\"");
        d.Pass(10);
        d.Say(words + "\r\nERROR\r\n");

        Dialogue.FailureOf<CommandFailedException>(resolving);
        d.EndsWith(ModemState.Online);
        d.Works();
    }
}
