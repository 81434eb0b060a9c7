namespace ModemDriver.Cellular;

/// <summary>The registration in each part of the network, as last told, and the one that counts for data.</summary>
/// <remarks>
/// A module for LTE alone says of calls for ever that it searches, so the parts for data are looked at first; that for
/// calls counts where a module knows no other. Used on the loop.
/// </remarks>
internal sealed class RegistrationBoard
{
    private readonly CellularRegistration?[] _parts = new CellularRegistration?[(int)RegistrationDomain.FifthGeneration + 1];

    /// <summary>The registration that counts; null while nothing is known.</summary>
    public CellularRegistration? Best { get; private set; }

    /// <summary>Takes over what the module says of one part.</summary>
    /// <returns>Whether <see cref="Best"/> has changed.</returns>
    public bool Report(CellularRegistration part)
    {
        _parts[(int)part.Domain] = part;
        var before = Best;
        Best = FindBest();
        return !Equals(before, Best);
    }

    /// <summary>Forgets everything: the module has started anew.</summary>
    public void Clear()
    {
        Array.Clear(_parts);
        Best = null;
    }

    private CellularRegistration? FindBest()
    {
        CellularRegistration? best = null;
        for (var domain = RegistrationDomain.FifthGeneration; domain > RegistrationDomain.CircuitSwitched; domain--)
        {
            if (_parts[(int)domain] is { } part && (best is null || RankOf(part.Status) > RankOf(best.Status)))
            {
                best = part;
            }
        }

        return best ?? _parts[(int)RegistrationDomain.CircuitSwitched];
    }

    private static int RankOf(RegistrationStatus status) => status switch
    {
        RegistrationStatus.Home => 7,
        RegistrationStatus.Roaming => 6,
        RegistrationStatus.SmsOnly => 5,
        RegistrationStatus.EmergencyOnly => 4,
        RegistrationStatus.Denied => 3,
        RegistrationStatus.Searching => 2,
        RegistrationStatus.NotRegistered => 1,
        _ => 0,
    };
}
