using System.Net;

namespace ModemDriver;

/// <summary>A context of packet data in a module. TS 27.007 section 10.1.</summary>
/// <param name="Id">Its number.</param>
public sealed record PdpContext(int Id)
{
    /// <summary>Its kind, such as <c>IP</c> or <c>IPV4V6</c>; <see langword="null"/> where it is not defined.</summary>
    public string? Type { get; init; }

    /// <summary>Its access point (APN), empty where the network chooses; <see langword="null"/> where not known.</summary>
    public string? Apn { get; init; }

    /// <summary>Whether it is active; <see langword="null"/> where the module did not say.</summary>
    public bool? IsActive { get; init; }

    /// <summary>Its address; <see langword="null"/> while it has none.</summary>
    public IPAddress? Address { get; init; }
}
