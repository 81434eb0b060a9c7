namespace ModemDriver.Simulator.Time;

/// <summary>Exact waits on a time provider that someone else moves.</summary>
internal sealed class VirtualPace(TimeProvider time) : IPace
{
    // A receiver's interrupt threshold is of this order; smaller steps would only make more timers. At low rates less,
    // so that a step stays well below the 20 ms of silence that modules look for.
    public int StepBytes(int bitRate) => Math.Clamp(bitRate / 1500, 1, 64);

    public async Task UntilAsync(long timestamp, CancellationToken cancellationToken)
    {
        long ahead = timestamp - time.GetTimestamp();
        if (ahead <= 0)
        {
            return;
        }

        long ticks = (long)Math.Ceiling(ahead * (double)TimeSpan.TicksPerSecond / time.TimestampFrequency);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration cancelled = cancellationToken.Register(
            () => reached.TrySetCanceled(cancellationToken));
        await using ITimer timer = time.CreateTimer(
            static state => ((TaskCompletionSource)state!).TrySetResult(),
            reached,
            TimeSpan.FromTicks(ticks),
            Timeout.InfiniteTimeSpan);
        await reached.Task;
    }
}
