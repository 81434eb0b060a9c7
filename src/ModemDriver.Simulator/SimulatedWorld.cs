using System.Net;

namespace ModemDriver.Simulator;

/// <summary>What surrounds one or several modules: access points that come and go, addresses, names. Its members may be
/// called from any thread.</summary>
public sealed class SimulatedWorld
{
    /// <summary>The access point of a world that was not told otherwise.</summary>
    public const string DefaultSsid = "ModemDriver";

    /// <summary>The password of <see cref="DefaultSsid"/>.</summary>
    public const string DefaultPassword = "simulated!";

    private readonly Lock _gate = new();
    private readonly List<AccessPoint> _accessPoints;
    private readonly List<WiFiStation> _stations = [];
    private readonly Dictionary<string, IPAddress> _names = new(StringComparer.OrdinalIgnoreCase);
    private int _leases;
    private bool _hasTimeService = true;

    /// <summary>Makes a world with the default access point (WPA2, channel 6, -48 dBm).</summary>
    public SimulatedWorld()
        : this(new AccessPoint { Ssid = DefaultSsid, Password = DefaultPassword, Bssid = "02:4d:44:00:00:01" })
    {
    }

    /// <summary>Makes a world with these access points.</summary>
    /// <param name="accessPoints">None is a world without Wi-Fi.</param>
    public SimulatedWorld(params IReadOnlyList<AccessPoint> accessPoints)
    {
        _accessPoints = [.. accessPoints];
        Mobile = MobileWorld.CreateUsual();
    }

    /// <summary>Makes a world in which a scan has something to show: the default access point, and neighbours of every
    /// kind beside it. Their passwords are empty: nobody joins them.</summary>
    public static SimulatedWorld CreateNeighbourhood() => new(
        new AccessPoint { Ssid = DefaultSsid, Password = DefaultPassword, Bssid = "02:4d:44:00:00:01" },
        Neighbour("Home-5C1A", 2, 1, -58, WiFiSecurity.Wpa2Wpa3) with { OffersWps = true },
        Neighbour("Loft", 3, 1, -62, WiFiSecurity.Wpa3),
        Neighbour("Acme Staff", 4, 3, -66, WiFiSecurity.Wpa2Enterprise),
        Neighbour(AccessPoint.ToSsid("Caf\u00e9 Nord, gratis"), 5, 11, -71, WiFiSecurity.Open),
        Neighbour("Zum \"Hirsch\"", 6, 9, -77, WiFiSecurity.WpaWpa2),
        Neighbour("Attic", 7, 11, -80, WiFiSecurity.Wpa2) with { IsHidden = true },
        Neighbour("old printer", 8, 13, -86, WiFiSecurity.Wep));

    /// <summary>Whether time servers answer. Default: true. May be changed at any time.</summary>
    public bool HasTimeService
    {
        get => Volatile.Read(ref _hasTimeService);
        set => Volatile.Write(ref _hasTimeService, value);
    }

