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

/// <summary>There is nothing to wait for.</summary>
internal sealed class AlwaysAvailable : IAvailability
{
    public static readonly AlwaysAvailable Instance = new();

    public event Action? Changed
    {
        add { }
        remove { }
    }

    public Availability Current => Availability.Available;
}

/// <summary>Links can be opened while the modem is online.</summary>
internal sealed class ModemAvailability(Modem modem) : IAvailability
{
    private readonly Lock _gate = new();
    private Action? _changed;

    public event Action? Changed
    {
        add
        {
            lock (_gate)
            {
                if (_changed is null)
                {
                    modem.StateChanged += OnStateChanged;
                }

                _changed += value;
            }
        }

        remove
        {
            lock (_gate)
            {
                _changed -= value;
                if (_changed is null)
                {
                    modem.StateChanged -= OnStateChanged;
                }
            }
        }
    }

    public Availability Current => modem.State switch
    {
        ModemState.Online => Availability.Available,
        ModemState.Closed or ModemState.Faulted => Availability.Gone,
        _ => Availability.Away,
    };

    private void OnStateChanged(object? sender, ModemStateChange change)
    {
        Action? changed;
        lock (_gate)
        {
            changed = _changed;
        }

        changed?.Invoke();
    }
}
