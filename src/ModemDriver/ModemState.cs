namespace ModemDriver;

/// <summary>The life of a modem.</summary>
public enum ModemState
{
    /// <summary>Not opened, or closed by its owner.</summary>
    Closed,

    /// <summary>The port is being opened; the module is looked for and identified.</summary>
    Probing,

    /// <summary>The module is known; it is being brought to a defined state.</summary>
    Initialising,

    /// <summary>The module takes commands; no network has been asked for.</summary>
    Ready,

    /// <summary>The network is being joined.</summary>
    Joining,

    /// <summary>The card of a cellular module wants a PIN or PUK that only the program's user can give.</summary>
    Locked,

    /// <summary>A cellular module waits for its card, and searches for its network.</summary>
    Searching,

    /// <summary>A cellular module is registered with its network; it has no address.</summary>
    Registered,

    /// <summary>A registered module attaches to the packet network and gets its address.</summary>
    Attaching,

    /// <summary>The module has a network address; links can be opened.</summary>
    Online,

    /// <summary>
    /// The line carries the data of a <see cref="TransparentSession"/>, and no commands until that is suspended.
    /// </summary>
    OnlineData,

    /// <summary>
    /// Something was lost: the module started anew, the port vanished, the network went. It is being restored.
    /// </summary>
    Recovering,

    /// <summary>Recovery was given up; the reason is kept. Only closing is left.</summary>
    Faulted,
}

/// <summary>One change of a modem's state.</summary>
/// <param name="OldState">Before.</param>
/// <param name="NewState">After.</param>
/// <param name="Trigger">What happened, by the name of the event in docs/states.md.</param>
/// <param name="Reason">Why, where something went wrong; else <see langword="null"/>.</param>
public sealed record ModemStateChange(ModemState OldState, ModemState NewState, string Trigger, Exception? Reason);
