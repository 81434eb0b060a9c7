namespace ModemDriver.Scheduling;

/// <summary>Waits that double from try to try.</summary>
/// <param name="First">The first wait.</param>
/// <param name="Longest">No wait is longer.</param>
internal sealed record BackOff(TimeSpan First, TimeSpan Longest);
