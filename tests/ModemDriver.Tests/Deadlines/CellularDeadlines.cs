namespace ModemDriver.Tests.Deadlines;

/// <summary>By when each call of the cellular side ends when the module does not answer.</summary>
internal static class CellularDeadlines
{
    public static IReadOnlyDictionary<string, DeadlineRow> Rows { get; } = new Dictionary<string, DeadlineRow>
    {
        ["CellularInterface.RegisterAsync()"] =
            Fails(5, rig => rig.Modem.Cellular.RegisterAsync()) with { IsOnline = false },
        ["CellularInterface.ReadRegistrationAsync()"] =
            Fails(5, rig => rig.Modem.Cellular.ReadRegistrationAsync()),
        ["CellularInterface.ReadSimAsync()"] =
            Fails(5, rig => rig.Modem.Cellular.ReadSimAsync()),
        ["CellularInterface.UnlockAsync(String, Boolean)"] =
            Fails(5, rig => rig.Modem.Cellular.UnlockAsync("1234")),
        ["CellularInterface.UnblockAsync(String, String)"] =
            Fails(15, rig => rig.Modem.Cellular.UnblockAsync("12345678", "1234")),
        ["CellularInterface.SetPinEnabledAsync(Boolean, String)"] =
            Fails(15, rig => rig.Modem.Cellular.SetPinEnabledAsync(true, "1234")),
        ["CellularInterface.ChangePinAsync(String, String)"] =
            Fails(15, rig => rig.Modem.Cellular.ChangePinAsync("1234", "4321")),
        ["CellularInterface.ReadImeiAsync()"] =
            Fails(15, rig => rig.Modem.Cellular.ReadImeiAsync()),
        ["CellularInterface.ListOperatorsAsync(IProgress`1, Nullable`1)"] =
            Fails(40, rig => rig.Modem.Cellular.ListOperatorsAsync(timeLimit: TimeSpan.FromSeconds(40))),
        ["CellularInterface.ReadOperatorAsync()"] =
            Fails(5, rig => rig.Modem.Cellular.ReadOperatorAsync()),
        ["CellularInterface.SelectOperatorAsync(String, Nullable`1)"] =
            Fails(180, rig => rig.Modem.Cellular.SelectOperatorAsync("26201")),
        ["CellularInterface.ReadContextsAsync()"] =
            Fails(5, rig => rig.Modem.Cellular.ReadContextsAsync()),
        ["CellularInterface.ReadAddressAsync()"] =
            Fails(5, rig => rig.Modem.Cellular.ReadAddressAsync()),
        ["CellularInterface.SetApnAsync(ApnOptions)"] =
            Fails(5, rig => rig.Modem.Cellular.SetApnAsync(new ApnOptions("internet"))),
        ["CellularInterface.GoOfflineAsync()"] =
            Fails(150, rig => rig.Modem.Cellular.GoOfflineAsync()),
        ["CellularInterface.ReadRadioAsync()"] =
            Fails(5, rig => rig.Modem.Cellular.ReadRadioAsync()),
        ["CellularInterface.SetRadioAsync(RadioState)"] =
            Fails(90, rig => rig.Modem.Cellular.SetRadioAsync(RadioState.Flight)),
        ["CellularInterface.ReadClockAsync()"] =
            Fails(5, rig => rig.Modem.Cellular.ReadClockAsync()),
        ["CellularInterface.SetAutomaticClockAsync(Boolean)"] =
            Fails(5, rig => rig.Modem.Cellular.SetAutomaticClockAsync(true)),
        ["MessageInterface.SendAsync(String, String)"] =
            Fails(5, rig => rig.Modem.Messages.SendAsync("+491701234567", "x")),
        ["MessageInterface.SendAsync(OutgoingMessage)"] =
            Fails(5, rig => rig.Modem.Messages.SendAsync(new OutgoingMessage("+491701234567", "x"))),
        ["MessageInterface.ListAsync()"] = Fails(5, rig => rig.Modem.Messages.ListAsync()),
        ["MessageInterface.ReadAsync(Int32)"] = Fails(5, rig => rig.Modem.Messages.ReadAsync(1)),
        ["MessageInterface.DeleteAsync(Int32)"] = Fails(20, rig => rig.Modem.Messages.DeleteAsync(1)),
        ["MessageInterface.DeleteAllAsync()"] = Fails(20, rig => rig.Modem.Messages.DeleteAllAsync()),
        ["MessageInterface.ReadStorageAsync()"] = Fails(20, rig => rig.Modem.Messages.ReadStorageAsync()),
        ["MessageInterface.SelectStorageAsync(String)"] = Fails(20, rig => rig.Modem.Messages.SelectStorageAsync("ME")),
        ["MessageInterface.ReadServiceCentreAsync()"] = Fails(20, rig => rig.Modem.Messages.ReadServiceCentreAsync()),
        ["MessageInterface.SetServiceCentreAsync(String)"] =
            Fails(20, rig => rig.Modem.Messages.SetServiceCentreAsync("+12063130028")),
        ["UssdInterface.SendAsync(String)"] = Fails(5, rig => rig.Modem.Ussd.SendAsync("*100#")),
        ["UssdInterface.CancelAsync()"] = Fails(5, rig => rig.Modem.Ussd.CancelAsync()),
        ["UssdInterface.ListenAsync()"] = Fails(5, rig => rig.Modem.Ussd.ListenAsync()),
        ["CallInterface.ListenAsync()"] = Fails(5, rig => rig.Modem.Calls.ListenAsync()),
        ["CallInterface.DialAsync(String)"] = Fails(90, rig => rig.Modem.Calls.DialAsync("+491701234567")),
        ["CallInterface.AnswerAsync()"] = Fails(30, rig => rig.Modem.Calls.AnswerAsync()),
        ["CallInterface.HangUpAsync()"] = Fails(30, rig => rig.Modem.Calls.HangUpAsync()),
        ["CallInterface.SendTonesAsync(String)"] = Fails(30, rig => rig.Modem.Calls.SendTonesAsync("1")),
        ["CallInterface.ListAsync()"] = Fails(5, rig => rig.Modem.Calls.ListAsync()),
        ["PhonebookInterface.ReadAsync()"] = Fails(5, rig => rig.Modem.Phonebook.ReadAsync()),
        ["PhonebookInterface.FindAsync(String)"] = Fails(5, rig => rig.Modem.Phonebook.FindAsync("A")),
        ["PhonebookInterface.WriteAsync(String, String, Nullable`1)"] =
            Fails(5, rig => rig.Modem.Phonebook.WriteAsync("+491701234567", "A")),
        ["PhonebookInterface.DeleteAsync(Int32)"] = Fails(30, rig => rig.Modem.Phonebook.DeleteAsync(1)),
        ["BoardInterface.ReadBatteryAsync()"] = Fails(5, rig => rig.Modem.Board.ReadBatteryAsync()),
        ["BoardInterface.ReadNetworkCardAsync()"] = Lacks(rig => rig.Modem.Board.ReadNetworkCardAsync()),
        ["BoardInterface.SetNetworkCardAsync(Boolean, NetworkCardKind)"] =
            Lacks(rig => rig.Modem.Board.SetNetworkCardAsync(true)),
        ["BoardInterface.LocateByCellAsync()"] = Lacks(rig => rig.Modem.Board.LocateByCellAsync()),
        ["BoardInterface.SetGnssAsync(Boolean)"] = Lacks(rig => rig.Modem.Board.SetGnssAsync(true)),
        ["BoardInterface.ReadGnssAsync()"] = Lacks(rig => rig.Modem.Board.ReadGnssAsync()),
        ["BoardInterface.FetchTimeAsync(String, TimeSpan)"] = Lacks(rig => rig.Modem.Board.FetchTimeAsync("ntp.test")),
        ["BoardInterface.SendHttpAsync(ModuleHttpRequest)"] =
            Lacks(rig => rig.Modem.Board.SendHttpAsync(new ModuleHttpRequest("http://10.0.0.1/"))),
        ["BoardInterface.PowerDownAsync()"] = Lacks(rig => rig.Modem.Board.PowerDownAsync()),
        ["BoardInterface.SetSleepAsync(SleepMode, Nullable`1)"] = Lacks(rig => rig.Modem.Board.SetSleepAsync(SleepMode.IdleLine)),
        ["BoardInterface.ReadSleepAsync()"] = Lacks(rig => rig.Modem.Board.ReadSleepAsync()),
        ["BoardInterface.SleepDeeplyAsync(TimeSpan)"] =
            DeadlineRow.Fails<CommandTimeoutException>(3, rig => rig.Modem.Board.SleepDeeplyAsync(TimeSpan.FromMinutes(1))),
        ["Modem.ReadSignalAsync()"] =
            Fails(5, rig => rig.Modem.ReadSignalAsync()),
    };

    // Of a module of an unknown vendor; what a known one takes is told by the limits of its commands.
    private static DeadlineRow Lacks(Func<MuteRig, Task> call) =>
        DeadlineRow.Fails<FeatureNotSupportedException>(0, call) with { Module = MuteModule.Cellular };

    private static DeadlineRow Fails(double seconds, Func<MuteRig, Task> call) =>
        DeadlineRow.Fails<CommandTimeoutException>(seconds, call) with { Module = MuteModule.Cellular };
}
