namespace ModemDriver.Tests.Deadlines;

/// <summary>By when each call of the radio ends when the module does not answer.</summary>
internal static class WiFiDeadlines
{
    private static readonly TimeSpan ScanLimit = TimeSpan.FromSeconds(6);

    // A scan sets the form of its answer first; what is not answered then is given up with the channel.
    public static IReadOnlyDictionary<string, DeadlineRow> Rows { get; } = new Dictionary<string, DeadlineRow>
    {
        ["WiFiInterface.ScanAsync(WiFiScanRequest)"] = DeadlineRow.Fails<CommandTimeoutException>(
            5, rig => rig.Modem.WiFi.ScanAsync(new WiFiScanRequest { TimeLimit = ScanLimit })),
        ["WiFiInterface.JoinAsync(WiFiOptions)"] = DeadlineRow.Fails<NetworkJoinException>(
            9, rig => rig.Modem.WiFi.JoinAsync(new WiFiOptions("x", null) { TimeLimit = TimeSpan.FromSeconds(9) })),
        ["WiFiInterface.LeaveAsync()"] = Fails(rig => rig.Modem.WiFi.LeaveAsync()),
        ["WiFiInterface.ReadStateAsync()"] = Fails(rig => rig.Modem.WiFi.ReadStateAsync()),
        ["WiFiInterface.ReadAccessPointAsync()"] = Fails(rig => rig.Modem.WiFi.ReadAccessPointAsync()),
        ["WiFiInterface.ReadAddressesAsync()"] = Fails(rig => rig.Modem.WiFi.ReadAddressesAsync()),
        ["WiFiInterface.ReadConfigurationAsync()"] = Fails(rig => rig.Modem.WiFi.ReadConfigurationAsync()),
        ["WiFiInterface.ReadReconnectAsync()"] = Fails(rig => rig.Modem.WiFi.ReadReconnectAsync()),
        ["WiFiInterface.ReadHostNameAsync()"] = Fails(rig => rig.Modem.WiFi.ReadHostNameAsync()),
        ["WiFiInterface.SetHostNameAsync(String)"] = Fails(rig => rig.Modem.WiFi.SetHostNameAsync("name")),
        ["WiFiInterface.SetHardwareAddressAsync(String)"] =
            Fails(rig => rig.Modem.WiFi.SetHardwareAddressAsync("1a:fe:34:9c:df:aa")),
        ["WiFiInterface.ReadCountryAsync()"] = Fails(rig => rig.Modem.WiFi.ReadCountryAsync()),
        ["WiFiInterface.SetCountryAsync(WiFiCountry)"] =
            Fails(rig => rig.Modem.WiFi.SetCountryAsync(new WiFiCountry("DE", 1, 13))),
        ["WiFiInterface.ReadPowerSaveAsync()"] = Fails(rig => rig.Modem.WiFi.ReadPowerSaveAsync()),
        ["WiFiInterface.SetPowerSaveAsync(WiFiPowerSave)"] =
            Fails(rig => rig.Modem.WiFi.SetPowerSaveAsync(WiFiPowerSave.ModemSleep)),
        ["WiFiInterface.StartSoftApAsync(SoftApOptions)"] =
            Fails(rig => rig.Modem.WiFi.StartSoftApAsync(new SoftApOptions("ap", null))),
        ["WiFiInterface.StopSoftApAsync()"] = Fails(rig => rig.Modem.WiFi.StopSoftApAsync()),
        ["WiFiInterface.ReadSoftApAsync()"] = Fails(rig => rig.Modem.WiFi.ReadSoftApAsync()),
        ["WiFiInterface.ReadStationsAsync()"] = Fails(rig => rig.Modem.WiFi.ReadStationsAsync()),
        ["WiFiInterface.DisconnectStationAsync(String)"] =
            Fails(rig => rig.Modem.WiFi.DisconnectStationAsync("1a:fe:34:9c:df:aa")),
    };

    // Queries have 2 s, settings 3 s; a probe may stand before.
    private static DeadlineRow Fails(Func<MuteRig, Task> call) => DeadlineRow.Fails<CommandTimeoutException>(5, call);
}
