namespace ModemDriver.Dialects.Luat;

/// <summary>What the vendor's AT firmware can do, by chip, release and flavour.</summary>
/// <remarks>The vendor's AT manuals. docs/dialects/luat.md has the same table; a test compares.</remarks>
internal static class LuatFeatures
{
    // The name that is asked for in a handshake came with this release.
    private const int ServerNameSince = 1161;

    // The command for the network card came with this one.
    private const int NetworkCardSince = 1140;

    /// <summary>Whether a firmware has a feature.</summary>
    public static bool Has(LuatFirmware firmware, ModemFeature feature) => feature switch
    {
        ModemFeature.TcpClient => true,
        ModemFeature.MultipleLinks => true,
        ModemFeature.PassiveReceive => true,
        ModemFeature.NameResolution => true,
        ModemFeature.Udp => true,
        ModemFeature.NameServerChoice => true,
        ModemFeature.Ping => true,
        ModemFeature.AcknowledgementQuery => true,
        ModemFeature.BitRateChange => true,
        ModemFeature.FactoryRestore => true,
        ModemFeature.VolatileSettings => true,

        // There is no way out of the data state on this chip.
        ModemFeature.TransparentMode => firmware.Generation != LuatGeneration.Ec716,
        ModemFeature.ModuleTls or ModemFeature.ModuleTlsVerification or ModemFeature.ModuleTlsCertificates => HasTls(firmware),
        ModemFeature.ModuleTlsServerName => HasTls(firmware) && HasServerName(firmware),
        ModemFeature.OnBoardMqtt or ModemFeature.OnBoardMqttCache => HasMqtt(firmware),
        ModemFeature.OnBoardMqttTls => HasMqtt(firmware) && HasTls(firmware),
        ModemFeature.OnBoardHttp => true,
        ModemFeature.OnBoardFtp => firmware.Generation != LuatGeneration.Ec716 || HasFlavour(firmware, 'F'),
        ModemFeature.NetworkCard => HasNetworkCard(firmware),

        // What stands on a board of the 8910 chip its firmware does not say: Air820UG has a receiver, Air724UG has none.
        ModemFeature.Gnss => firmware.Generation == LuatGeneration.Unisoc8910
            || firmware.Family?.StartsWith("780EG", StringComparison.Ordinal) == true,
        ModemFeature.CellLocation or ModemFeature.ClockByNtp or ModemFeature.PowerDown or ModemFeature.SleepModes => true,
        _ => false,
    };

    private static bool HasNetworkCard(LuatFirmware firmware) => firmware.Generation switch
    {
        LuatGeneration.Unisoc8910 => true,
        LuatGeneration.Ec618 => !firmware.IsOlderThan(NetworkCardSince) && firmware.Flavour is not ("LSAT" or "AUAT"),
        LuatGeneration.Ec718 => firmware.Flavour is not ("LSAT" or "AUAT"),
        LuatGeneration.Ec716 => HasFlavour(firmware, 'U'),
        _ => false,
    };

    private static bool HasMqtt(LuatFirmware firmware) =>
        firmware.Generation != LuatGeneration.Ec716 || HasFlavour(firmware, 'M');

    private static bool HasTls(LuatFirmware firmware) =>
        firmware.Generation != LuatGeneration.Ec716 || HasFlavour(firmware, 'S');

    private static bool HasServerName(LuatFirmware firmware) => firmware.Generation switch
    {
        LuatGeneration.Ec618 => !firmware.IsOlderThan(ServerNameSince),
        LuatGeneration.Ec718 or LuatGeneration.Ec716 => true,
        _ => false,
    };

    // EC716: AT_MS has MQTT and TLS, AT_FS has FTP and TLS, AT_MU has MQTT and a network card.
    private static bool HasFlavour(LuatFirmware firmware, char letter) =>
        firmware.Flavour is { } flavour
        && flavour.LastIndexOf('_') is var at and >= 0
        && flavour.AsSpan(at + 1).Contains(letter);
}
