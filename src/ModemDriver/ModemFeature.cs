namespace ModemDriver;

/// <summary>What a module may be able to do; ask <see cref="Modem.Supports"/> before relying on it.</summary>
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
}
