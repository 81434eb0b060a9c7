using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Cellular;

/// <summary>What the network and the card take away, and how the modem comes back.</summary>
public sealed class CellularRecoveryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("modemdriver-pin-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [EverySplit("\r\n+CGEV: NW PDN DEACT 1\r\n"), EverySplit("\r\n+CGEV: NW DETACH\r\n"), EverySplit("\r\n+CGEV: ME PDN DEACT 1\r\n")]
    public void A_context_that_the_network_ends_is_made_anew(Split split, string urc)
    {
        Dialogue d = CellularScenes.Online(split);
        d.Say(urc);
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        Reattach(d);

        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [EverySplit("\r\n+CGEV: NW PDN DEACT 5\r\n"), EverySplit("\r\n+CGEV: NW MODIFY 1,4,0\r\n"), EverySplit("\r\n+CEREG: 1\r\n")]
    public void What_is_not_about_our_context_is_no_loss(Split split, string urc)
    {
        Dialogue d = CellularScenes.Online(split);
        d.Say(urc);

        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_refused_activation_is_answered_with_the_radio_and_then_with_a_reset(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        d.Say("\r\n+CGEV: NW PDN DEACT 1\r\n");

        // 1. Again. 2. The radio off and on. 3. Again. 4. The radio. 5. A reset.
        Refuse(d, wait: 0);
        for (int i = 0; i < 3; i++)
        {
            if (i % 2 == 0)
            {
                d.HearWithin(31, "AT+CFUN=0");
                d.Say("\r\n+CGEV: ME DETACH\r\n+CEREG: 0\r\n\r\nOK\r\n");
                d.Pass(5);
                d.Exchange("AT+CFUN=1");
                Refuse(d, wait: 0);
            }
            else
            {
                Refuse(d, wait: 31);
            }
        }

        d.HearWithin(31, "AT+CFUN=1,1");
        Assert.Equal(ModemState.Recovering, d.Modem.State);
    }

    [Theory, EverySplit]
    public void A_card_that_is_taken_out_is_waited_for(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        List<SimState> told = [];
        d.Modem.Cellular.SimChanged += (_, state) => told.Add(state);
        d.Say("\r\n+CPIN: SIM REMOVED\r\n");
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        d.Exchange("AT+CFUN?", "\r\n+CFUN: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CPIN?", "\r\n+CME ERROR: 10\r\n");
        d.Pass(0.2);
        d.Say("\r\n+CPIN: READY\r\n");
        d.Exchange("AT+CPIN?", CellularScenes.Ready);
        d.Register();
        d.Activate();

        Assert.Equal([SimState.NotInserted, SimState.Ready], told);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_registration_that_comes_back_in_time_costs_nothing(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        d.Say("\r\n+CEREG: 2\r\n");
        d.Pass(119);
        d.Say("\r\n+CEREG: 1,\"1F00\",\"079D903\",7\r\n");
        d.Pass(10);

        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_registration_that_stays_away_is_answered_with_the_radio(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        d.Say("\r\n+CEREG: 2\r\n");
        d.Pass(120);
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        d.Exchange("AT+CFUN=0");
        d.Pass(5);
        d.Exchange("AT+CFUN=1");
        Reattach(d);

        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_card_that_wants_its_PIN_after_a_reset_gets_the_one_that_it_took(Split split)
    {
        Dialogue d = CellularScenes.Open(split, WithRecord);
        Unlock(d, "4711");
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.FindCard();
        d.Register();
        d.Activate();
        Assert.True(online.IsCompletedSuccessfully);

        Task resetting = Reset(d);
        AskPin(d);
        d.Exchange("AT+CPIN=\"4711\"");
        d.Exchange("AT+CPIN?", CellularScenes.Ready);
        d.Register();
        d.Activate();
        Assert.True(resetting.IsCompletedSuccessfully, $"{resetting.Exception}");
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_card_that_wants_a_PIN_that_nobody_knows_ends_the_recovery_and_the_owner_goes_on(Split split)
    {
        Dialogue d = CellularScenes.Online(split, WithRecord);
        d.Say("\r\n+CPIN: SIM REMOVED\r\n");
        d.Exchange("AT+CFUN?", "\r\n+CFUN: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
        d.Exchange("AT+CPINR", CellularScenes.Refused);
        d.EndsWith(ModemState.Locked);

        Unlock(d, "4711");
        d.HearWithin(31, "AT+CFUN?");
        d.Say("\r\n+CFUN: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CPIN?", CellularScenes.Ready);
        d.Register();
        d.Activate();
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_module_that_is_only_registered_goes_back_to_that(Split split)
    {
        Dialogue d = CellularScenes.Open(split);
        Task registering = d.Do(() => d.Modem.Cellular.RegisterAsync());
        d.FindCard();
        d.Register();
        Assert.True(registering.IsCompletedSuccessfully);
        d.Say("\r\n+CEREG: 2\r\n");
        d.EndsWith(ModemState.Searching);
        d.Say("\r\n+CEREG: 1,\"1F00\",\"079D903\",7\r\n");
        d.EndsWith(ModemState.Registered);

        Task resetting = Reset(d);
        d.FindCard();
        d.Register();
        Assert.True(resetting.IsCompletedSuccessfully, $"{resetting.Exception}");
        d.EndsWith(ModemState.Registered);
    }

    private CellularOptions WithRecord(CellularOptions options) =>
        options with { PinRecordPath = Path.Combine(_folder, "pins") };

    // A module of an unknown maker does not say that it has started.
    private static Task Reset(Dialogue d)
    {
        Task resetting = d.Do(() => d.Modem.ResetModuleAsync());
        d.Exchange("AT+CFUN=1,1");
        d.Pass(5);
        d.HearWithin(31, string.Empty);
        d.Exchange("AT", "AT\r\r\nOK\r\n");
        d.Pass(0.1);
        CellularScenes.Identify(d, "ATE0\r\r\nOK\r\n");
        d.BringUpCellular();
        return resetting;
    }

    private static void AskPin(Dialogue d)
    {
        d.Exchange("AT+CFUN?", "\r\n+CFUN: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
        d.Exchange("AT+CPINR", CellularScenes.Refused);
        d.Exchange("AT+CCID", "\r\n898604A11123C0012345\r\n\r\nOK\r\n");
    }

    private static void Unlock(Dialogue d, string pin)
    {
        Task unlocking = d.Do(() => d.Modem.Cellular.UnlockAsync(pin));
        d.Exchange("AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
        d.Exchange("AT+CPINR", CellularScenes.Refused);
        d.Exchange("AT+CCID", "\r\n898604A11123C0012345\r\n\r\nOK\r\n");
        d.Exchange($"AT+CPIN=\"{pin}\"");
        d.Exchange("AT+CPIN?", CellularScenes.Ready);
        Assert.True(unlocking.IsCompletedSuccessfully, $"{unlocking.Exception}");
    }

    private static void Reattach(Dialogue d)
    {
        d.HearWithin(31, "AT+CFUN?");
        d.Say("\r\n+CFUN: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CPIN?", CellularScenes.Ready);
        d.Register();
        d.Activate();
    }

    private static void Refuse(Dialogue d, double wait)
    {
        d.HearWithin(wait, "AT+CFUN?");
        d.Say("\r\n+CFUN: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CPIN?", CellularScenes.Ready);
        d.Register();
        d.Exchange("AT+CGATT?", "\r\n+CGATT: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CGACT=0,1");
        d.Exchange("AT+CGACT=1,1", "\r\n+CME ERROR: 134\r\n");
    }
}
