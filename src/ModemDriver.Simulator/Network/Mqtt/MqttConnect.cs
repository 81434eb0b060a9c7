namespace ModemDriver.Simulator.Network.Mqtt;

/// <summary>What a client says of itself: MQTT 3.1.1, section 3.1.</summary>
/// <param name="ClientId">Who it is.</param>
internal sealed record MqttConnect(string ClientId)
{
    /// <summary><see langword="null"/> sends none.</summary>
    internal string? UserName { get; init; }

    /// <summary><see langword="null"/> sends none; it needs a user name.</summary>
    internal string? Password { get; init; }

    /// <summary>Seconds, 0 to 65,535; 0 turns it off.</summary>
    internal int KeepAlive { get; init; }

    /// <summary>Nothing of earlier connections counts, and nothing of this one is kept.</summary>
    internal bool CleanSession { get; init; } = true;

    /// <summary>What the broker publishes when the client vanishes; <see langword="null"/> for nothing.</summary>
    internal MqttMessage? Will { get; init; }
}
