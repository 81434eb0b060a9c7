namespace ModemDriver.Dialects.EspAt;

/// <summary>From which firmware on a feature is there.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="NonOsSince">The first version of the NonOS family that has it; null: none.</param>
/// <param name="EspAtSince">The first version of ESP-AT that has it; null: none.</param>
/// <param name="IsEsp32Only">Whether it was never built for the ESP8266.</param>
internal sealed record EspAtFeatureRow(
    ModemFeature Feature, Version? NonOsSince, Version? EspAtSince, bool IsEsp32Only = false);

/// <summary>What AT firmware can do, by family, version and chip.</summary>
/// <remarks>
/// ESP-AT user guide and ESP8266 AT instruction set, and the commands that the published firmware libraries hold.
/// docs/dialects/esp-at.md has the same table; a test compares.
/// </remarks>
internal static class EspAtFeatures
{
    private static readonly Version Any = new(0, 0);
    private static readonly Version V17 = new(1, 7);
    private static readonly Version V21 = new(2, 1);
    private static readonly Version V22 = new(2, 2);
    private static readonly Version V24 = new(2, 4);
    private static readonly Version V33 = new(3, 3);

    /// <summary>One row for each feature.</summary>
    public static IReadOnlyList<EspAtFeatureRow> Table { get; } =
    [
        new(ModemFeature.WiFiStation, Any, Any),
        new(ModemFeature.TcpClient, Any, Any),
        new(ModemFeature.MultipleLinks, Any, Any),
        new(ModemFeature.ModuleAssignedLinkId, null, Any),

        // ESP-AT 2.0 has the command, but no notice that bytes wait.
        new(ModemFeature.PassiveReceive, V17, V21),
        new(ModemFeature.NameResolution, Any, Any),
        new(ModemFeature.Udp, Any, Any),
        new(ModemFeature.TcpServer, Any, Any),
        new(ModemFeature.TransparentMode, Any, Any),
        new(ModemFeature.TransparentTls, null, V22),
        new(ModemFeature.ModuleTls, Any, Any),

        // NonOS from 1.7 has an older form of AT+CIPSSLCCONF, in bits, which nothing here speaks.
        new(ModemFeature.ModuleTlsVerification, null, V21),
        new(ModemFeature.ModuleTlsServerName, null, V21),
        new(ModemFeature.ModuleTlsAlpn, null, V21),
        new(ModemFeature.ModuleTlsPreSharedKey, null, V21),
        new(ModemFeature.AcknowledgementQuery, null, null),

        // Its certificates are partitions of the flash, which another tool makes.
        new(ModemFeature.ModuleTlsCertificates, null, null),
        new(ModemFeature.ReceiveModePerLink, null, V33),
        new(ModemFeature.LongSend, null, V24, IsEsp32Only: true),
        new(ModemFeature.IPv6, null, V22),
        new(ModemFeature.WiFiScan, Any, Any),
        new(ModemFeature.WiFiReconnectPolicy, null, V22),
        new(ModemFeature.WiFiCountry, Any, V21),
        new(ModemFeature.StaticAddress, Any, Any),
        new(ModemFeature.HostName, Any, Any),
        new(ModemFeature.HardwareAddressChange, Any, Any),
        new(ModemFeature.NameServerChoice, Any, Any),
        new(ModemFeature.SoftAp, Any, Any),
        new(ModemFeature.SoftApDisconnect, null, Any),
        new(ModemFeature.Ping, Any, Any),
        new(ModemFeature.NetworkTime, Any, Any),
        new(ModemFeature.PowerSave, Any, Any),
        new(ModemFeature.BitRateChange, Any, Any),
        new(ModemFeature.FactoryRestore, Any, Any),

        // NonOS by forms of the commands that do not store, ESP-AT by AT+SYSSTORE=0, which 2.0 lacks.
        new(ModemFeature.VolatileSettings, Any, V21),
        new(ModemFeature.OnBoardMqtt, null, V21),
        new(ModemFeature.OnBoardHttp, null, V21),
        new(ModemFeature.Cellular, null, null),
        new(ModemFeature.PacketData, null, null),
        new(ModemFeature.OperatorSelection, null, null),
        new(ModemFeature.SignalQuality, null, null),
        new(ModemFeature.RadioSwitch, null, null),
        new(ModemFeature.ModuleClock, null, null),
        new(ModemFeature.Sms, null, null),
        new(ModemFeature.Ussd, null, null),
        new(ModemFeature.VoiceCalls, null, null),
        new(ModemFeature.Phonebook, null, null),
        new(ModemFeature.SavedTransparentLink, Any, Any),
        new(ModemFeature.UdpAnyPeer, Any, Any),
        new(ModemFeature.OnBoardFtp, null, null),
        new(ModemFeature.Battery, null, null),
        new(ModemFeature.NetworkCard, null, null),
        new(ModemFeature.CellLocation, null, null),
        new(ModemFeature.Gnss, null, null),
        new(ModemFeature.ClockByNtp, null, null),
        new(ModemFeature.PowerDown, null, null),
        new(ModemFeature.OnBoardMqttTls, null, V24, IsEsp32Only: true),
        new(ModemFeature.OnBoardMqttCache, null, null),
        new(ModemFeature.SleepModes, null, null),
        new(ModemFeature.DeepSleep, Any, Any),
    ];

    /// <summary>Whether a firmware has a feature.</summary>
    public static bool Has(EspAtFirmware firmware, ModemFeature feature)
    {
        foreach (var row in Table)
        {
            if (row.Feature == feature)
            {
                var since = firmware.Generation == EspAtGeneration.NonOs ? row.NonOsSince : row.EspAtSince;
                return since is not null && firmware.Version >= since && (!row.IsEsp32Only || firmware.IsEsp32);
            }
        }

        return false;
    }
}
