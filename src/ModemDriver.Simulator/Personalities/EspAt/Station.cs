using System.Net;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The Wi-Fi station: joined to an access point or not, and what it does when that changes.</summary>
internal sealed class Station(EspAtModule module)
{
    private readonly EspAtModule _module = module;
    private IPAddress? _lease;
    private int _attempts;
    private int _wrongPasswords;

    internal StationState State { get; private set; } = StationState.Never;

    internal AccessPoint? Joined { get; private set; }

    /// <summary>What the station was last told to join.</summary>
    internal JoinRequest? Wanted { get; private set; }

    internal IPAddress? Address { get; private set; }

    internal bool HasAddress => Address is not null;

    private ModuleHost Host => _module.Host;

    private SimulatedWorld World => Host.Options.World;

    private StoredSettings Current => _module.Settings.Current;

    internal void Reset()
    {
        _module.Mdns.AddressLost();
        Joined = null;
        Address = null;
        Wanted = null;
        State = StationState.Never;
        _attempts++;
    }

    /// <summary>Whether the flash says so.</summary>
    internal bool JoinsAtBoot => Current is { AutoJoin: true, Join: not null } && (Current.WiFiMode & 1) != 0;

    /// <summary>The join at boot, if there is one.</summary>
    /// <param name="after">When it begins.</param>
    /// <param name="tried">Called when it has succeeded or failed for the first time.</param>
    internal void BootJoin(TimeSpan after, Action? tried = null)
    {
        if (JoinsAtBoot)
        {
            Wanted = Current.Join;
            State = StationState.Joining;
            Host.Loop.StartHere(() => JoinAgainAsync(after, ++_attempts, tried));
        }
    }

    /// <summary>AT+CWJAP: returns 0 for success, else the number of the failure.</summary>
    internal async Task<JoinFailure> JoinAsync(JoinRequest request, CancellationToken life)
    {
        int attempt = ++_attempts;
        Wanted = request;
        Leave();
        State = StationState.Joining;
        JoinFailure failure = await TryAsync(request, attempt, life);
        if (failure != JoinFailure.None)
        {
            State = StationState.Disconnected;
        }

        return failure == JoinFailure.WrongPassword ? PasswordFailure() : failure;
    }

    // Some builds say so, some let the time run out, some do now this and now that (esp-at issue 804).
    private JoinFailure PasswordFailure() => _module.Switches[WiFiSwitches.WrongPasswordCode] switch
    {
        "1" => JoinFailure.Timeout,
        "in-turn" when ++_wrongPasswords % 2 == 0 => JoinFailure.Timeout,
        _ => JoinFailure.WrongPassword,
    };

    /// <summary>AT+CWQAP: leaves, and does not come back by itself.</summary>
    internal void Quit()
    {
        _attempts++;
        Wanted = null;
        if (State != StationState.Never)
        {
            State = StationState.Disconnected;
        }

        Leave();
    }

    /// <summary>An access point has come or gone.</summary>
    internal void WorldChanged()
    {
        if (Joined is AccessPoint joined)
        {
            // One that starts anew with another password or channel lets nobody stay.
            AccessPoint? now = Find(joined.Ssid, joined.Bssid);
            if (now is null
                || now.Channel != joined.Channel
                || now.Security != joined.Security
                || now.Password != joined.Password)
            {
                Lose();
            }
            else
            {
                Joined = now;
            }
        }
    }

    /// <summary>An address given by hand counts at once; after one, DHCP has to be asked.</summary>
    internal void AddressChanged()
    {
        if (Joined is null)
        {
            return;
        }

        if (Current is { UsesDhcp: false, StaticAddress: IPAddress given })
        {
            Address = given;
            _module.AddressObtained();
        }
        else if (Current.UsesDhcp && Address is not null && !Address.Equals(_lease))
        {
            Address = null;
            Host.Loop.StartHere(() => ObtainAddressAsync(Wanted!, _attempts, _module.Life));
        }
    }

    /// <summary>The strongest access point of this name, and of this BSSID if one is given.</summary>
    private AccessPoint? Find(string ssid, string? bssid) => _module.InRange
        .Where(known => known.Ssid == ssid
            && (bssid is null || SimulatedWorld.IsSame(known.Bssid, bssid)))
        .MaxBy(known => known.RssiDbm);

    private void Leave(bool isSaid = true)
    {
        if (Joined is null)
        {
            return;
        }

        Joined = null;
        Address = null;
        if (isSaid)
        {
            _module.SayWiFi("WIFI DISCONNECT\r\n");
        }

        _module.Mdns.AddressLost();
        _module.IPv6.Update();
        _module.Links.LoseAll();
        _module.Mqtt.AirLost();
    }

    private void Lose()
    {
        State = StationState.Joining;
        Leave(_module.Switches[WiFiSwitches.WiFiLoss] == "said");
        bool comesBack = _module.Forms.ReconnectsByItself || Current.ReconnectInterval > 0;
        if (comesBack && Wanted is not null)
        {
            Host.Loop.StartHere(() => ComeBackAsync(++_attempts, _module.Life));
        }
        else
        {
            State = StationState.Disconnected;
        }
    }

