namespace ModemDriver.Lifecycle;

/// <summary>One row of the table of docs/states.md.</summary>
/// <param name="From">The state before.</param>
/// <param name="Event">What happens.</param>
/// <param name="To">The state after.</param>
/// <param name="Effects">What is to be done.</param>
internal sealed record ModemTransition(ModemState From, ModemEvent Event, ModemState To, ModemEffects Effects);

/// <summary>
/// The life of a modem as a pure function over a table. docs/states.md has the same table; a test compares.
/// </summary>
internal static class ModemStateMachine
{
    private const ModemEffects Lost = ModemEffects.FailLinks | ModemEffects.Recover;
    private const ModemEffects Ended = ModemEffects.FailLinks | ModemEffects.ClosePort;

    /// <summary>The table. An event that has no row for a state changes nothing there.</summary>
    public static IReadOnlyList<ModemTransition> Table { get; } =
    [
        new(ModemState.Closed, ModemEvent.OpenRequested, ModemState.Probing, ModemEffects.None),

        new(ModemState.Probing, ModemEvent.ModuleFound, ModemState.Initialising, ModemEffects.None),
        new(ModemState.Probing, ModemEvent.AttemptFailed, ModemState.Closed, ModemEffects.ClosePort),
        new(ModemState.Probing, ModemEvent.CloseRequested, ModemState.Closed, ModemEffects.ClosePort),

        new(ModemState.Initialising, ModemEvent.BroughtUp, ModemState.Ready, ModemEffects.None),
        new(ModemState.Initialising, ModemEvent.AttemptFailed, ModemState.Closed, ModemEffects.ClosePort),
        new(ModemState.Initialising, ModemEvent.CloseRequested, ModemState.Closed, ModemEffects.ClosePort),

        new(ModemState.Ready, ModemEvent.NetworkRequested, ModemState.Joining, ModemEffects.None),
        new(ModemState.Ready, ModemEvent.SearchBegan, ModemState.Searching, ModemEffects.None),
        .. Losses(ModemState.Ready),

        new(ModemState.Joining, ModemEvent.NetworkJoined, ModemState.Online, ModemEffects.None),
        new(ModemState.Joining, ModemEvent.AttemptFailed, ModemState.Ready, ModemEffects.None),
        .. Losses(ModemState.Joining),

        new(ModemState.Locked, ModemEvent.SimUnlocked, ModemState.Ready, ModemEffects.None),
        new(ModemState.Locked, ModemEvent.SearchBegan, ModemState.Searching, ModemEffects.None),
        new(ModemState.Locked, ModemEvent.PacketDataLost, ModemState.Recovering, Lost),
        .. Losses(ModemState.Locked),

        new(ModemState.Searching, ModemEvent.SimLocked, ModemState.Locked, ModemEffects.None),
        new(ModemState.Searching, ModemEvent.RegistrationFound, ModemState.Registered, ModemEffects.None),
        new(ModemState.Searching, ModemEvent.AttemptFailed, ModemState.Ready, ModemEffects.None),
        .. Losses(ModemState.Searching),

        new(ModemState.Registered, ModemEvent.AttachBegan, ModemState.Attaching, ModemEffects.None),
        new(ModemState.Registered, ModemEvent.RegistrationLost, ModemState.Searching, ModemEffects.None),
        new(ModemState.Registered, ModemEvent.SearchBegan, ModemState.Searching, ModemEffects.None),
        new(ModemState.Registered, ModemEvent.NetworkReleased, ModemState.Ready, ModemEffects.None),
        new(ModemState.Registered, ModemEvent.SimRemoved, ModemState.Ready, ModemEffects.None),
        new(ModemState.Registered, ModemEvent.AttemptFailed, ModemState.Ready, ModemEffects.None),
        .. Losses(ModemState.Registered),

        new(ModemState.Attaching, ModemEvent.NetworkJoined, ModemState.Online, ModemEffects.None),
        new(ModemState.Attaching, ModemEvent.AttemptFailed, ModemState.Ready, ModemEffects.None),
        .. Losses(ModemState.Attaching),

        new(ModemState.Online, ModemEvent.NetworkRequested, ModemState.Joining, ModemEffects.FailLinks),
        new(ModemState.Online, ModemEvent.SearchBegan, ModemState.Searching, ModemEffects.FailLinks),
        new(ModemState.Online, ModemEvent.NetworkReleased, ModemState.Ready, ModemEffects.FailLinks),
        new(ModemState.Online, ModemEvent.NetworkLost, ModemState.Recovering, Lost),
        new(ModemState.Online, ModemEvent.PacketDataLost, ModemState.Recovering, Lost),
        new(ModemState.Online, ModemEvent.SimRemoved, ModemState.Recovering, Lost),
        new(ModemState.Online, ModemEvent.ModuleReset, ModemState.Recovering, Lost),
        new(ModemState.Online, ModemEvent.ChannelBroken, ModemState.Recovering, Lost),
        new(ModemState.Online, ModemEvent.PortLost, ModemState.Recovering, Lost),
        new(ModemState.Online, ModemEvent.CloseRequested, ModemState.Closed, Ended),

        new(ModemState.Online, ModemEvent.DataStateEntered, ModemState.OnlineData, ModemEffects.None),
        new(ModemState.OnlineData, ModemEvent.DataStateLeft, ModemState.Online, ModemEffects.None),
        new(ModemState.OnlineData, ModemEvent.ModuleReset, ModemState.Recovering, Lost),
        new(ModemState.OnlineData, ModemEvent.ChannelBroken, ModemState.Recovering, Lost),
        new(ModemState.OnlineData, ModemEvent.PortLost, ModemState.Recovering, Lost),
        new(ModemState.OnlineData, ModemEvent.CloseRequested, ModemState.Closed, Ended),

        // What is lost during a recovery is found by the attempt that is under way: it fails, and the next one begins.
        new(ModemState.Recovering, ModemEvent.Recovered, ModemState.Ready, ModemEffects.None),
        new(ModemState.Recovering, ModemEvent.NetworkJoined, ModemState.Online, ModemEffects.None),
        new(ModemState.Recovering, ModemEvent.RegistrationFound, ModemState.Registered, ModemEffects.None),
        new(ModemState.Recovering, ModemEvent.SimLocked, ModemState.Locked, ModemEffects.None),
        new(ModemState.Recovering, ModemEvent.RecoveryExhausted, ModemState.Faulted, Ended),
        new(ModemState.Recovering, ModemEvent.CloseRequested, ModemState.Closed, Ended),

        new(ModemState.Faulted, ModemEvent.CloseRequested, ModemState.Closed, ModemEffects.None),
    ];

    /// <summary>What an event does in a state.</summary>
    public static (ModemState State, ModemEffects Effects) Next(ModemState state, ModemEvent happened)
    {
        foreach (var row in Table)
        {
            if (row.From == state && row.Event == happened)
            {
                return (row.To, row.Effects);
            }
        }

        return (state, ModemEffects.None);
    }

    // What ends every state in which the module takes commands.
    private static ModemTransition[] Losses(ModemState from) =>
    [
        new(from, ModemEvent.ModuleReset, ModemState.Recovering, Lost),
        new(from, ModemEvent.ChannelBroken, ModemState.Recovering, Lost),
        new(from, ModemEvent.PortLost, ModemState.Recovering, Lost),
        new(from, ModemEvent.CloseRequested, ModemState.Closed, Ended),
    ];
}
