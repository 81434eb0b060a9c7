using System.Net;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>AT+CIPV6: the addresses that the station makes of its MAC address.</summary>
internal sealed class IPv6Station(EspAtModule module)
{
    private int _probe;

    internal bool IsEnabled { get; private set; }

    /// <summary>ll, and gl where the world has a prefix; none until they have been found free.</summary>
    internal IReadOnlyList<(string Name, IPAddress Address)> Addresses { get; private set; } = [];

    private ModuleHost Host => module.Host;

    internal void Reset()
    {
        _probe++;
        IsEnabled = false;
        Addresses = [];
    }

    internal void Enable(bool value)
    {
        IsEnabled = value;
        Update();
    }

    /// <summary>The station has come, gone, or changed.</summary>
    internal void Update()
    {
        int probe = ++_probe;
        if (!IsEnabled || module.Station.Joined is null)
        {
            Addresses = [];
        }
        else if (Addresses.Count == 0)
        {
            Host.Loop.StartHere(() => FindAsync(probe, module.Life));
        }
    }

    /// <summary>RFC 4291, appendix A: the MAC address with ff:fe in its middle and the second lowest bit turned.</summary>
    private static IPAddress Of(byte[] prefix, string mac)
    {
        byte[] octets = [.. mac.Split(':').Select(octet => Convert.ToByte(octet, 16))];
        byte[] address = [.. prefix.AsSpan(0, 8), (byte)(octets[0] ^ 2), .. octets[1..3], 0xff, 0xfe, .. octets[3..]];
        return new IPAddress(address);
    }

    private async Task FindAsync(int probe, CancellationToken life)
    {
        await Task.Yield(); // Behind the OK of what has caused it.
        await Host.Clock.WaitAsync(Host.Timings.ObtainAddress, life);
        if (probe != _probe)
        {
            return;
        }

        string mac = module.Settings.Current.StationMac;
        var addresses = new List<(string, IPAddress)> { ("ll", Of([0xfe, 0x80, 0, 0, 0, 0, 0, 0], mac)) };
        module.SayWiFi("WIFI GOT IPv6 LL\r\n");
        if (Host.Options.World.Prefix6 is IPAddress prefix)
        {
            addresses.Add(("gl", Of(prefix.GetAddressBytes(), mac)));
            module.SayWiFi("WIFI GOT IPv6 GL\r\n");
        }

        Addresses = addresses;
    }
}
