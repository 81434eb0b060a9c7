namespace ModemDriver;

/// <summary>What a module may be able to do; ask <see cref="Modem.Supports"/> before relying on it.</summary>
/// <remarks>
/// A call that needs what the module cannot do throws <see cref="FeatureNotSupportedException"/> before a byte is sent.
/// docs/dialects has, for each firmware, what it can do.
/// </remarks>
public enum ModemFeature
{
    /// <summary>Joins Wi-Fi access points as a station.</summary>
    WiFiStation,

    /// <summary>Opens TCP links.</summary>
    TcpClient,

    /// <summary>Holds several links at once.</summary>
    MultipleLinks,

    /// <summary>Can pick the number of a new link itself.</summary>
    ModuleAssignedLinkId,

    /// <summary>Keeps what arrives until it is fetched, so that a slow reader slows its peer and nobody else.</summary>
    PassiveReceive,

    /// <summary>Resolves host names.</summary>
    NameResolution,

    /// <summary>Sends and receives UDP datagrams.</summary>
    Udp,

    /// <summary>Listens, and accepts links from clients.</summary>
    TcpServer,

    /// <summary>Has a transparent mode: the port carries the bytes of one link and nothing else.</summary>
    TransparentMode,

    /// <summary>Has the transparent mode also for links with TLS of the module.</summary>
    TransparentTls,

    /// <summary>Opens links with TLS of its own.</summary>
    ModuleTls,

    /// <summary>Its own TLS checks the server's certificate, and shows one of its own.</summary>
    ModuleTlsVerification,

    /// <summary>Its own TLS names the server that is wanted (SNI).</summary>
    ModuleTlsServerName,

    /// <summary>Its own TLS agrees on a protocol (ALPN).</summary>
    ModuleTlsAlpn,

    /// <summary>Its own TLS works with a key that both sides know (PSK).</summary>
    ModuleTlsPreSharedKey,

    /// <summary>Tells how much of what was sent on a link the peer has acknowledged.</summary>
    AcknowledgementQuery,

    /// <summary>Takes certificates for its own TLS into its file system.</summary>
    ModuleTlsCertificates,

    /// <summary>Whether it keeps or pushes what arrives can be set for each link.</summary>
    ReceiveModePerLink,

    /// <summary>Takes payload of any length in one send, and sends while it arrives.</summary>
    LongSend,

    /// <summary>Has links over IPv6.</summary>
    IPv6,

    /// <summary>Lists the access points that it hears.</summary>
    WiFiScan,

    /// <summary>How it rejoins a lost access point by itself can be set.</summary>
    WiFiReconnectPolicy,

    /// <summary>The country, whose rules its radio keeps, can be set.</summary>
    WiFiCountry,

    /// <summary>Takes a fixed address instead of asking for one by DHCP.</summary>
    StaticAddress,

    /// <summary>The name under which it asks for an address can be set.</summary>
    HostName,

    /// <summary>Its hardware address can be changed.</summary>
    HardwareAddressChange,

    /// <summary>Its name servers can be chosen.</summary>
    NameServerChoice,

    /// <summary>Is an access point for others (SoftAP).</summary>
    SoftAp,

    /// <summary>Can turn out a station that has joined its own access point.</summary>
    SoftApDisconnect,

    /// <summary>Measures the round trip to a host by ICMP.</summary>
    Ping,

    /// <summary>Fetches the time from the network (SNTP).</summary>
    NetworkTime,

    /// <summary>Its radio rests between beacons on request.</summary>
    PowerSave,

    /// <summary>Its bit rate can be changed for as long as it runs.</summary>
    BitRateChange,

    /// <summary>Can be set back to how it left the factory.</summary>
    FactoryRestore,

    /// <summary>Takes settings without writing its flash, so that setting them often does not wear it.</summary>
    VolatileSettings,

    /// <summary>Has an MQTT client of its own (<see cref="Modem.ConnectModuleMqttAsync"/>).</summary>
    OnBoardMqtt,

    /// <summary>
    /// Has an HTTP client of its own. <see cref="BoardInterface.SendHttpAsync"/> has calls for it where docs/board.md says so.
    /// </summary>
    OnBoardHttp,

    /// <summary>Is cellular: has a card (SIM) and registers with a network.</summary>
    Cellular,

    /// <summary>Its own IP stack gets an address from the cellular network.</summary>
    PacketData,

    /// <summary>Lists operators, and takes one that is chosen.</summary>
    OperatorSelection,

    /// <summary>Says how well it receives the cellular network.</summary>
    SignalQuality,

    /// <summary>Its cellular radio can be switched off and on.</summary>
    RadioSwitch,

    /// <summary>Has a clock that can be read.</summary>
    ModuleClock,

    /// <summary>Sends and receives short messages (SMS).</summary>
    Sms,

    /// <summary>Speaks with services of the network by codes (USSD).</summary>
    Ussd,

    /// <summary>Dials and takes voice calls.</summary>
    VoiceCalls,

    /// <summary>Reads and writes the phonebook of the card.</summary>
    Phonebook,

    /// <summary>Opens a transparent session by itself whenever it starts.</summary>
    SavedTransparentLink,

    /// <summary>A UDP link sends to others, and hears others, than the peer that it was opened to.</summary>
    UdpAnyPeer,

    /// <summary>Has an FTP client of its own.</summary>
    OnBoardFtp,

    /// <summary>Tells its supply.</summary>
    Battery,

    /// <summary>Is a network card to the computer at its USB, if wanted.</summary>
    NetworkCard,

    /// <summary>Knows where it is by the cells that it hears.</summary>
    CellLocation,

    /// <summary>Has a satellite receiver; some firmware says so of boards without one too.</summary>
    Gnss,

    /// <summary>Fetches the time from a server (NTP), and sets its clock by it.</summary>
    ClockByNtp,

    /// <summary>Can be switched off by a command.</summary>
    PowerDown,

    /// <summary>Its own MQTT client does TLS.</summary>
    OnBoardMqttTls,

    /// <summary>Its own MQTT client can keep messages until they are fetched.</summary>
    OnBoardMqttCache,

    /// <summary>Sleeps while nothing is to do, in modes that can be chosen.</summary>
    SleepModes,

    /// <summary>Sleeps on request until a time is over, and then starts anew.</summary>
    DeepSleep,
}
