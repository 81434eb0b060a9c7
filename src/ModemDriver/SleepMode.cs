namespace ModemDriver;

/// <summary>When a module sleeps, and what wakes it.</summary>
public enum SleepMode
{
    /// <summary>The module says something else.</summary>
    Unknown,

    /// <summary>It does not sleep.</summary>
    Awake,

    /// <summary>A pin decides: the computer holds it low while it works with the module. The driver has no hand on that pin.</summary>
    Pin,

    /// <summary>When its line is quiet. The first command after that is lost; the driver wakes it before.</summary>
    IdleLine,

    /// <summary>When its line is quiet, and deeper: it takes longer to wake. The driver wakes it before a command.</summary>
    Deepest,
}
