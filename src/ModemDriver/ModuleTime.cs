namespace ModemDriver;

/// <summary>The clock of a module.</summary>
/// <param name="LocalTime">What it shows: local time on most modules, UTC on some.</param>
/// <param name="UtcOffset">
/// What the module says that its time is ahead of UTC, in quarters of an hour; <see langword="null"/> where it does not.
/// </param>
/// <remarks>TS 27.007 section 8.15.</remarks>
public sealed record ModuleTime(DateTime LocalTime, TimeSpan? UtcOffset)
{
    /// <summary>The point in time; <see langword="null"/> without the offset.</summary>
    public DateTimeOffset? Time => UtcOffset is { } offset ? new DateTimeOffset(LocalTime, offset) : null;
}
