namespace ModemDriver.Scheduling;

/// <summary>Waits that double from try to try.</summary>
/// <param name="First">The first wait.</param>
/// <param name="Longest">No wait is longer.</param>
internal sealed record BackOff(TimeSpan First, TimeSpan Longest)
{
    /// <summary>Scatters the waits, so that many that failed at once do not try again at once; null: not.</summary>
    public Random? Jitter { get; init; }
}
