using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Links;

/// <summary>Links with TLS of the module, word for word.</summary>
public sealed class ModuleTlsTests
{
    private const string Open = "AT+CIPSTART=4,\"SSL\",\"www.example.com\",443";
    private const string Unset = "+CIPSSLCCONF:3,2,0,0\r\n+CIPSSLCCONF:4,0,0,0\r\n\r\nOK\r\n";

    [Theory, EverySplit]
    public void The_server_is_verified_by_name_and_what_is_kept_in_flash_is_asked_for_first(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = Connect(d, new ModuleTlsOptions());
        d.Exchange("AT+CIPSSLCCONF?", Unset);
        d.Exchange("AT+CIPSSLCCONF=4,2,0,0");
        d.Exchange("AT+CIPSSLCSNI=4,\"www.example.com\"");
        d.Exchange("AT+CIPSSLCCN=4,\"www.example.com\"");
        AskProtocols(d);
        AskKey(d);
        d.Hear(Open);
        d.Pass(45);
        d.Say("4,CONNECT\r\n\r\nOK\r\n");

        Assert.Equal(4, Dialogue.ResultOf(connecting).LinkId);
        d.AskAfterPause();
        d.EndsWith(ModemState.Online, "4 Open www.example.com:443");
    }

    [Theory, EverySplit]
    public void A_number_is_not_told_twice_what_it_was_told_and_told_anew_what_differs(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> first = Connect(d, new ModuleTlsOptions { ApplicationProtocols = ["h2", "http/1.1"] });
        d.Exchange("AT+CIPSSLCCONF?", "+CIPSSLCCONF:4,2,7,0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSSLCSNI=4,\"www.example.com\"");
        d.Exchange("AT+CIPSSLCCN=4,\"www.example.com\"");
        d.Exchange("AT+CIPSSLCALPN=4,2,\"h2\",\"http/1.1\"");
        AskKey(d);
        d.Exchange(Open, "4,CONNECT\r\n\r\nOK\r\n");
        Close(d, Dialogue.ResultOf(first));

        Task<LinkStream> second = Connect(d, new ModuleTlsOptions { ServerName = "other.example" });
        d.Exchange("AT+CIPSSLCCONF?", "+CIPSSLCCONF:4,2,7,0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSSLCSNI=4,\"other.example\"");
        d.Exchange("AT+CIPSSLCCN=4,\"other.example\"");
        d.Exchange("AT+CIPSSLCALPN=4,0");
        d.Exchange(Open, "4,CONNECT\r\n\r\nOK\r\n");
        Close(d, Dialogue.ResultOf(second));

        Connect(d, new ModuleTlsOptions { VerifyServer = false, ServerName = "other.example" });
        d.Exchange("AT+CIPSSLCCONF?", "+CIPSSLCCONF:4,2,7,0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSSLCCONF=4,0");
        d.Hear(Open);
    }

    [Theory, EverySplit]
    public void What_a_number_has_from_earlier_sessions_is_taken_away_before_a_link_that_wants_nothing_of_it(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.Connect(new LinkRequest("10.0.0.2", 443)
        {
            ModuleTls = new ModuleTlsOptions { VerifyServer = false },
        });
        d.Exchange("AT+CIPSSLCCONF?", Unset);
        d.Exchange("AT+CIPSSLCSNI?", "+CIPSSLCSNI:3,\"\"\r\n+CIPSSLCSNI:4,\"old.example\"\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSSLCSNI=4,\"\"");
        d.Exchange("AT+CIPSSLCALPN?", "+CIPSSLCALPN:3\r\n+CIPSSLCALPN:4,\"h2\",\"x,y\"\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSSLCALPN=4,0");
        d.Exchange("AT+CIPSSLCPSK?", "+CIPSSLCPSK:3,\"\",\"\"\r\n+CIPSSLCPSK:4,\"key\",\"\"\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSSLCPSK=4,\"\",\"\"");
        d.Exchange("AT+CIPSTART=4,\"SSL\",\"10.0.0.2\",443", "4,CONNECT\r\n\r\nOK\r\n");

        Assert.True(connecting.IsCompletedSuccessfully);
    }

    [Theory, EverySplit]
    public void What_cannot_be_taken_away_fails_the_link_and_what_cannot_be_asked_for_does_not(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> first = Connect(d, new ModuleTlsOptions { VerifyServer = false });
        d.Exchange("AT+CIPSSLCCONF?", Unset);
        d.Exchange("AT+CIPSSLCSNI=4,\"www.example.com\"");
        d.Exchange("AT+CIPSSLCALPN?", "+CIPSSLCALPN:4,\"h2\"\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSSLCALPN=4,0", "\r\nERROR\r\n");
        d.Pass(0.5);
        Task<LinkStream> second = Connect(d, new ModuleTlsOptions { VerifyServer = false });
        d.Exchange("AT+CIPSSLCCONF?", Unset);
        d.Exchange("AT+CIPSSLCALPN?", "\r\nERROR\r\n");
        d.Exchange("AT+CIPSSLCPSK?", "\r\nERROR\r\n");
        d.Exchange(Open, "4,CONNECT\r\n\r\nOK\r\n");

        Assert.Equal(LinkFailure.TlsFailed, Dialogue.FailureOf<LinkException>(first).Reason);
        Assert.True(second.IsCompletedSuccessfully);
    }

