using ModemDriver.Simulator;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>The process whose idleness is measured: with a modem that is online, or with nothing.</summary>
internal static class IdleChild
{
    /// <summary>The word on the command line.</summary>
    public const string Word = "idle-child";

    /// <summary>What it says when it has become idle.</summary>
    public const string Ready = "idle";

    // Its parent ends it, by closing its input.
    public static async Task<int> RunAsync(string[] args)
    {
        Modem? modem = null;
        if (args is [var port])
        {
            modem = await Modem.OpenAsync(port, new ModemOptions
            {
                WiFi = new WiFiOptions(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword),
            });
            await modem.GoOnlineAsync();
        }

        Console.WriteLine(Ready);
        Console.ReadLine();
        if (modem is not null)
        {
            await modem.DisposeAsync();
        }

        return 0;
    }
}
