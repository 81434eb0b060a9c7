using ModemDriver.Commands;
using ModemDriver.Framing;

namespace ModemDriver.WiFi;

/// <summary>The commands of a Wi-Fi station: what a dialect must supply. All are built anew for each use.</summary>
/// <remarks>What the module cannot do is refused before, by <see cref="ModemFeature"/>.</remarks>
internal interface IWiFiCommands
{
    /// <summary>Joins an access point.</summary>
    JoinCommand Join(WiFiOptions network);

    /// <summary>Leaves the access point, and does not come back by itself.</summary>
    AtCommand Leave();

    /// <summary>Asks which access point is joined.</summary>
    ReadAccessPointCommand ReadAccessPoint();

    /// <summary>Asks for the module's addresses.</summary>
    ReadAddressesCommand ReadAddresses();

    /// <summary>Asks how far the module is; null where the firmware has no such question.</summary>
    QueryCommand<WiFiState>? ReadState();

    /// <summary>Asks how the station is set into its network; whether by DHCP is another question.</summary>
    QueryCommand<IPConfiguration> ReadConfiguration();

    /// <summary>Asks whether the station gets its address by DHCP.</summary>
    QueryCommand<bool?> ReadUsesDhcp();

    /// <summary>Sets a fixed address; null: by DHCP.</summary>
    AtCommand SetAddress(StaticAddress? address);

    /// <summary>Sets how the module by itself comes back to a lost access point.</summary>
    AtCommand SetReconnect(WiFiReconnect policy);

    /// <summary>Asks for that.</summary>
    QueryCommand<WiFiReconnect?> ReadReconnect();

    /// <summary>What goes before a scan, so that its answer has a known form. Each may be refused.</summary>
    IReadOnlyList<AtCommand> PrepareScan();

    /// <summary>Lists the access points that are heard.</summary>
    ScanCommand Scan(WiFiScanRequest request);

    /// <summary>Sets the name under which an address is asked for.</summary>
    AtCommand SetHostName(string name);

    /// <summary>Asks for that name.</summary>
    QueryCommand<string?> ReadHostName();

    /// <summary>Sets the hardware address of the station.</summary>
    AtCommand SetHardwareAddress(string address);

    /// <summary>Sets the country.</summary>
    AtCommand SetCountry(WiFiCountry country);

    /// <summary>Asks for the country.</summary>
    QueryCommand<WiFiCountry?> ReadCountry();

    /// <summary>Sets whether the radio rests.</summary>
    AtCommand SetPowerSave(WiFiPowerSave mode);

    /// <summary>Asks whether the radio rests.</summary>
    QueryCommand<WiFiPowerSave?> ReadPowerSave();
}

/// <summary>Joins an access point; a dialect's version reads the module's reason.</summary>
internal abstract class JoinCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>What the module said about the failure.</summary>
    public NetworkJoinFailure Failure { get; protected set; }
}

/// <summary>Asks which access point is joined.</summary>
internal abstract class ReadAccessPointCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>The access point; <see langword="null"/> for none.</summary>
    public AccessPointInfo? AccessPoint { get; protected set; }
}

/// <summary>Asks for the module's addresses.</summary>
internal abstract class ReadAddressesCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>The addresses of the station.</summary>
    public ModuleAddresses Addresses { get; protected set; } = new(null, null);

    /// <summary>The addresses of the module's own access point.</summary>
    public ModuleAddresses SoftAp { get; protected set; } = new(null, null);
}

/// <summary>Lists the access points that are heard.</summary>
internal abstract class ScanCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>What was heard, in the order of the answer.</summary>
    public List<ScannedAccessPoint> Found { get; } = [];
}
