namespace ModemDriver.Simulator.Time;

/// <summary>Waits of the module, on the time provider; they resume on the loop.</summary>
internal sealed class ModuleClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    internal TimeProvider Provider => time;

    internal long Now => time.GetTimestamp();

    /// <summary>Since the module was made.</summary>
    internal TimeSpan Elapsed => time.GetElapsedTime(_start);

    internal TimeSpan Since(long timestamp) => time.GetElapsedTime(timestamp);

    internal TimeSpan Between(long earlier, long later) => time.GetElapsedTime(earlier, later);

    internal long After(long timestamp, TimeSpan later) =>
        timestamp + (long)(later.TotalSeconds * time.TimestampFrequency);

    /// <summary>Waits; zero or less does not wait at all.</summary>
    internal Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return delay <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(delay, time, cancellationToken);
    }
}
