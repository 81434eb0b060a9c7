using System.Net;

namespace ModemDriver.Docs.Tests.Snippets;

/// <summary>docs/wifi.md.</summary>
internal static class WiFiSnippets
{
    public static async Task<IReadOnlyList<ScannedAccessPoint>> ScanAsync(Modem modem)
    {
        #region WiFiScan
        var heard = await modem.WiFi.ScanAsync(new WiFiScanRequest { WeakestRssiDbm = -80 });
        foreach (var found in heard)
        {
            Console.WriteLine($"{found.Bssid} {found.RssiDbm} dBm, channel {found.Channel}, {found.Security}");
        }
        #endregion
        return heard;
    }

    public static async Task ChangeBitRateAsync(Modem modem)
    {
        #region BitRate
        await modem.SetBitRateAsync(921_600); // module and port together; throws and goes back if it does not work
        Console.WriteLine($"{modem.BitRate} bit/s");
        #endregion
    }

    public static async Task JoinAsync(Modem modem, string password)
    {
        #region WiFiJoin
        var network = new WiFiOptions("ModemDriver", password)
        {
            StaticAddress = new StaticAddress(
                IPAddress.Parse("192.168.1.50"), IPAddress.Parse("192.168.1.1"), IPAddress.Parse("255.255.255.0")),
        };
        modem.WiFi.Changed += (_, change) => Console.WriteLine(change); // Left, Joined, StationJoined ...
        await modem.WiFi.JoinAsync(network);
        Console.WriteLine($"{(await modem.WiFi.ReadAccessPointAsync())?.RssiDbm} dBm");
        await modem.WiFi.LeaveAsync(); // and is not taken back
        #endregion
    }
}
