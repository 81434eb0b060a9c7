namespace ModemDriver;

/// <summary>What has happened to the radio.</summary>
public enum WiFiEventKind
{
    /// <summary>The module has joined its access point; it has no address yet.</summary>
    Joined,

    /// <summary>The module has got an address.</summary>
    AddressObtained,

    /// <summary>The module has left its access point, or was left by it.</summary>
    Left,

    /// <summary>A station has joined the module's own access point.</summary>
    StationJoined,

    /// <summary>That station was given an address.</summary>
    StationAddressed,

    /// <summary>A station has left the module's own access point.</summary>
    StationLeft,
}

/// <summary>Something that has happened to the radio, as the module told it.</summary>
/// <param name="Kind">What.</param>
/// <param name="IsRequested">
/// Whether this program was joining or leaving at that moment; a module leaves one access point for another.
/// </param>
/// <param name="Station">
/// The station that it is about; its address is known with <see cref="WiFiEventKind.StationAddressed"/>.
/// <see langword="null"/> where it is about the module itself.
/// </param>
public sealed record WiFiEvent(WiFiEventKind Kind, bool IsRequested, SoftApStation? Station)
{
    /// <summary>The words of a log: kind, and the station where there is one.</summary>
    public override string ToString() => (Station, Station?.Address) switch
    {
        (null, _) => Kind.ToString(),
        (_, null) => $"{Kind} {Station.HardwareAddress}",
        _ => $"{Kind} {Station.HardwareAddress} {Station.Address}",
    };
}
