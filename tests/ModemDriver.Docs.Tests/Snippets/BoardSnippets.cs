namespace ModemDriver.Docs.Tests.Snippets;

/// <summary>docs/board.md.</summary>
internal static class BoardSnippets
{
    public static async Task SleepAsync(Modem modem)
    {
        #region Sleep
        await modem.Board.SetSleepAsync(SleepMode.IdleLine, quietTime: TimeSpan.FromSeconds(5));
        SignalQuality signal = await modem.ReadSignalAsync(); // the module is woken before
        await modem.Board.SetSleepAsync(SleepMode.Awake);
        #endregion
        Console.WriteLine(signal);
    }

    public static async Task<string> RunAsync(Modem modem)
    {
        #region Board
        BatteryStatus? supply = await modem.Board.ReadBatteryAsync();

        bool needsRestart = await modem.Board.SetNetworkCardAsync(false);
        if (needsRestart)
        {
            await modem.ResetModuleAsync();
        }

        CellLocation place = await modem.Board.LocateByCellAsync();
        ModuleTime? clock = await modem.Board.FetchTimeAsync("pool.ntp.org", utcOffset: TimeSpan.FromHours(2));
        #endregion
        return $"{supply} {place} {clock}";
    }

    public static async Task AskAsync(Modem modem, string token)
    {
        #region ModuleHttp
        ModuleHttpResponse response = await modem.Board.SendHttpAsync(
            new ModuleHttpRequest("http://api.example.com/readings")
            {
                Method = ModuleHttpMethod.Post,
                Body = "{\"level\":3.2}"u8.ToArray(),
                ContentType = "application/json",
                Headers = ["Authorization: Bearer " + token],
            });
        Console.WriteLine(response.Status);
        #endregion
    }
}
