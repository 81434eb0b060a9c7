using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Cellular;

/// <summary>Operators, access point, radio, clock: what a user asks for and what is sent.</summary>
public sealed class OperatorTests
{
    [Theory, EverySplit]
    public void A_search_tells_how_long_it_has_run_and_ends_with_the_list(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Told told = new();
        Task<IReadOnlyList<CellularOperator>> listing = d.Do(() => d.Modem.Cellular.ListOperatorsAsync(told));
        d.Hear("AT+COPS=?");
        d.Pass(120);
        d.Say("\r\n+COPS: (2,\"Telekom.de\",\"TDG\",\"26201\",7),,(0,1,2,3,4),(0,1,2)\r\n\r\nOK\r\n");

        Assert.Equal("26201", Assert.Single(Dialogue.ResultOf(listing)).Code);
        Assert.Equal(120, told.Reports.Count);
        Assert.Equal((TimeSpan.FromSeconds(120), TimeSpan.FromMinutes(5)), (told.Reports[^1].Elapsed, told.Reports[^1].TimeLimit));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_search_that_is_given_up_runs_on_in_the_module_and_the_next_command_waits_for_it(Split split)
    {
        using CancellationTokenSource impatience = new();
        Dialogue d = CellularScenes.Online(split);
        Task<IReadOnlyList<CellularOperator>> listing =
            d.Do(() => d.Modem.Cellular.ListOperatorsAsync(cancellationToken: impatience.Token));
        d.Hear("AT+COPS=?");
        d.Pass(10);
        d.Do(impatience.Cancel);
        Assert.True(listing.IsCanceled, $"{listing.Status}");

        Task<RadioState> reading = d.Do(() => d.Modem.Cellular.ReadRadioAsync());
        d.HearNothing();
        d.Say("\r\n+COPS: (2,\"Telekom.de\",\"TDG\",\"26201\",7)\r\n\r\nOK\r\n");
        d.Exchange("AT+CFUN?", "\r\n+CFUN: 1\r\n\r\nOK\r\n");
        Assert.Equal(RadioState.Full, Dialogue.ResultOf(reading));
    }

    [Theory, EverySplit]
    public void The_operator_is_asked_for_by_code_and_by_name(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Task<CurrentOperator> reading = d.Do(() => d.Modem.Cellular.ReadOperatorAsync());
        d.Exchange("AT+COPS=3,2");
        d.Exchange("AT+COPS?", "\r\n+COPS: 0,2,\"26201\",7\r\n\r\nOK\r\n");
        d.Exchange("AT+COPS=3,0");
        d.Exchange("AT+COPS?", "\r\n+COPS: 0,0,\"Telekom.de\",7\r\n\r\nOK\r\n");

        Assert.Equal(
            new CurrentOperator(OperatorSelectionMode.Automatic, "26201", "Telekom.de", AccessTechnology.Lte),
            Dialogue.ResultOf(reading));
    }

    [Theory]
    [EverySplit("26201", AccessTechnology.Lte, "AT+COPS=1,2,\"26201\",7"), EverySplit("26201", null!, "AT+COPS=1,2,\"26201\"")]
    [EverySplit(null!, null!, "AT+COPS=0"), EverySplit(null!, AccessTechnology.Gsm, "AT+COPS=0,,,0")]
    public void An_operator_is_chosen_or_left_to_the_module(
        Split split, string? code, AccessTechnology? technology, string line)
    {
        Dialogue d = CellularScenes.Online(split);
        Task selecting = d.Do(() => d.Modem.Cellular.SelectOperatorAsync(code, technology));
        d.Exchange(line);

        Assert.True(selecting.IsCompletedSuccessfully);
    }

    [Theory, EverySplit]
    public void A_preferred_operator_is_told_once_and_a_refusal_is_no_harm(Split split)
    {
        Dialogue d = CellularScenes.Open(split, options => options with { PreferredOperator = "26201" });
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.FindCard();
        d.Exchange("AT+COPS=4,2,\"26201\"", CellularScenes.Refused);
        d.Register();
        d.Activate();

        Assert.True(online.IsCompletedSuccessfully, $"{online.Exception}");
    }

    [Theory, EverySplit]
    public void Another_access_point_takes_the_modem_online_anew(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        List<ModemState> states = [];
        d.Modem.StateChanged += (_, change) => states.Add(change.NewState);
        Task changing = d.Do(() => d.Modem.Cellular.SetApnAsync(new ApnOptions("iot.example")));
        d.FindCard();
        d.Register();
        d.Exchange("AT+CGATT?", "\r\n+CGATT: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CGACT=0,1", "\r\n+CGEV: ME PDN DEACT 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CGDCONT=1,\"IP\",\"iot.example\"");
        d.Exchange("AT+CGACT=1,1");
        d.Exchange("AT+CGPADDR=1", "\r\n+CGPADDR: 1,\"10.9.9.9\"\r\n\r\nOK\r\n");

        Assert.True(changing.IsCompletedSuccessfully, $"{changing.Exception}");
        Assert.Equal([ModemState.Searching, ModemState.Registered, ModemState.Attaching, ModemState.Online], states);
    }

    [Theory, EverySplit]
    public void Going_offline_and_a_radio_that_is_switched_off_are_no_loss(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Task leaving = d.Do(() => d.Modem.Cellular.GoOfflineAsync());
        d.Exchange("AT+CGACT=0,1", "\r\n+CGEV: ME PDN DEACT 1\r\n\r\nOK\r\n");
        Assert.True(leaving.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Ready);

        Task switching = d.Do(() => d.Modem.Cellular.SetRadioAsync(RadioState.Flight));
        d.Exchange("AT+CFUN=4", "\r\n+CGEV: ME DETACH\r\n+CEREG: 0\r\n\r\nOK\r\n");
        Assert.True(switching.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    public void A_radio_that_was_switched_off_is_so_again_after_the_module_has_started_anew(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Task switching = d.Do(() => d.Modem.Cellular.SetRadioAsync(RadioState.Flight));
        d.Exchange("AT+CFUN=4");
        Assert.True(switching.IsCompletedSuccessfully);
        Task resetting = d.Do(() => d.Modem.ResetModuleAsync());
        d.Exchange("AT+CFUN=1,1");
        d.Pass(5);
        d.HearWithin(31, string.Empty);
        d.Exchange("AT", "AT\r\r\nOK\r\n");
        d.Pass(0.1);
        CellularScenes.Identify(d, "ATE0\r\r\nOK\r\n");
        d.BringUpCellular();
        d.Exchange("AT+CFUN=4");

        Assert.True(resetting.IsCompletedSuccessfully, $"{resetting.Exception}");
        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    public void Contexts_are_put_together_from_three_answers(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Task<IReadOnlyList<PdpContext>> reading = d.Do(() => d.Modem.Cellular.ReadContextsAsync());
        d.Exchange("AT+CGDCONT?", "\r\n+CGDCONT: 1,\"IP\",\"cmiot\",\"\",0,0,0,0\r\n+CGDCONT: 5,IPV4V6,\"ims\"\r\n\r\nOK\r\n");
        d.Exchange("AT+CGACT?", "\r\n+CGACT: 1,1\r\n+CGACT: 5,0\r\n\r\nOK\r\n");
        d.Exchange("AT+CGPADDR", "\r\n+CGPADDR: 1,\"10.76.1.35\"\r\n\r\nOK\r\n");

        Assert.Equal(
            ["1 IP cmiot True 10.76.1.35", "5 IPV4V6 ims False "],
            Dialogue.ResultOf(reading).Select(c => $"{c.Id} {c.Type} {c.Apn} {c.IsActive} {c.Address}"));
    }

    [Theory, EverySplit]
    public void The_card_tells_its_numbers(Split split)
    {
        Dialogue d = CellularScenes.Open(split);
        Task<SimInfo> reading = d.Do(() => d.Modem.Cellular.ReadSimAsync());
        d.Exchange("AT+CPIN?", CellularScenes.Ready);
        d.Exchange("AT+CLCK=\"SC\",2", "\r\n+CLCK: 1\r\n\r\nOK\r\n");

        // A URC is no IMSI.
        d.Exchange("AT+CIMI", "\r\n+CREG: 2\r\n\r\n460001234567890\r\n\r\nOK\r\n");
        d.Exchange("AT+CPINR", "\r\n+CPINR: SIM PIN,3,3\r\n\r\nOK\r\n");
        d.Exchange("AT+CCID", "\r\n898604A11123C0012345\r\n\r\nOK\r\n");

        SimInfo sim = Dialogue.ResultOf(reading);
        Assert.Equal(
            new SimInfo(SimState.Ready)
            {
                Tries = new SimTries(3, null), Iccid = "898604A11123C0012345", Imsi = "460001234567890", IsPinEnabled = true,
            },
            sim);
        Assert.DoesNotContain("46000", sim.ToString(), StringComparison.Ordinal);
    }

    private sealed class Told : IProgress<OperatorScanProgress>
    {
        public List<OperatorScanProgress> Reports { get; } = [];

        public void Report(OperatorScanProgress value) => Reports.Add(value);
    }
}
