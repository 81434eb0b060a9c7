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
}
