using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Cellular;

/// <summary>Going online with a cellular module: card, registration, attach, address, and why not.</summary>
public sealed class GoOnlineTests
{
    [Theory, EverySplit]
    public void A_module_that_is_well_goes_online_by_every_step_and_state(Split split)
    {
        Dialogue d = CellularScenes.Open(split);
        List<ModemState> states = [];
        d.Modem.StateChanged += (_, change) => states.Add(change.NewState);
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.FindCard();
        d.Register();
        d.Activate();

        Assert.True(online.IsCompletedSuccessfully, $"{online.Exception}");
        Assert.Equal([ModemState.Searching, ModemState.Registered, ModemState.Attaching, ModemState.Online], states);
        Assert.Equal(("generic (3GPP)", "Example Ltd", "M1", "R1"), Named(d.Modem.Identity));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void Registering_goes_no_further(Split split)
    {
        Dialogue d = CellularScenes.Open(split);
        Task registering = d.Do(() => d.Modem.Cellular.RegisterAsync());
        d.FindCard();
        d.Register();

        Assert.True(registering.IsCompletedSuccessfully, $"{registering.Exception}");
        d.EndsWith(ModemState.Registered);
    }

    [Theory]
    [EverySplit("\r\n+CME ERROR: 14\r\n"), EverySplit("\r\n+CME ERROR:14\r\n"), EverySplit("\r\n+CME ERROR: SIM busy\r\n")]
    [EverySplit("\r\n+CPIN: NOT READY\r\n\r\nOK\r\n"), EverySplit("\r\n+CME ERROR: 13\r\n"), EverySplit("\r\nERROR\r\n")]
    public void A_card_that_is_busy_after_the_start_is_asked_again(Split split, string busy)
    {
        Dialogue d = CellularScenes.Open(split);
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.Exchange("AT+CFUN?", "\r\n+CFUN: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CPIN?", busy);
        d.Pass(0.5);
        d.Exchange("AT+CPIN?", busy);
        d.Pass(0.2);
        d.Say("\r\n+CPIN: READY\r\n");
        d.Exchange("AT+CPIN?", CellularScenes.Ready);
        d.Register();
        d.Activate();

        Assert.True(online.IsCompletedSuccessfully, $"{online.Exception}");
    }

    [Theory, EverySplit]
    public void Without_a_card_the_attempt_ends_after_ten_seconds(Split split)
    {
        Dialogue d = CellularScenes.Open(split);
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.Exchange("AT+CFUN?", "\r\n+CFUN: 1\r\n\r\nOK\r\n");
        for (int i = 0; i < 20; i++)
        {
            d.Exchange("AT+CPIN?", "\r\n+CME ERROR: 10\r\n");
            d.Pass(0.5);
        }

        d.Exchange("AT+CPIN?", "\r\n+CME ERROR: SIM not inserted\r\n");
        Assert.Equal(SimFailure.NotInserted, Dialogue.FailureOf<SimException>(online).Reason);
        d.EndsWith(ModemState.Ready);
    }

    [Theory]
    [EverySplit("\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n", SimFailure.PinRequired), EverySplit("\r\n+CME ERROR: 11\r\n", SimFailure.PinRequired)]
    [EverySplit("\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n", SimFailure.PukRequired), EverySplit("\r\n+CPIN: PH-NET PIN\r\n\r\nOK\r\n", SimFailure.DeviceLocked)]
    public void A_card_that_wants_a_code_leaves_the_modem_locked_and_taking_commands(
        Split split, string answer, SimFailure reason)
    {
        Dialogue d = CellularScenes.Open(split);
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.Exchange("AT+CFUN?", "\r\n+CFUN: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CPIN?", answer);
        if (reason == SimFailure.PinRequired)
        {
            d.Exchange("AT+CPINR", CellularScenes.Refused);
        }

        Assert.Equal(reason, Dialogue.FailureOf<SimException>(online).Reason);
        d.EndsWith(ModemState.Locked);
        Task<CommandResponse> sending = d.Do(() => d.Modem.SendAsync("AT+CSQ"));
        d.Exchange("AT+CSQ", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
        Assert.True(sending.IsCompletedSuccessfully);
    }

    [Theory]
    [EverySplit("\r\n+CFUN: 4\r\n\r\nOK\r\n"), EverySplit("\r\n+CFUN:0\r\n\r\nOK\r\n")]
    public void A_radio_that_is_off_is_switched_on(Split split, string radio)
    {
        Dialogue d = CellularScenes.Open(split);
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.Exchange("AT+CFUN?", radio);
        bool isMinimum = radio.Contains('0', StringComparison.Ordinal);
        d.Exchange(isMinimum ? "AT+CFUN=1" : "AT+CPIN?", isMinimum ? "\r\nOK\r\n" : CellularScenes.Ready);
        d.Exchange(isMinimum ? "AT+CPIN?" : "AT+CFUN=1", isMinimum ? CellularScenes.Ready : "\r\nOK\r\n");
        d.Register();
        d.Activate();

        Assert.True(online.IsCompletedSuccessfully, $"{online.Exception}");
    }

    [Theory, EverySplit]
    public void The_registration_is_waited_for_and_a_URC_in_the_answer_is_not_the_answer(Split split)
    {
        Dialogue d = CellularScenes.Open(split);
        List<string> told = [];
        d.Modem.Cellular.RegistrationChanged += (_, change) => told.Add($"{change.Status} {change.Technology}");
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.FindCard();
        d.Register("\r\n+CEREG: 2,2\r\n\r\nOK\r\n");
        d.Pass(2);

        // A line of the answer's shape, but of another part of the network; then a URC; then the answer.
        d.Register("\r\n+CGREG: 2,2,\"1863\",\"0183db22\",7\r\n+CEREG: 2\r\n+CEREG: 2,2\r\n\r\nOK\r\n");
        d.Pass(0.3);
        d.Say("\r\n+CEREG: 1,\"1F00\",\"079D903\",7\r\n");
        d.Register();
        d.Activate();

        Assert.True(online.IsCompletedSuccessfully, $"{online.Exception}");
        Assert.Equal("Searching ", told[0]);
        Assert.Equal("Home Lte", told[^1]);
    }

    [Theory]
    [EverySplit("\r\n+CEREG: 2,2\r\n\r\nOK\r\n", NetworkJoinFailure.NotRegistered, 20.0)]
    [EverySplit("\r\n+CEREG: 3,3,,,,0,15\r\n\r\nOK\r\n", NetworkJoinFailure.RegistrationDenied, 30.0)]
    public void A_search_that_finds_nothing_ends_by_its_limit(
        Split split, string answer, NetworkJoinFailure reason, double seconds)
    {
        Dialogue d = CellularScenes.Open(
            split, options => options with { RegistrationTimeLimit = TimeSpan.FromSeconds(reason == NetworkJoinFailure.NotRegistered ? 20 : 60) });
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.FindCard();
        for (int i = 0; i < seconds / 2; i++)
        {
            d.Register(answer);
            d.Pass(2);
        }

        d.Register(answer);
        Assert.Equal(reason, Dialogue.FailureOf<NetworkJoinException>(online).Reason);
        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    public void A_module_that_was_told_to_leave_the_network_is_told_to_search(Split split)
    {
        Dialogue d = CellularScenes.Open(split);
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.FindCard();
        d.Exchange("AT+CEREG?", "\r\n+CEREG: 2,0\r\n\r\nOK\r\n");
        d.Exchange("AT+CGREG?", CellularScenes.Refused);
        d.Exchange("AT+CREG?", CellularScenes.Refused);
        d.Exchange("AT+COPS?", "\r\n+COPS: 2\r\n\r\nOK\r\n");
        d.Exchange("AT+COPS=0", "\r\n+CEREG: 2\r\n\r\nOK\r\n");
        d.Pass(1);
        d.Say("\r\n+CEREG: 1\r\n");
        d.Register();
        d.Activate();

        Assert.True(online.IsCompletedSuccessfully, $"{online.Exception}");
    }

    [Theory, EverySplit]
    public void Roaming_is_refused_where_it_is_not_allowed(Split split)
    {
        Dialogue d = CellularScenes.Open(split, options => options with { AllowRoaming = false });
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.FindCard();
        d.Register("\r\n+CEREG: 2,5,\"1F00\",\"079D903\",7\r\n\r\nOK\r\n");

        Assert.Equal(NetworkJoinFailure.RoamingNotAllowed, Dialogue.FailureOf<NetworkJoinException>(online).Reason);
        d.EndsWith(ModemState.Ready);
    }

    [Theory]
    [EverySplit("\r\n+CME ERROR: 132\r\n", "service option not supported (132)")]
    [EverySplit("\r\n+CME ERROR: Requested-service option not SUBSCRIBED\r\n", "requested service option not subscribed (133)")]
    [EverySplit("\r\n+CME ERROR: 65535\r\n", "code 65535 (65535)")]
    public void A_refused_access_point_is_told_with_the_networks_reason(Split split, string answer, string words)
    {
        Dialogue d = CellularScenes.Open(split, options => options with
        {
            Apn = new ApnOptions("iot.example") { UserName = "user", Password = "topaz4711", Authentication = ApnAuthentication.Chap },
        });
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.FindCard();
        d.Register();
        d.Exchange("AT+CGATT?", "\r\n+CGATT: 0\r\n\r\nOK\r\n");
        d.Exchange("AT+CGATT=1");
        d.Exchange("AT+CGACT=0,1");
        d.Exchange("AT+CGDCONT=1,\"IP\",\"iot.example\"");
        d.Exchange("AT+CGAUTH=1,2,\"user\",\"topaz4711\"");
        d.Exchange("AT+CGACT=1,1", answer);

        NetworkJoinException failed = Dialogue.FailureOf<NetworkJoinException>(online);
        Assert.Equal(("iot.example", NetworkJoinFailure.ActivationFailed), (failed.Network, failed.Reason));
        Assert.Contains(words, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("topaz", failed.ToString(), StringComparison.Ordinal);
        d.EndsWith(ModemState.Ready);
    }

    private static (string, string?, string?, string?) Named(ModuleIdentity identity) =>
        (identity.Dialect, identity.Manufacturer, identity.Model, identity.Firmware);
}
