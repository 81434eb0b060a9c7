using ModemDriver.Commands;

namespace ModemDriver.Services;

/// <summary>How a module sleeps: what a dialect must supply. Each is asked for by its feature before.</summary>
internal interface ISleepCommands
{
    /// <summary>Sets when the module sleeps.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="quietTime">How long its line must be quiet.</param>
    IReadOnlyList<AtCommand> SetSleep(SleepMode mode, TimeSpan quietTime);

    /// <summary>Asks for it.</summary>
    QueryCommand<SleepMode?> ReadSleep();

    /// <summary>After how long a quiet the module may be asleep and lose what it is sent; null: it does not.</summary>
    TimeSpan? SleepsAfter(SleepMode mode, TimeSpan quietTime);
}
