namespace ModemDriver.Simulator.Time;

/// <summary>Waits for a moment more exactly than <see cref="Task.Delay(TimeSpan, TimeProvider)"/>, which counts whole
/// milliseconds; a byte at 115,200 bit/s takes 87 microseconds.</summary>
internal interface IPace
{
    /// <summary>Bytes that move in one step at this rate; the last byte of a burst is always exact.</summary>
    int StepBytes(int bitRate);

    /// <summary>Completes when the clock has reached the timestamp.</summary>
    Task UntilAsync(long timestamp, CancellationToken cancellationToken);
}
