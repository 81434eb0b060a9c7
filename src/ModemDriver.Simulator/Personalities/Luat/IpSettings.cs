namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>AT+CIP...: what a reset forgets.</summary>
internal sealed record IpSettings
{
    /// <summary>AT+CIPMUX.</summary>
    internal bool IsMultiple { get; set; }

    /// <summary>AT+CIPQSEND: 0 SEND OK, 1 DATA ACCEPT, 2 SEND OK when the peer has it.</summary>
    internal int QuickSend { get; set; }

    /// <summary>AT+CIPSPRT: 0 result only, 1 prompt and result, 2 nothing.</summary>
    internal int Prompts { get; set; } = 1;

    /// <summary>AT+CIPHEAD.</summary>
    internal bool ShowsHeader { get; set; }

    /// <summary>AT+CIPSHOWTP.</summary>
    internal bool ShowsProtocol { get; set; }

    /// <summary>AT+CIPSRIP.</summary>
    internal bool ShowsPeer { get; set; }

    /// <summary>AT+CIPRXF: whether no line end follows a packet.</summary>
    internal bool IsBare { get; set; }

    /// <summary>AT+CIPRXGET: 0 pushed, 1 told of once, 5 told of each packet.</summary>
    internal int ReceiveMode { get; set; }

    /// <summary>AT+CIPSSL.</summary>
    internal bool IsSecure { get; set; }

    /// <summary>AT+CIPMODE.</summary>
    internal bool IsTransparent { get; set; }

    /// <summary>AT+CIPCCFG: tries of a packet.</summary>
    internal int Retries { get; set; } = 5;

    /// <summary>AT+CIPCCFG: after how many tenths of a second a packet is sent that is not full.</summary>
    internal int SegmentTicks { get; set; } = 2;

    /// <summary>AT+CIPCCFG: the bytes of a full one.</summary>
    internal int SegmentBytes { get; set; } = 1024;

    /// <summary>AT+CIPCCFG: whether what a lost connection leaves unsent is thrown away.</summary>
    internal bool DropsUnsent { get; set; }

    /// <summary>AT+CIPTKA: shown, and nothing else.</summary>
    internal string KeepAlive { get; set; } = "0,7200,75,9";

    /// <summary>AT+CIPATS: 0 never.</summary>
    internal int AutoSendSeconds { get; set; }

    /// <summary>AT+CLPORT of UDP links; 0 any.</summary>
    internal int[] LocalPorts { get; init; } = new int[LinkTable.Size];
}