    /// <summary>The mobile networks. Default: a home network with two cells, and two that turn cards away.</summary>
    public MobileWorld Mobile
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
            field.Changed += () => Changed?.Invoke();
        }
    }

    /// <summary>The address of the first module; each further one gets the next. Default: 192.168.1.77.</summary>
    public IPAddress FirstAddress { get; init; } = new([192, 168, 1, 77]);

    /// <summary>The gateway, which is the name server too. Default: 192.168.1.1.</summary>
    public IPAddress Gateway { get; init; } = new([192, 168, 1, 1]);

    /// <summary>The netmask. Default: 255.255.255.0.</summary>
    public IPAddress Netmask { get; init; } = new([255, 255, 255, 0]);

    /// <summary>The first eight bytes of global IPv6 addresses; <see langword="null"/>, the default: there are none.
    /// </summary>
    public IPAddress? Prefix6 { get; init; }

    /// <summary>The access points as they are now, in range or not.</summary>
    public IReadOnlyList<AccessPoint> AccessPoints
    {
        get
        {
            lock (_gate)
            {
                return [.. _accessPoints];
            }
        }
    }

    /// <summary>The stations as they are now, joined or not.</summary>
    public IReadOnlyList<WiFiStation> Stations
    {
        get
        {
            lock (_gate)
            {
                return [.. _stations];
            }
        }
    }

    internal event Action? Changed;

    internal event Action<SmartConfigMessage>? Sent;

    /// <summary>An access point appears. One with the same BSSID is replaced.</summary>
    /// <param name="accessPoint">What appears.</param>
    public void AddAccessPoint(AccessPoint accessPoint)
    {
        ArgumentNullException.ThrowIfNull(accessPoint);
        lock (_gate)
        {
            _accessPoints.RemoveAll(known => IsSame(known.Bssid, accessPoint.Bssid));
            _accessPoints.Add(accessPoint);
        }

        Changed?.Invoke();
    }

    /// <summary>Every access point of this name disappears; modules that had joined it notice.</summary>
    /// <param name="ssid">Its name.</param>
    /// <returns>What was taken away, to be put back with <see cref="AddAccessPoint"/>.</returns>
    public IReadOnlyList<AccessPoint> LoseAccessPoint(string ssid)
    {
        AccessPoint[] lost;
        lock (_gate)
        {
            lost = [.. _accessPoints.Where(known => known.Ssid == ssid)];
            _accessPoints.RemoveAll(known => known.Ssid == ssid);
        }

        Changed?.Invoke();
        return lost;
    }

    /// <summary>A station appears, and joins the SoftAP of its name as soon as a module has one. One with the same MAC
    /// address is replaced.</summary>
    /// <param name="station">What appears.</param>
    public void AddStation(WiFiStation station)
    {
        ArgumentNullException.ThrowIfNull(station);
        lock (_gate)
        {
            _stations.RemoveAll(known => IsSame(known.Mac, station.Mac));
            _stations.Add(station);
        }

        Changed?.Invoke();
    }

    /// <summary>A station goes away; nothing happens when there is none of this address.</summary>
    /// <param name="mac">Its MAC address.</param>
    public void RemoveStation(string mac)
    {
        lock (_gate)
        {
            _stations.RemoveAll(known => IsSame(known.Mac, mac));
        }

        Changed?.Invoke();
    }

    /// <summary>An application sends the name of a network to all modules that wait for one.</summary>
    /// <param name="message">What it sends.</param>
    public void Send(SmartConfigMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Sent?.Invoke(message);
    }

    /// <summary>Gives a host name an address. Names that are not here are asked of the network.</summary>
    /// <param name="name">Letters are compared without case.</param>
    /// <param name="address">An IPv4 address.</param>
    public void SetName(string name, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(address);
        lock (_gate)
        {
            _names[name] = address;
        }
    }

    /// <summary>Takes a host name away; nothing happens when it is not known.</summary>
    /// <param name="name">Letters are compared without case.</param>
    public void RemoveName(string name)
    {
        lock (_gate)
        {
            _names.Remove(name);
        }
    }

    internal IPAddress? FindName(string name)
    {
        lock (_gate)
        {
            return _names.GetValueOrDefault(name);
        }
    }

    /// <summary>The access points in range, each as strong as it is at that moment.</summary>
    /// <param name="elapsed">Since the module was made.</param>
    internal IEnumerable<AccessPoint> Heard(TimeSpan elapsed) =>
        AccessPoints.Select(known => known.At(elapsed)).OfType<AccessPoint>();

    /// <summary>The next moment at which a script changes something; <see langword="null"/> when none does.</summary>
    internal TimeSpan? NextStep(TimeSpan elapsed)
    {
        TimeSpan? wireless = AccessPoints
            .SelectMany(known => known.SignalScript)
            .Where(step => step.At > elapsed)
            .Min(step => (TimeSpan?)step.At);
        TimeSpan? mobile = Mobile.NextStep(elapsed);
        return wireless is null || mobile < wireless ? mobile : wireless;
    }

    internal IPAddress LeaseAddress()
    {
        byte[] bytes = FirstAddress.GetAddressBytes();
        bytes[3] = (byte)(bytes[3] + Interlocked.Increment(ref _leases) - 1);
        return new IPAddress(bytes);
    }

    /// <summary>Whether two MAC addresses are one; digits may be of either case.</summary>
    internal static bool IsSame(string mac, string other) => string.Equals(mac, other, StringComparison.OrdinalIgnoreCase);

    private static AccessPoint Neighbour(string ssid, int number, int channel, int rssi, WiFiSecurity security) => new()
    {
        Ssid = ssid,
        Bssid = FormattableString.Invariant($"02:4d:44:00:00:{number:x2}"),
        Channel = channel,
        RssiDbm = rssi,
        Security = security,
    };
}
