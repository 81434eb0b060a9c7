namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>What AT&amp;W stores.</summary>
internal sealed record StoredSettings
{
    /// <summary>ATE.</summary>
    internal bool Echo { get; set; } = true;

    /// <summary>ATV.</summary>
    internal bool Verbose { get; set; } = true;

    /// <summary>ATQ.</summary>
    internal bool Quiet { get; set; }

    /// <summary>ATX.</summary>
    internal int ConnectDetail { get; set; }

    /// <summary>AT&amp;C.</summary>
    internal int Carrier { get; set; } = 1;

    /// <summary>AT&amp;D.</summary>
    internal int TerminalReady { get; set; }

    /// <summary>AT+CMEE.</summary>
    internal int ErrorForm { get; set; } = 1;

    /// <summary>AT+IPR; 0: the rate of the host is found out.</summary>
    internal int BitRate { get; set; }

    /// <summary>AT+IFC, towards the host: 2 is CTS.</summary>
    internal int FlowToHost { get; set; }

    /// <summary>AT+IFC, towards the module: 2 is RTS.</summary>
    internal int FlowToModule { get; set; }
}

/// <summary>What a reset forgets.</summary>
internal sealed class AtSettings(StoredSettings stored)
{
    /// <summary>What is in force of what can be stored.</summary>
    internal StoredSettings Current { get; set; } = stored with { };

    /// <summary>AT+CREG.</summary>
    internal int Creg { get; set; }

    /// <summary>AT+CGREG.</summary>
    internal int Cgreg { get; set; }

    /// <summary>AT+CEREG.</summary>
    internal int Cereg { get; set; }

    /// <summary>AT+COPS=3: 0 long, 1 short, 2 numeric.</summary>
    internal int OperatorFormat { get; set; } = 2;

    /// <summary>AT+CSCS.</summary>
    internal string CharacterSet { get; set; } = "IRA";

    /// <summary>AT+CMGF: messages as text.</summary>
    internal bool TextMode { get; set; }

    /// <summary>AT+CSDH.</summary>
    internal bool ShowsHeader { get; set; }

    /// <summary>AT+CSMP: first octet, validity, protocol, coding.</summary>
    internal (int First, int Validity, int Protocol, int Coding) MessageParameters { get; set; } = (17, 167, 0, 0);

    /// <summary>AT+CSMS: messages that come must be acknowledged.</summary>
    internal int MessageService { get; set; }

    /// <summary>AT+CNMI.</summary>
    internal (int Mode, int Message, int Broadcast, int Report, int Buffer) Routing { get; set; } = (2, 1, 0, 0, 0);

    /// <summary>AT+CMMS.</summary>
    internal int MoreMessages { get; set; }

    /// <summary>AT+CTZR.</summary>
    internal int TimeZoneReport { get; set; }

    /// <summary>AT+CTZU.</summary>
    internal bool TakesNetworkTime { get; set; } = true;

    /// <summary>AT+CGEREP.</summary>
    internal bool ShowsPacketEvents { get; set; } = true;
}
