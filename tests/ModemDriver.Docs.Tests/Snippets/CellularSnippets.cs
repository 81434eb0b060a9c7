namespace ModemDriver.Docs.Tests.Snippets;

/// <summary>docs/cellular.md and docs/signal.md.</summary>
internal static class CellularSnippets
{
    public static async Task GoOnlineAsync(string pin)
    {
        #region CellularOnline
        var options = new ModemOptions
        {
            Cellular = new CellularOptions { Apn = new ApnOptions("internet"), Pin = pin, AllowRoaming = false },
        };
        await using var modem = await Modem.OpenAsync("/dev/ttyUSB0", options);
        await modem.GoOnlineAsync();
        Console.WriteLine(await modem.Cellular.ReadAddressAsync());
        #endregion
    }

    public static async Task ReadSignalAsync(Modem modem)
    {
        #region Signal
        var signal = await modem.ReadSignalAsync();
        Console.WriteLine($"{signal.RsrpDbm} dBm, {signal.RsrqDb} dB, {signal.SinrDb} dB: {signal.Class} by {signal.DecidedBy}");
        #endregion
    }
}
