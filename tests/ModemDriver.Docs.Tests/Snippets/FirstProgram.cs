namespace ModemDriver.Docs.Tests.Snippets;

/// <summary>README.md, the program.</summary>
internal static class FirstProgram
{
    public static async Task RunAsync(string port, string password, string host, int tcpPort, Stream output)
    {
        #region FirstProgram
        var options = new ModemOptions { WiFi = new WiFiOptions("ModemDriver", password) };
        await using var modem = await Modem.OpenAsync(port, options); // "/dev/ttyUSB0", "COM3", "tcp://gateway:4000"
        await modem.GoOnlineAsync();
        await using var link = await modem.ConnectAsync(host, tcpPort);
        await link.WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());
        await link.CopyToAsync(output); // ends when the server closes the link

        using var http = new HttpClient(modem.CreateHttpHandler()); // https:// too: TLS runs on this computer
        Console.WriteLine(await http.GetStringAsync($"http://{host}:{tcpPort}/"));
        #endregion
    }
}
