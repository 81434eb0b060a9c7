namespace ModemDriver.Simulator;

/// <summary>A station of the world, a telephone for instance, that wants to join the SoftAP of a module.</summary>
public sealed record WiFiStation
{
    /// <summary>Its MAC address, six pairs of lower-case digits with colons.</summary>
    public required string Mac { get; init; }

    /// <summary>The name of the network that it joins, one character for each byte.</summary>
    public required string Ssid { get; init; }

    /// <summary>The password that it tries; empty, the default, for an open network.</summary>
    public string Password { get; init; } = "";
}
