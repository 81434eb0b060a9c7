namespace ModemDriver.Mqtt.Session;

/// <summary>Whether connections can be opened.</summary>
internal interface IAvailability
{
    /// <summary>Told when it may have changed, on any thread.</summary>
    event Action? Changed;

    /// <summary>What holds now.</summary>
    Availability Current { get; }
}

/// <summary>Whether connections can be opened.</summary>
internal enum Availability
{
    /// <summary>They can.</summary>
    Available,

    /// <summary>Not now.</summary>
    Away,

    /// <summary>Never again.</summary>
    Gone,
}
