using System.Net;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The module as an access point, and the stations of the world that have joined it.</summary>
internal sealed class SoftAp(EspAtModule module)
{
    private readonly EspAtModule _module = module;
    private readonly List<Guest> _guests = [];
    private readonly HashSet<string> _thrownOut = new(StringComparer.OrdinalIgnoreCase);

    internal IEnumerable<Guest> Guests => _guests.Where(guest => guest.IsConnected);

    internal bool IsUp => (Current.WiFiMode & 2) != 0;

    internal SoftApSettings Settings => Of(Current);

    /// <summary>A locally administered sibling of the station's address, unless another was set.</summary>
    internal string Mac => Current.SoftApMac ?? LocalMac(Current.StationMac);

    private ModuleHost Host => _module.Host;

    private StoredSettings Current => _module.Settings.Current;

    /// <summary>What some settings say, with the name and the limit that a module has of itself.</summary>
    internal SoftApSettings Of(StoredSettings settings) => settings.SoftAp ?? new SoftApSettings(
        "ESP_" + Mac.Replace(":", "", StringComparison.Ordinal)[6..].ToUpperInvariant(),
        "", 1, 0, _module.Profile.SoftApStations.Default, 0);

    internal void Reset()
    {
        _guests.Clear();
        _thrownOut.Clear();
    }

    /// <summary>Stations, or the mode, may have changed.</summary>
    internal void Update()
    {
        if (!IsUp)
        {
            DropAll();
            _module.Links.LoseGuests();
            return;
        }

        IReadOnlyList<WiFiStation> present = Host.Options.World.Stations;
        _thrownOut.RemoveWhere(mac => present.All(station => !SimulatedWorld.IsSame(station.Mac, mac)));
        foreach (Guest gone in _guests.Where(guest => !present.Any(s => SimulatedWorld.IsSame(s.Mac, guest.Mac) && IsLetIn(s))).ToArray())
        {
            Leave(gone);
        }

        foreach (WiFiStation station in present.Where(IsLetIn))
        {
            if (_guests.Count < Settings.MaxStations && _guests.All(guest => !SimulatedWorld.IsSame(guest.Mac, station.Mac)))
            {
                var guest = new Guest(station.Mac);
                _guests.Add(guest);
                Host.Loop.StartHere(() => ReceiveAsync(guest, _module.Life));
            }
        }
    }

    /// <summary>Other settings: everybody is dropped, and may come back.</summary>
    internal void Restart(Action change)
    {
        DropAll();
        _module.Links.LoseGuests();
        change();
        _thrownOut.Clear();
        Update();
    }

    /// <summary>AT+CWQIF. A station that was thrown out stays away until it has left the world, or the SoftAP starts
    /// anew.</summary>
    internal bool ThrowOut(string mac)
    {
        Guest? guest = Guests.FirstOrDefault(known => SimulatedWorld.IsSame(known.Mac, mac));
        if (guest is not null)
        {
            _thrownOut.Add(mac);
            Leave(guest);
        }

        return guest is not null;
    }

    internal void ThrowOutAll()
    {
        _thrownOut.UnionWith(_guests.Select(guest => guest.Mac));
        DropAll();
    }

    private static string LocalMac(string stationMac)
    {
        int first = Convert.ToByte(stationMac[..2], 16) | 2;
        return FormattableString.Invariant($"{first:x2}{stationMac[2..]}");
    }

    private bool IsLetIn(WiFiStation station) =>
        station.Ssid == Settings.Ssid
        && (Settings.Security == 0 || station.Password == Settings.Password)
        && !_thrownOut.Contains(station.Mac);

    private void DropAll()
    {
        foreach (Guest guest in _guests.ToArray())
        {
            Leave(guest);
        }
    }

    private void Leave(Guest guest)
    {
        _guests.Remove(guest);
        if (guest.IsConnected)
        {
            guest.IsConnected = false;
            _module.Respond.Urc($"+STA_DISCONNECTED:\"{guest.Mac}\"\r\n");
        }
    }

    private async Task ReceiveAsync(Guest guest, CancellationToken life)
    {
        await Host.Clock.WaitAsync(Host.Timings.Associate, life);
        if (!_guests.Contains(guest))
        {
            return;
        }

        guest.IsConnected = true;
        _module.Respond.Urc($"+STA_CONNECTED:\"{guest.Mac}\"\r\n");
        await Host.Clock.WaitAsync(Host.Timings.ObtainAddress, life);
        if (guest.IsConnected && Current.ServesDhcp && FreeAddress() is IPAddress address)
        {
            guest.Address = address;
            _module.Respond.Urc($"+DIST_STA_IP:\"{guest.Mac}\",\"{address}\"\r\n");
        }
    }

    private IPAddress? FreeAddress()
    {
        AddressPool pool = AddressPool.Of(Current);
        return pool.Addresses.FirstOrDefault(address => _guests.All(guest => !address.Equals(guest.Address)));
    }

    /// <summary>A station that has joined, or is about to.</summary>
    internal sealed class Guest(string mac)
    {
        internal string Mac => mac;

        internal IPAddress? Address { get; set; }

        internal bool IsConnected { get; set; }
    }
}
