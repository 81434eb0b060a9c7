using System.Globalization;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>What the module believes the time to be, and the time servers that correct it.</summary>
internal sealed class ModuleTime(EspAtModule module)
{
    /// <summary>How long the firmware's SNTP client waits before it asks again in vain.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(15);

    private readonly EspAtModule _module = module;
    private DateTimeOffset? _base;
    private long _baseAt;
    private int _client;

    internal TimeServers? Servers { get; private set; }

    /// <summary>AT+CIPSNTPINTV; the firmware's own hour.</summary>
    internal TimeSpan Interval { get; private set; } = TimeSpan.FromHours(1);

    internal bool IsSet => _base is not null;

    /// <summary>Until somebody sets it: the beginning of 1970, from which newer firmware counts on.</summary>
    internal DateTimeOffset Now => (_base ?? DateTimeOffset.UnixEpoch)
        + (IsSet || _module.Forms.CountsFrom1970 ? Host.Clock.Since(_baseAt) : TimeSpan.Zero);

    private ModuleHost Host => _module.Host;

    /// <summary>The boot: time is lost, the servers too.</summary>
    internal void Reset()
    {
        _client++;
        _base = null;
        _baseAt = Host.Clock.Now;
        Servers = null;
        Interval = TimeSpan.FromHours(1);
    }

    internal void Set(DateTimeOffset time)
    {
        _base = time;
        _baseAt = Host.Clock.Now;
    }

    internal void Use(TimeServers? servers)
    {
        Servers = servers;
        Restart();
    }

    internal void SetInterval(TimeSpan interval)
    {
        Interval = interval;
        Restart();
    }

    /// <summary>The servers can be reached from now on.</summary>
    internal void AddressObtained() => Restart();

    /// <summary>As C's asctime writes it: Mon Dec 12 02:33:32 2016.</summary>
    internal static string Text(DateTimeOffset time, bool padsWithBlank)
    {
        string day = time.Day.ToString(padsWithBlank ? "0" : "00", CultureInfo.InvariantCulture).PadLeft(2);
        return time.ToString($"ddd MMM '{day}' HH:mm:ss yyyy", CultureInfo.InvariantCulture);
    }

    private void Restart()
    {
        int client = ++_client;
        if (Servers is not null && _module.Station.HasAddress)
        {
            Host.Loop.StartHere(() => FollowAsync(client, _module.Life));
        }
    }

    private async Task FollowAsync(int client, CancellationToken life)
    {
        while (true)
        {
            await Host.Clock.WaitAsync(Host.Timings.TimeSync, life);
            if (client != _client || !_module.Station.HasAddress)
            {
                return; // Another client has begun, or will begin with the next address.
            }

            bool isAnswered = Host.Options.World.HasTimeService;
            if (isAnswered)
            {
                Set(Host.Clock.Provider.GetUtcNow());
                _module.Respond.Urc(_module.Forms.TimeUpdated);
            }

            await Host.Clock.WaitAsync(isAnswered ? Interval : Retry, life);
            if (client != _client)
            {
                return;
            }
        }
    }
}
