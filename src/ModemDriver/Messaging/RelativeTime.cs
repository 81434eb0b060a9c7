namespace ModemDriver.Messaging;

/// <summary>A time of validity in one octet: 5 minutes to 63 weeks, in steps that grow.</summary>
/// <remarks>TS 23.040 section 9.2.3.12.1.</remarks>
internal static class RelativeTime
{
    /// <summary>The longest.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(63 * 7);

    private const int LastOfFiveMinutes = 143;
    private const int LastOfHalfHours = 167;
    private const int LastOfDays = 196;
    private const int DaysFrom = 166;
    private const int WeeksFrom = 192;

    private static readonly TimeSpan HalfDay = TimeSpan.FromHours(12);

    /// <summary>The time that an octet means.</summary>
    public static TimeSpan Read(byte octet) => octet switch
    {
        <= LastOfFiveMinutes => TimeSpan.FromMinutes((octet + 1) * 5),
        <= LastOfHalfHours => HalfDay + TimeSpan.FromMinutes((octet - LastOfFiveMinutes) * 30),
        <= LastOfDays => TimeSpan.FromDays(octet - DaysFrom),
        _ => TimeSpan.FromDays((octet - WeeksFrom) * 7),
    };

    /// <summary>The octet of a time; one between two steps is lengthened to the next, one out of range cut.</summary>
    public static byte Write(TimeSpan time)
    {
        var octet = time switch
        {
            _ when time <= HalfDay => Steps(time, TimeSpan.FromMinutes(5)) - 1,
            _ when time <= TimeSpan.FromDays(1) => LastOfFiveMinutes + Steps(time - HalfDay, TimeSpan.FromMinutes(30)),
            _ when time <= TimeSpan.FromDays(30) => DaysFrom + Steps(time, TimeSpan.FromDays(1)),
            _ => WeeksFrom + Math.Max(Steps(time, TimeSpan.FromDays(7)), 5),
        };
        return (byte)Math.Clamp(octet, byte.MinValue, byte.MaxValue);
    }

    private static long Steps(TimeSpan time, TimeSpan step) => (time.Ticks + step.Ticks - 1) / step.Ticks;
}