    [Theory, EverySplit]
    public void An_address_is_not_asked_for_by_name_and_certificates_are_taken_from_their_slots(Split split)
    {
        Dialogue d = Dialogue.Online(split, options: o => o with { ConnectionMode = ConnectionMode.Single });
        Task<LinkStream> connecting = d.Connect(new LinkRequest("10.0.0.2", 443)
        {
            ModuleTls = new ModuleTlsOptions { AuthoritySlot = 1, ClientCertificateSlot = 2, ExpectedName = "broker" },
        });
        d.Exchange("AT+CIPSSLCCONF?", "+CIPSSLCCONF:0,3,2,0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSSLCCONF=3,2,1");
        d.Exchange("AT+CIPSSLCSNI?", "+CIPSSLCSNI:0,\"\"\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSSLCCN=\"broker\"");
        d.Exchange("AT+CIPSSLCALPN?", "+CIPSSLCALPN:0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSSLCPSK?", "+CIPSSLCPSK:0,\"\",\"\"\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSTART=\"SSL\",\"10.0.0.2\",443", "CONNECT\r\n\r\nOK\r\n");

        Assert.True(connecting.IsCompletedSuccessfully);
    }

    [Theory, EverySplit]
    public void A_root_that_is_missing_is_told_in_the_words_of_the_module_wherever_it_says_so(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> early = Connect(d, new ModuleTlsOptions());
        d.Exchange("AT+CIPSSLCCONF?", Unset);
        d.Exchange("AT+CIPSSLCCONF=4,2,0,0", "NO CA FOUND\r\n\r\nERROR\r\n");
        d.Pass(0.5);
        Task<LinkStream> late = Connect(d, new ModuleTlsOptions());
        d.Exchange("AT+CIPSSLCCONF?", Unset);
        d.Exchange("AT+CIPSSLCCONF=4,2,0,0");
        d.Exchange("AT+CIPSSLCSNI=4,\"www.example.com\"");
        d.Exchange("AT+CIPSSLCCN=4,\"www.example.com\"");
        AskProtocols(d);
        AskKey(d);
        d.Exchange(Open, "NO CA FOUND\r\n\r\nERROR\r\n");

        Assert.All([early, late], attempt =>
        {
            LinkException failed = Dialogue.FailureOf<LinkException>(attempt);
            Assert.Equal(LinkFailure.TlsFailed, failed.Reason);
            Assert.Contains("NO CA FOUND", failed.Message, StringComparison.Ordinal);
        });
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_failure_without_words_is_one_of_TLS(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = Connect(d, new ModuleTlsOptions { VerifyServer = false });
        d.Exchange("AT+CIPSSLCCONF?", Unset);
        d.Exchange("AT+CIPSSLCSNI=4,\"www.example.com\"");
        AskProtocols(d);
        AskKey(d);
        d.Exchange(Open, "\r\nERROR\r\n4,CLOSED\r\n");

        Assert.Equal(LinkFailure.TlsFailed, Dialogue.FailureOf<LinkException>(connecting).Reason);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_key_that_both_know_is_never_shown(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = Connect(
            d, new ModuleTlsOptions { PreSharedKey = new ModuleTlsPreSharedKey("open,sesame", "cave") });
        d.Exchange("AT+CIPSSLCCONF?", Unset);
        d.Exchange("AT+CIPSSLCSNI=4,\"www.example.com\"");
        AskProtocols(d);
        d.Exchange("AT+CIPSSLCPSK=4,\"open\\,sesame\",\"cave\"", "\r\nERROR\r\n");

        LinkException failed = Dialogue.FailureOf<LinkException>(connecting);
        Assert.Contains("AT+CIPSSLCPSK=4,\"***\",\"cave\"", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", new ModuleTlsPreSharedKey("open,sesame", "cave").ToString(), StringComparison.Ordinal);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void Firmware_that_cannot_verify_is_refused_by_name_unless_that_is_allowed(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs17);
        FeatureNotSupportedException refused = Dialogue.FailureOf<FeatureNotSupportedException>(
            Connect(d, new ModuleTlsOptions()));
        FeatureNotSupportedException named = Dialogue.FailureOf<FeatureNotSupportedException>(
            Connect(d, new ModuleTlsOptions { VerifyServer = false, ServerName = "x" }));
        Assert.Equal(ModemFeature.ModuleTlsVerification, refused.Feature);
        Assert.Contains("VerifyServer = false", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ModemFeature.ModuleTlsServerName, named.Feature);
        d.HearNothing();

        Task<LinkStream> connecting = Connect(d, new ModuleTlsOptions { VerifyServer = false });
        d.Exchange("AT+CIPSSLSIZE=4096");
        d.Exchange(Open, "4,CONNECT\r\n\r\nOK\r\n");
        d.Say("\r\n+IPD,4,5:hello");
        Assert.Equal("hello", d.Read(Dialogue.ResultOf(connecting)));
        d.EndsWith(ModemState.Online, "4 Open www.example.com:443");
    }

    [Theory, EverySplit]
    public void A_second_link_where_the_module_has_the_memory_for_one_is_refused_by_name(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        Task<LinkStream> first = Connect(d, new ModuleTlsOptions { VerifyServer = false });
        d.Exchange(Open, "4,CONNECT\r\n\r\nOK\r\n");

        LinkException refused = Dialogue.FailureOf<LinkException>(Connect(d, new ModuleTlsOptions { VerifyServer = false }));

        Assert.Equal(LinkFailure.TlsFailed, refused.Reason);
        Assert.Contains("link 4 to www.example.com:443 is in the way", refused.Message, StringComparison.Ordinal);
        Assert.True(first.IsCompletedSuccessfully);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q34")]
    public void The_announced_length_is_the_encrypted_one_and_an_error_behind_it_says_that_nothing_is_left(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = Connect(d, new ModuleTlsOptions { VerifyServer = false });
        d.Exchange("AT+CIPSSLCCONF?", Unset);
        d.Exchange("AT+CIPSSLCSNI=4,\"www.example.com\"");
        AskProtocols(d);
        AskKey(d);
        d.Exchange(Open, "4,CONNECT\r\n\r\nOK\r\n");
        LinkStream link = Dialogue.ResultOf(connecting);
        d.Say("\r\n+IPD,4,29\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "+CIPRECVDATA:5,hello\r\nOK\r\n\r\n+IPD,4,24\r\n");
        d.Exchange("AT+CIPRECVDATA=4,5760", "\r\nERROR\r\n");

        Assert.Equal("hello", d.Read(link));
        d.EndsWith(ModemState.Online, "4 Open www.example.com:443");
    }

    public static TheoryData<LinkRequest> Impossible =>
    [
        With(new ModuleTlsOptions { AuthoritySlot = -1 }),
        With(new ModuleTlsOptions { AuthoritySlot = 256 }),
        With(new ModuleTlsOptions { ClientCertificateSlot = 256 }),
        With(new ModuleTlsOptions { ServerName = " " }),
        With(new ModuleTlsOptions { ServerName = new string('x', 65) }),
        With(new ModuleTlsOptions { ExpectedName = new string('x', 65) }),
        With(new ModuleTlsOptions { ApplicationProtocols = ["1", "2", "3", "4", "5", "6"] }),
        With(new ModuleTlsOptions { ApplicationProtocols = [""] }),
        With(new ModuleTlsOptions { PreSharedKey = new ModuleTlsPreSharedKey("", "x") }),
        With(new ModuleTlsOptions { PreSharedKey = new ModuleTlsPreSharedKey(new string('x', 33), "x") }),
        With(new ModuleTlsOptions { PreSharedKey = new ModuleTlsPreSharedKey("x", "x"), ClientCertificateSlot = 0 }),
        With(new ModuleTlsOptions()) with { Allocation = LinkIdAllocation.ModuleAssigned },
    ];

    [Theory, MemberData(nameof(Impossible))]
    public void What_cannot_be_is_refused_before_a_byte_is_sent(LinkRequest request)
    {
        Dialogue d = Dialogue.Online(Split.Whole);

        void Try() => d.Connect(request);
        Assert.ThrowsAny<ArgumentException>(Try);
        d.EndsWith(ModemState.Online);
    }

    private static LinkRequest With(ModuleTlsOptions options) => new("www.example.com", 443) { ModuleTls = options };

    private static Task<LinkStream> Connect(Dialogue d, ModuleTlsOptions options) => d.Connect(With(options));

    private static void AskProtocols(Dialogue d) =>
        d.Exchange("AT+CIPSSLCALPN?", "+CIPSSLCALPN:3\r\n+CIPSSLCALPN:4\r\n\r\nOK\r\n");

    private static void AskKey(Dialogue d) =>
        d.Exchange("AT+CIPSSLCPSK?", "+CIPSSLCPSK:3,\"x\",\"\"\r\n+CIPSSLCPSK:4,\"\",\"\"\r\n\r\nOK\r\n");

    private static void Close(Dialogue d, LinkStream link)
    {
        d.AskAfterPause();
        d.Do(link.Dispose);
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
    }
}
