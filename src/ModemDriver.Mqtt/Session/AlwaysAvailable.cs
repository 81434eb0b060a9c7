namespace ModemDriver.Mqtt.Session;

/// <summary>There is nothing to wait for.</summary>
internal sealed class AlwaysAvailable : IAvailability
{
    /// <summary>The only one.</summary>
    public static readonly AlwaysAvailable Instance = new();

    public event Action? Changed
    {
        add { }
        remove { }
    }

    public Availability Current => Availability.Available;
}
