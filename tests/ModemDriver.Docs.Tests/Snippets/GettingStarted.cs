using ModemDriver.Diagnostics;

namespace ModemDriver.Docs.Tests.Snippets;

/// <summary>docs/getting-started.md.</summary>
internal static class GettingStarted
{
    public static async Task<int> FirstByteAsync(string port, string password, string host, int tcpPort)
    {
        #region FirstByte
        await using var modem = await Modem.OpenAsync(
            port, new ModemOptions { WiFi = new WiFiOptions("ModemDriver", password) });
        Console.WriteLine($"{modem.Identity.Dialect} {modem.Identity.Firmware} at {modem.BitRate} bit/s");

        await modem.GoOnlineAsync();
        var addresses = await modem.WiFi.ReadAddressesAsync();
        Console.WriteLine($"the module's address is {addresses.Address}");

        await using var link = await modem.ConnectAsync(host, tcpPort);
        await link.WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());
        var first = new byte[1];
        await link.ReadExactlyAsync(first);
        #endregion
        return first[0];
    }

    public static async Task<string> WireAsync(Stream module)
    {
        #region WireTrace
        await using var log = new StringWriter(); // or a StreamWriter on a file
        var options = new ModemOptions { Tap = new WireTap(log) };
        await using var modem = await Modem.OpenAsync(module, options);
        var answer = await modem.SendAsync("AT+CIPSTATUS");
        #endregion
        return log + string.Join('\n', answer.Lines);
    }
}
