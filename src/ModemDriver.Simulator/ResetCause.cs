namespace ModemDriver.Simulator;

/// <summary>Why a module starts anew.</summary>
public enum ResetCause
{
    /// <summary>Power was applied.</summary>
    PowerOn,

    /// <summary>The reset pin.</summary>
    External,

    /// <summary>A command asked for it.</summary>
    Software,

    /// <summary>The watchdog: the firmware hung.</summary>
    Watchdog,

    /// <summary>The supply fell below what the chip needs.</summary>
    BrownOut,
}
