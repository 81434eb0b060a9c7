using System.Globalization;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>The module's clock, which the network sets.</summary>
internal sealed class NetworkTime(CellularModule module)
{
    /// <summary>What a clock shows that nobody has set.</summary>
    private static readonly DateTime Never = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Networks of the default world are eight hours ahead.</summary>
    private const int NetworkQuarters = 32;

    private long _setAt;
    private DateTime _setTo = Never;

    /// <summary>The zone in quarters of an hour.</summary>
    internal int Quarters { get; private set; }

    internal bool IsSet { get; private set; }

    internal DateTime UtcNow => _setTo + module.Host.Clock.Since(_setAt);

    internal DateTime LocalNow => UtcNow.AddMinutes(15 * Quarters);

    internal void Reset()
    {
        IsSet = false;
        Quarters = 0;
        _setTo = Never;
        _setAt = module.Host.Clock.Now;
    }

    internal void Set(DateTime local, int quarters)
    {
        (_setTo, _setAt, Quarters, IsSet) = (local.AddMinutes(-15 * quarters), module.Host.Clock.Now, quarters, true);
    }

    /// <summary>The module has registered: the network may tell the time.</summary>
    internal void Registered(bool isSilent)
    {
        if (module.Radio.Operator is not { GivesTime: true })
        {
            return;
        }

        if (module.Settings.TakesNetworkTime)
        {
            _setTo = module.Host.Clock.Provider.GetUtcNow().UtcDateTime;
            (_setAt, Quarters, IsSet) = (module.Host.Clock.Now, NetworkQuarters, true);
        }

        if (!isSilent)
        {
            module.TimeTold(module.Host.Clock.Provider.GetUtcNow().UtcDateTime, NetworkQuarters);
            SayZone();
        }
    }

    // +CTZV: "+32"  or  +CTZE: "+32",0,"2013/08/23,06:51:13"    (3GPP TS 27.007 clauses 8.40, 8.41)
    private void SayZone()
    {
        string zone = Zone(NetworkQuarters);
        if (module.Settings.TimeZoneReport == 1)
        {
            module.Respond.Urc($"+CTZV: \"{zone}\"");
        }
        else if (module.Settings.TimeZoneReport == 2)
        {
            string time = module.Host.Clock.Provider.GetUtcNow().UtcDateTime
                .ToString("yyyy'/'MM'/'dd','HH':'mm':'ss", CultureInfo.InvariantCulture);
            module.Respond.Urc($"+CTZE: \"{zone}\",0,\"{time}\"");
        }
    }

    internal static string Zone(int quarters) => quarters.ToString("+00;-00", CultureInfo.InvariantCulture);
}
