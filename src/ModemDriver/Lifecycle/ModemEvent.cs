namespace ModemDriver.Lifecycle;

/// <summary>Everything that can happen to a modem.</summary>
internal enum ModemEvent
{
    /// <summary>The owner opens it.</summary>
    OpenRequested,

    /// <summary>A module has answered and is known.</summary>
    ModuleFound,

    /// <summary>The module has been brought up.</summary>
    BroughtUp,

    /// <summary>What was under way has failed.</summary>
    AttemptFailed,

    /// <summary>The owner wants the network.</summary>
    NetworkRequested,

    /// <summary>The module has a network address.</summary>
    NetworkJoined,

    /// <summary>The owner wants a cellular module registered, alone or on its way online.</summary>
    SearchBegan,

    /// <summary>The card wants a code that only the owner has.</summary>
    SimLocked,

    /// <summary>The owner has given it.</summary>
    SimUnlocked,

    /// <summary>The module is registered with its network.</summary>
    RegistrationFound,

    /// <summary>The module is no longer registered; it searches by itself.</summary>
    RegistrationLost,

    /// <summary>The registered module attaches and gets its address.</summary>
    AttachBegan,

    /// <summary>The owner wants the network no more.</summary>
    NetworkReleased,

    /// <summary>The line carries the data of a transparent session.</summary>
    DataStateEntered,

    /// <summary>The line takes commands again; the session goes on.</summary>
    DataStateLeft,

    /// <summary>The module has left its network.</summary>
    NetworkLost,

    /// <summary>The network has ended the context of a cellular module, or has detached it.</summary>
    PacketDataLost,

    /// <summary>The card was taken out.</summary>
    SimRemoved,

    /// <summary>The module has started anew, and has forgotten everything volatile.</summary>
    ModuleReset,

    /// <summary>The command channel was given up.</summary>
    ChannelBroken,

    /// <summary>The port has ended.</summary>
    PortLost,

    /// <summary>The modem is as it was before the failure.</summary>
    Recovered,

    /// <summary>The last attempt at recovery has failed.</summary>
    RecoveryExhausted,

    /// <summary>The owner closes it.</summary>
    CloseRequested,
}

/// <summary>Everything that the state machine can ask for.</summary>
[Flags]
internal enum ModemEffects
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Fail all links with the reason of the event.</summary>
    FailLinks = 1,

    /// <summary>Start the recovery ladder at the rung that the event calls for.</summary>
    Recover = 2,

    /// <summary>Close the port.</summary>
    ClosePort = 4,
}
