namespace ModemDriver.Tests.Deadlines;

/// <summary>By when each call ends when a cellular module with links does not answer: its commands have limits of their own.
/// </summary>
internal static class LuatDeadlines
{
    // What is not here ends as it does elsewhere.
    private static readonly Dictionary<string, DeadlineRow> Rows = new()
    {
        ["Modem.OpenUdpAsync(UdpRequest)"] = DeadlineRow.Fails<LinkException>(
            10, rig => rig.Modem.OpenUdpAsync(new UdpRequest("10.0.0.1", 5000))) with { ReceiveMode = ReceiveMode.Push },

        // AT+CIPSHUT has 20 s. A session then tries to bring the mode back until the channel has been given up.
        ["Modem.SetConnectionModeAsync(ConnectionMode)"] =
            Fails(20, rig => rig.Modem.SetConnectionModeAsync(ConnectionMode.Single)),
        ["Modem.OpenTransparentAsync(String, Int32)"] =
            Fails(20 + 10 + 6, rig => rig.Modem.OpenTransparentAsync("10.0.0.1", 80)),
        ["Modem.OpenTransparentAsync(TransparentRequest)"] =
            Fails(20 + 10 + 6, rig => rig.Modem.OpenTransparentAsync(new TransparentRequest("10.0.0.1", 80))),
        ["Modem.ConnectModuleMqttAsync(ModuleMqttOptions)"] =
            Fails(5, rig => rig.Modem.ConnectModuleMqttAsync(new ModuleMqttOptions("10.0.0.1", "client"))),
        ["Modem.ResolveAsync(String)"] = Fails(30, rig => rig.Modem.ResolveAsync("example.com")),
        ["BoardInterface.ReadNetworkCardAsync()"] = Fails(5, rig => rig.Modem.Board.ReadNetworkCardAsync()),
        ["BoardInterface.SetNetworkCardAsync(Boolean, NetworkCardKind)"] = Fails(5, rig => rig.Modem.Board.SetNetworkCardAsync(true)),
        ["BoardInterface.LocateByCellAsync()"] = Fails(5, rig => rig.Modem.Board.LocateByCellAsync()),
        ["BoardInterface.FetchTimeAsync(String, TimeSpan)"] = Fails(5, rig => rig.Modem.Board.FetchTimeAsync("ntp.test")),
        ["BoardInterface.SendHttpAsync(ModuleHttpRequest)"] =
            Fails(5, rig => rig.Modem.Board.SendHttpAsync(new ModuleHttpRequest("http://10.0.0.1/"))),
        ["BoardInterface.PowerDownAsync()"] = Fails(15, rig => rig.Modem.Board.PowerDownAsync()),
        ["BoardInterface.SetSleepAsync(SleepMode, Nullable`1)"] = Fails(5, rig => rig.Modem.Board.SetSleepAsync(SleepMode.IdleLine)),
        ["BoardInterface.ReadSleepAsync()"] = Fails(5, rig => rig.Modem.Board.ReadSleepAsync()),
        ["Modem.PingAsync(String)"] = Fails(30, rig => rig.Modem.PingAsync("example.com")),
    };

    private static readonly string[] NoSuchFeature =
    [
        "WiFiInterface.", "BoardInterface.SleepDeeplyAsync(", "Modem.ListenAsync(", "Modem.ReadTimeSourceAsync(", "Modem.SetTimeSourceAsync(",
        "Modem.ReadTimeAsync(", "Modem.WaitForTimeAsync(", "Modem.SaveTransparentLinkAsync(", "Modem.ClearSavedTransparentLinkAsync(",
    ];

    /// <summary>The row of a call, with this module.</summary>
    public static DeadlineRow RowOf(string member, DeadlineRow usual)
    {
        DeadlineRow row = Array.Exists(NoSuchFeature, call => member.StartsWith(call, StringComparison.Ordinal))
            ? usual with { Failure = typeof(FeatureNotSupportedException), Limit = TimeSpan.Zero }
            : Rows.GetValueOrDefault(member) ?? usual;
        return row with { Module = MuteModule.Luat };
    }

    private static DeadlineRow Fails(double seconds, Func<MuteRig, Task> call) =>
        DeadlineRow.Fails<CommandTimeoutException>(seconds, call);
}
