namespace ModemDriver.Tests.Deadlines;

/// <summary>By when each call of the cellular side ends when the module does not answer.</summary>
internal static class CellularDeadlines
{
    public static IReadOnlyDictionary<string, DeadlineRow> Rows { get; } = new Dictionary<string, DeadlineRow>
    {
        ["CellularInterface.RegisterAsync()"] =
            Fails(5, rig => rig.Modem.Cellular.RegisterAsync()) with { IsOnline = false },
        ["CellularInterface.ReadRegistrationAsync()"] = Fails(5, rig => rig.Modem.Cellular.ReadRegistrationAsync()),
    };

    private static DeadlineRow Fails(double seconds, Func<MuteRig, Task> call) =>
        DeadlineRow.Fails<CommandTimeoutException>(seconds, call) with { IsCellular = true };
}
