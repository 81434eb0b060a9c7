namespace ModemDriver.Mqtt.Session;

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
