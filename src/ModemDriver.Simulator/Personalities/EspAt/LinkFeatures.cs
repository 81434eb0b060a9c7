namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>What a release can do with links; each is a variation of its neighbour.</summary>
internal sealed record LinkFeatures
{
    internal static LinkFeatures NonOs { get; } = new()
    {
        SwitchDefaults = new Dictionary<string, string> { [LinkSwitches.LimitBelowLinks] = "accepted" },
    };

    internal static LinkFeatures EspAt20 { get; } = new()
    {
        // The server does not recover from its limit (esp-at issue 314).
        SwitchDefaults = new Dictionary<string, string> { [LinkSwitches.ServerLimit] = "stops" },
    };

    internal static LinkFeatures EspAt21 { get; } = new();

    internal static LinkFeatures EspAt22 { get; } = EspAt21 with { ServerStopCloses = true };

    internal static LinkFeatures EspAt23 { get; } = EspAt22 with { HasTransparentServer = true };

    internal static LinkFeatures Esp32 { get; } = EspAt23 with
    {
        ServesTypes = true,
        SwitchDefaults = new Dictionary<string, string> { [LinkSwitches.ServerAuthority] = "shown" },
    };

    /// <summary>Values of switches where they differ from the general default.</summary>
    internal IReadOnlyDictionary<string, string> SwitchDefaults { get; init; } = new Dictionary<string, string>();

    /// <summary>AT+CIPSERVER=1 takes a type and an authority.</summary>
    internal bool ServesTypes { get; init; }

    /// <summary>AT+CIPSERVER=0,1 closes the accepted links.</summary>
    internal bool ServerStopCloses { get; init; }

    /// <summary>Transparent mode is also for a server that takes one client.</summary>
    internal bool HasTransparentServer { get; init; }
}
