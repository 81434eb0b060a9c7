using System.Net;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>What the flash holds; a restart reads it, AT+RESTORE empties it.</summary>
internal sealed record StoredSettings
{
    internal int WiFiMode { get; set; } = 1;

    internal JoinRequest? Join { get; set; }

    internal bool AutoJoin { get; set; } = true;

    internal UartSettings? Uart { get; set; }

    internal int SysMsg { get; set; }

    internal bool UsesDhcp { get; set; } = true;

    internal IPAddress? StaticAddress { get; set; }

    internal IPAddress? StaticGateway { get; set; }

    internal IPAddress? StaticNetmask { get; set; }

    internal string StationMac { get; set; } = "a4:cf:12:aa:bb:cc";

    internal Country Country { get; set; } = new(0, "CN", 1, 13);

    internal SoftApSettings? SoftAp { get; set; }

    internal string? SoftApMac { get; set; }

    internal IPAddress SoftApAddress { get; set; } = new([192, 168, 4, 1]);

    internal IPAddress SoftApGateway { get; set; } = new([192, 168, 4, 1]);

    internal IPAddress SoftApNetmask { get; set; } = new([255, 255, 255, 0]);

    internal bool ServesDhcp { get; set; } = true;

    internal AddressPool? Pool { get; set; }

    internal int ReconnectInterval { get; set; }

    internal int ReconnectCount { get; set; }

    /// <summary>AT+CIPRECONNINTV: tenths of a second between attempts to connect anew in transparent mode.</summary>
    internal int ReconnectTicks { get; set; } = 1;

    /// <summary>AT+SAVETRANSLINK: the link with which the module boots into transparent mode.</summary>
    internal LinkRequest? SavedLink { get; set; }

    internal IReadOnlyList<IPAddress> NameServers { get; set; } = [];

    /// <summary>By link number; replaced as a whole.</summary>
    internal IReadOnlyList<TlsPolicy> Tls { get; set; } =
        [.. Enumerable.Repeat(new TlsPolicy(0, 0, 0), LinkTable.Size)];

    /// <summary>By link number; replaced as a whole, so that a copy of the settings keeps its own.</summary>
    internal IReadOnlyList<TcpOptions> TcpOptions { get; set; } =
        [.. Enumerable.Repeat(new TcpOptions(-1, 0, 0, 0), LinkTable.Size)];
}

/// <summary>What a restart forgets.</summary>
internal sealed class VolatileSettings(StoredSettings stored)
{
    /// <summary>The settings in force; those of the flash at first.</summary>
    internal StoredSettings Current { get; } = stored with { };

    internal bool Echo { get; set; } = true;

    internal bool Multiple { get; set; }

    internal bool ShowsPeer { get; set; }

    internal bool Passive { get; set; }

    /// <summary>AT+CIPMODE: what the peer sends comes raw.</summary>
    internal bool Transparent { get; set; }

    /// <summary>AT+TRANSINTVL: the silence that ends a packet in transparent mode.</summary>
    internal TimeSpan TransparentSilence { get; set; } = TimeSpan.FromMilliseconds(20);

    internal bool SysLog { get; set; }

    internal bool Stores { get; set; } = true;

    internal int Sleep { get; set; }

    internal int StationProtocols { get; set; } = 7;

    internal int SoftApProtocols { get; set; } = 7;

    /// <summary>In quarters of a dBm.</summary>
    internal int TransmitPower { get; set; } = 78;

    internal int IdleTimeout { get; set; } = 180;

    /// <summary>By link number; replaced as a whole.</summary>
    internal IReadOnlyList<TlsNames> TlsNames { get; set; } =
        [.. Enumerable.Repeat(EspAt.TlsNames.None, LinkTable.Size)];

    /// <summary>AT+CIPSENDLCFG: how often to report, and how much to hand over at once.</summary>
    internal int ReportBytes { get; set; } = 1024;

    internal int TransmitBytes { get; set; } = 2920;

    /// <summary>AT+CIPSSLSIZE.</summary>
    internal int TlsBufferBytes { get; set; } = 2048;

    /// <summary>AT+CIPSERVERMAXCONN.</summary>
    internal int MaxAccepted { get; set; } = LinkTable.Size;

    internal string? HostName { get; set; }

    internal UartSettings Uart { get; set; } = new(115_200, 8, 1, 0, 0);

    internal bool ScanSorts { get; set; } = true;

    internal int ScanMask { get; set; } = 0x7FF;

    internal int ScanWeakestDbm { get; set; } = -100;

    internal int ScanSecurityMask { get; set; } = 0xFFFF;

    /// <summary>AT+CIPSNTPCFG, the last one given.</summary>
    internal int TimeZone { get; set; }
}

/// <summary>AT+CIPTCPOPT: seconds, 0 or 1, milliseconds, seconds.</summary>
internal sealed record TcpOptions(int Linger, int NoDelay, int SendTimeout, int KeepAlive);

/// <summary>AT+CWSAP.</summary>
internal sealed record SoftApSettings(
    string Ssid, string Password, int Channel, int Security, int MaxStations, int Hidden);

/// <summary>AT+UART_CUR.</summary>
internal sealed record UartSettings(int BitRate, int DataBits, int StopBits, int Parity, int FlowControl);

/// <summary>AT+CWJAP: which network, and how.</summary>
internal sealed record JoinRequest(string Ssid, string Password, string? Bssid)
{
    internal IReadOnlyDictionary<JoinField, int> Options { get; init; } = new Dictionary<JoinField, int>();

    internal int Option(JoinField field) => Options.TryGetValue(field, out int value) ? value : Default(field);

    internal static int Default(JoinField field) => field switch
    {
        JoinField.ReconnectInterval => 1,
        JoinField.ListenInterval => 3,
        JoinField.Timeout => 15,
        _ => 0,
    };
}
