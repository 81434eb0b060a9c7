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
    private readonly Dictionary<string, IPAddress> _names = new(StringComparer.OrdinalIgnoreCase);
    private int _leases;

    /// <summary>Makes a world with the default access point (WPA2, channel 6, -48 dBm).</summary>
    public SimulatedWorld()
        : this(new AccessPoint { Ssid = DefaultSsid, Password = DefaultPassword, Bssid = "02:4d:44:00:00:01" })
    {
    }

    /// <summary>Makes a world with these access points.</summary>
    /// <param name="accessPoints">None is a world without Wi-Fi.</param>
    public SimulatedWorld(params IReadOnlyList<AccessPoint> accessPoints) => _accessPoints = [.. accessPoints];

    /// <summary>The address of the first module; each further one gets the next. Default: 192.168.1.77.</summary>
    public IPAddress FirstAddress { get; init; } = new([192, 168, 1, 77]);

    /// <summary>The gateway, which is the name server too. Default: 192.168.1.1.</summary>
    public IPAddress Gateway { get; init; } = new([192, 168, 1, 1]);

    /// <summary>The netmask. Default: 255.255.255.0.</summary>
    public IPAddress Netmask { get; init; } = new([255, 255, 255, 0]);

    /// <summary>The access points as they are now.</summary>
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

    internal event Action? Changed;

    /// <summary>An access point appears. One with the same BSSID is replaced.</summary>
    /// <param name="accessPoint">What appears.</param>
    public void AddAccessPoint(AccessPoint accessPoint)
    {
        ArgumentNullException.ThrowIfNull(accessPoint);
        lock (_gate)
        {
            _accessPoints.RemoveAll(known => known.Bssid == accessPoint.Bssid);
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

    internal IPAddress? FindName(string name)
    {
        lock (_gate)
        {
            return _names.GetValueOrDefault(name);
        }
    }

    /// <summary>The strongest access point of this name, and of this BSSID if one is given.</summary>
    internal AccessPoint? Find(string ssid, string? bssid) => AccessPoints
        .Where(known => known.Ssid == ssid && (bssid is null || known.Bssid == bssid))
        .MaxBy(known => known.RssiDbm);

    internal IPAddress LeaseAddress()
    {
        byte[] bytes = FirstAddress.GetAddressBytes();
        bytes[3] = (byte)(bytes[3] + Interlocked.Increment(ref _leases) - 1);
        return new IPAddress(bytes);
    }
}
