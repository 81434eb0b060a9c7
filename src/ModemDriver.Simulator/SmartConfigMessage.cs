namespace ModemDriver.Simulator;

/// <summary>What an application on a telephone sends through the air, for modules that wait for it, to tell them which
/// network to join.</summary>
public sealed record SmartConfigMessage
{
    /// <summary>The name of the network, one character for each byte.</summary>
    public required string Ssid { get; init; }

    /// <summary>Its password. Default: empty.</summary>
    public string Password { get; init; } = "";

    /// <summary>How it is sent. Default: the touch protocol.</summary>
    public SmartConfigProtocol Protocol { get; init; } = SmartConfigProtocol.Touch;

    /// <summary>What the second version of the touch protocol carries besides; empty, the default: nothing.</summary>
    public string Data { get; init; } = "";
}

/// <summary>How a <see cref="SmartConfigMessage"/> is sent.</summary>
public enum SmartConfigProtocol
{
    /// <summary>The touch protocol.</summary>
    Touch,

    /// <summary>AirKiss.</summary>
    AirKiss,

    /// <summary>The touch protocol, version 2.</summary>
    TouchV2,
}
