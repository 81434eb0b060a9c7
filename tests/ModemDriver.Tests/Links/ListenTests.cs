using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Links;

/// <summary>Starting and ending a listener.</summary>
public sealed class ListenTests
{
    [Theory, EverySplit]
    [Trait("Quirk", "Q45")]
    public void A_listener_sets_its_limit_before_the_start_and_its_idle_time_behind_it(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkListener> listening = d.Listen(
            new ListenRequest(8080) { MaxLinks = 2, IdleTimeout = TimeSpan.FromSeconds(600) });
        d.Exchange("AT+SYSMSG?", "+SYSMSG:5\r\nOK\r\n");
        d.Exchange("AT+SYSMSG=7");
        d.Exchange("AT+CIPSERVER=0");
        d.Exchange("AT+CIPSERVERMAXCONN=2");
        d.Exchange("AT+CIPSERVER=1,8080");
        d.Exchange("AT+CIPSTO=600");

        Assert.Equal(8080, Dialogue.ResultOf(listening).Port);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void What_is_kept_in_flash_is_not_written_when_it_is_so_already(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkListener> listening = d.Listen(new ListenRequest(80) { IdleTimeout = TimeSpan.Zero });
        d.Exchange("AT+SYSMSG?", "+SYSMSG:3\r\nOK\r\n");
        d.Exchange("AT+CIPSERVER=0", "no change\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSERVERMAXCONN=5", "\r\nERROR\r\n");
        d.Exchange("AT+CIPSERVER=1,80");
        d.Exchange("AT+CIPSTO=0");

        Assert.True(listening.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void Firmware_with_settings_that_are_forgotten_gets_that_form(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs17);
        Task<LinkListener> listening = d.Listen();
        d.Exchange("AT+SYSMSG_CUR?", "\r\nERROR\r\n");
        d.Exchange("AT+SYSMSG_CUR=2");
        d.Exchange("AT+CIPSERVER=0", "no change\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPSERVERMAXCONN=5");
        d.Exchange("AT+CIPSERVER=1,80");

        Assert.True(listening.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_limit_that_is_refused_ends_the_attempt_with_the_words_of_the_module(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkListener> listening = d.Listen(new ListenRequest(80) { MaxLinks = 1 });
        d.TellOrigins();
        d.Exchange("AT+CIPSERVER=0");
        d.Exchange("AT+CIPSERVERMAXCONN=1", "Have 3 Connections\r\n\r\nERROR\r\n");
        d.Exchange("AT+CIPSERVER=0");

        Assert.Equal(["Have 3 Connections"], Dialogue.FailureOf<CommandFailedException>(listening).Lines);
        LinkListener second = d.Listening();
        Assert.Equal(80, second.Port);
    }

    [Theory, EverySplit]
    public void A_second_listener_and_another_connection_mode_are_refused_by_name(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Listening();

        LinkException second = Dialogue.FailureOf<LinkException>(d.Listen(new ListenRequest(81)));
        LinkException mode = Dialogue.FailureOf<LinkException>(
            d.Do(() => d.Modem.SetConnectionModeAsync(ConnectionMode.Single, CancellationToken.None)));

        Assert.Equal(LinkFailure.ListenerActive, second.Reason);
        Assert.Equal("The listener on port 80 is in the way to listen on port 81.", second.Message);
        Assert.Equal(LinkFailure.ListenerActive, mode.Reason);
        Assert.Equal("The listener on port 80 is in the way of another connection mode.", mode.Message);
        d.EndsWith(ModemState.Online);
    }

    public static TheoryData<ListenRequest> Impossible =>
    [
        new ListenRequest(0),
        new ListenRequest(65536),
        new ListenRequest(80) { MaxLinks = 0 },
        new ListenRequest(80) { MaxLinks = 6 },
        new ListenRequest(80) { IdleTimeout = TimeSpan.FromSeconds(-1) },
        new ListenRequest(80) { IdleTimeout = TimeSpan.FromSeconds(7201) },
        new ListenRequest(80) { IdleTimeout = TimeSpan.FromMilliseconds(1500) },
    ];

    [Theory, MemberData(nameof(Impossible))]
    public void Values_that_cannot_be_are_refused_before_a_byte_is_sent(ListenRequest request)
    {
        Dialogue d = Dialogue.Online(Split.Whole);

        void Listen() => d.Listen(request);
        Assert.ThrowsAny<ArgumentException>(Listen);
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void Single_mode_is_refused_before_a_byte_is_sent()
    {
        Dialogue d = Dialogue.Online(Split.Whole, options: o => o with { ConnectionMode = ConnectionMode.Single });

        Assert.Contains(
            "ConnectionMode.Multiple", Dialogue.FailureOf<InvalidOperationException>(d.Listen()).Message, StringComparison.Ordinal);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void Disposing_closes_what_nobody_has_accepted_and_keeps_the_rest(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        d.SayAccepted(0);
        LinkStream kept = d.Accepted(listener);
        d.SayAccepted(1);

        Task disposing = d.Do(() => listener.DisposeAsync().AsTask());
        d.Exchange("AT+CIPSERVER=0");
        d.Exchange("AT+CIPCLOSE=1", "1,CLOSED\r\n\r\nOK\r\n");

        Assert.True(disposing.IsCompletedSuccessfully);
        Assert.True(d.Do(() => listener.DisposeAsync().AsTask()).IsCompletedSuccessfully);
        d.AskAfterPause();
        d.EndsWith(ModemState.Online, $"0 Open {kept.RemoteEndPoint}");
    }

    [Theory, EverySplit]
    public void Whoever_accepts_is_told_that_the_listener_was_disposed(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        Task<LinkStream> accepting = d.Accept(listener);
        Task disposing = d.Do(() => listener.DisposeAsync().AsTask());
        d.Exchange("AT+CIPSERVER=0");

        Assert.True(disposing.IsCompletedSuccessfully);
        Dialogue.FailureOf<ObjectDisposedException>(accepting);
        Dialogue.FailureOf<ObjectDisposedException>(d.Accept(listener));
    }

    [Theory, EverySplit]
    public void Closing_the_modem_ends_the_listener_and_the_module_stops_listening(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        Task<LinkStream> accepting = d.Accept(listener);
        Task closing = d.Do(() => d.Modem.DisposeAsync().AsTask());
        d.Exchange("AT+CIPSERVER=0");

        Assert.True(closing.IsCompletedSuccessfully);
        Assert.Equal(LinkFailure.ModemClosed, Dialogue.FailureOf<LinkException>(accepting).Reason);
    }

    [Theory, EverySplit]
    public void A_link_that_comes_after_the_end_of_the_listener_is_closed(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkListener listener = d.Listening();
        Task disposing = d.Do(() => listener.DisposeAsync().AsTask());
        d.Hear("AT+CIPSERVER=0");
        d.SayAccepted(0);
        d.Say("\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=0", "0,CLOSED\r\n\r\nOK\r\n");

        Assert.True(disposing.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Online);
    }
}
