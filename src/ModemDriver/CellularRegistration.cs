namespace ModemDriver;

/// <summary>Where a module stands with the network. TS 27.007 section 7.2, <c>stat</c>.</summary>
public enum RegistrationStatus
{
    /// <summary>The module did not say, or said what is not known.</summary>
    Unknown,

    /// <summary>Not registered, and not searching.</summary>
    NotRegistered,

    /// <summary>Registered in the home network.</summary>
    Home,

    /// <summary>Searching.</summary>
    Searching,

    /// <summary>The network has refused the card or the module.</summary>
    Denied,

    /// <summary>Registered in a network of others.</summary>
    Roaming,

    /// <summary>Registered for short messages only, in the home network or elsewhere.</summary>
    SmsOnly,

    /// <summary>Emergency calls only.</summary>
    EmergencyOnly,
}

/// <summary>A radio technology. TS 27.007 section 7.2, <c>AcT</c>.</summary>
public enum AccessTechnology
{
    /// <summary>GSM (2G).</summary>
    Gsm = 0,

    /// <summary>GSM compact (2G).</summary>
    GsmCompact = 1,

    /// <summary>UTRAN (3G).</summary>
    Utran = 2,

    /// <summary>GSM with EDGE (2G).</summary>
    Edge = 3,

    /// <summary>UTRAN with HSDPA (3G).</summary>
    Hsdpa = 4,

    /// <summary>UTRAN with HSUPA (3G).</summary>
    Hsupa = 5,

    /// <summary>UTRAN with both (3G).</summary>
    Hspa = 6,

    /// <summary>E-UTRAN: LTE (4G).</summary>
    Lte = 7,

    /// <summary>Number 8: EC-GSM-IoT by the standard; vendors use it for HSPA+ or Cat-M1.</summary>
    EcGsm = 8,

    /// <summary>E-UTRAN, narrow band (NB-IoT).</summary>
    NarrowBandIoT = 9,

    /// <summary>E-UTRA connected to a 5G core.</summary>
    LteTo5GCore = 10,

    /// <summary>NR connected to a 5G core (5G).</summary>
    NewRadio = 11,

    /// <summary>NG-RAN (5G).</summary>
    NextGeneration = 12,

    /// <summary>E-UTRA and NR together (4G and 5G).</summary>
    DualConnectivity = 13,
}

/// <summary>The part of the network that a registration is for.</summary>
public enum RegistrationDomain
{
    /// <summary>Calls (<c>+CREG</c>).</summary>
    CircuitSwitched,

    /// <summary>Data over 2G and 3G (<c>+CGREG</c>).</summary>
    Packet,

    /// <summary>Data over LTE (<c>+CEREG</c>).</summary>
    Evolved,

    /// <summary>Data over 5G (<c>+C5GREG</c>).</summary>
    FifthGeneration,
}

/// <summary>A module's registration with the network, as it told it.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="Domain">The part of the network that it is for.</param>
public sealed record CellularRegistration(RegistrationStatus Status, RegistrationDomain Domain)
{
    /// <summary>The radio technology; <see langword="null"/> where the module did not say.</summary>
    public AccessTechnology? Technology { get; init; }

    /// <summary>The location or tracking area (LAC, TAC); <see langword="null"/> where not known.</summary>
    public int? AreaCode { get; init; }

    /// <summary>The cell, of up to 36 bits; <see langword="null"/> where not known.</summary>
    public long? CellId { get; init; }

    /// <summary>The network's cause of a refusal (TS 24.008, TS 24.301); <see langword="null"/> where not known.</summary>
    public int? RejectCause { get; init; }

    /// <summary>Whether data can go this way.</summary>
    public bool IsRegistered => Status is RegistrationStatus.Home or RegistrationStatus.Roaming;
}
