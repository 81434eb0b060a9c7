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