    private async Task JoinAgainAsync(TimeSpan after, int attempt, Action? tried)
    {
        CancellationToken life = _module.Life;
        await Host.Clock.WaitAsync(after, life);
        if (attempt != _attempts)
        {
            return; // Another join has been commanded.
        }

        JoinFailure failure = await TryAsync(Wanted!, attempt, life);
        life.ThrowIfCancellationRequested();
        tried?.Invoke();
        if (failure != JoinFailure.None)
        {
            await ComeBackAsync(attempt, life);
        }
    }

    /// <summary>Tries until the access point is back, another join is commanded, or the count has run out.</summary>
    private async Task ComeBackAsync(int attempt, CancellationToken life)
    {
        TimeSpan pause = TimeSpan.FromSeconds(Math.Max(1, Current.ReconnectInterval));
        for (int tries = 1; attempt == _attempts && Wanted is not null; tries++)
        {
            await Host.Clock.WaitAsync(pause, life);
            if (attempt != _attempts || Wanted is null)
            {
                return;
            }

            _module.Respond.Log("wifi reconnect..");
            if (await TryAsync(Wanted, attempt, life) == JoinFailure.None)
            {
                return;
            }

            if (Current.ReconnectCount > 0 && tries >= Current.ReconnectCount)
            {
                State = StationState.Disconnected;
                return;
            }
        }
    }

    private async Task<JoinFailure> TryAsync(JoinRequest request, int attempt, CancellationToken life)
    {
        AccessPoint? found = Find(request.Ssid, request.Bssid);
        JoinFailure refusal = Judge(found, request);
        if (refusal != JoinFailure.None)
        {
            TimeSpan wait = refusal == JoinFailure.Timeout ? Timeout(request) : Host.Timings.JoinFailure;
            await Host.Clock.WaitAsync(wait, life);
            return refusal;
        }

        await Host.Clock.WaitAsync(Host.Timings.Associate, life);
        if (attempt != _attempts || Find(found!.Ssid, found.Bssid) is not AccessPoint joined)
        {
            return JoinFailure.NotFound;
        }

        Joined = joined;
        _module.SayWiFi("WIFI CONNECTED\r\n");
        return joined.Behaviour == AccessPointBehaviour.Wavering
            ? await WaverAsync(joined, request, attempt, life)
            : await ObtainAddressAsync(request, attempt, life);
    }

    /// <summary>Dropped as often as it is let in, until the command's time is up.</summary>
    private async Task<JoinFailure> WaverAsync(
        AccessPoint joined, JoinRequest request, int attempt, CancellationToken life)
    {
        const int Drops = 3;
        for (int i = 1; attempt == _attempts; i++)
        {
            await Host.Clock.WaitAsync(Timeout(request) / (2 * Drops), life);
            if (attempt == _attempts)
            {
                Leave();
            }

            await Host.Clock.WaitAsync(Timeout(request) / (2 * Drops), life);
            if (attempt != _attempts || i == Drops)
            {
                break;
            }

            Joined = joined;
            _module.SayWiFi("WIFI CONNECTED\r\n");
        }

        return JoinFailure.Timeout;
    }

    private async Task<JoinFailure> ObtainAddressAsync(JoinRequest request, int attempt, CancellationToken life)
    {
        bool isStatic = Current is { UsesDhcp: false, StaticAddress: not null };
        if (!isStatic && Joined!.Behaviour == AccessPointBehaviour.WithoutDhcp)
        {
            await Host.Clock.WaitAsync(Timeout(request), life);
            if (attempt == _attempts)
            {
                _module.Respond.Urc(_module.Forms.DhcpTimeout);
                Leave();
            }

            return JoinFailure.Timeout;
        }

        if (!isStatic)
        {
            await Host.Clock.WaitAsync(Host.Timings.ObtainAddress, life);
        }

        if (attempt != _attempts || Joined is null)
        {
            return JoinFailure.Other;
        }

        Address = isStatic ? Current.StaticAddress : _lease ??= World.LeaseAddress();
        State = StationState.Joined;
        _module.SayWiFi("WIFI GOT IP\r\n");
        _module.AddressObtained();
        return JoinFailure.None;
    }

    private static TimeSpan Timeout(JoinRequest request) =>
        TimeSpan.FromSeconds(request.Option(JoinField.Timeout));

    private static JoinFailure Judge(AccessPoint? found, JoinRequest request) => found switch
    {
        null => JoinFailure.NotFound,
        { Behaviour: AccessPointBehaviour.Silent } => JoinFailure.Timeout,
        { Behaviour: AccessPointBehaviour.Refusing } => JoinFailure.Other,
        _ when request.Option(JoinField.ProtectedOnly) == 1
            && found.Security is WiFiSecurity.Open or WiFiSecurity.Wep => JoinFailure.NotFound,
        { Security: WiFiSecurity.Wpa2Enterprise or WiFiSecurity.Wapi or WiFiSecurity.Owe } => JoinFailure.Other,
        _ when found.Security != WiFiSecurity.Open && found.Password != request.Password =>
            JoinFailure.WrongPassword,
        _ => JoinFailure.None,
    };
}
