namespace ModemDriver.Simulator.Time;

/// <summary>Waits for the steps of the access points' scripts, and tells of each. For the loop only.</summary>
#pragma warning disable CA1001 // A token source without a timer holds nothing; Stop cancels it.
internal sealed class AirWatch(SimulatorLoop loop, ModuleClock clock, SimulatedWorld world, Action changed)
#pragma warning restore CA1001
{
    /// <summary>Timers have a longest time, scripts have none.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private CancellationTokenSource _watch = new();

    /// <summary>Begins, or begins anew because the world has changed.</summary>
    internal void Start()
    {
        Stop();
        _watch = new CancellationTokenSource();
        CancellationToken watch = _watch.Token;
        loop.StartHere(() => WatchAsync(watch));
    }

    internal void Stop() => _watch.Cancel();

    private async Task WatchAsync(CancellationToken watch)
    {
        while (world.NextStep(clock.Elapsed) is TimeSpan next)
        {
            TimeSpan wait = next - clock.Elapsed;
            await clock.WaitAsync(wait < LongestWait ? wait : LongestWait, watch);
            watch.ThrowIfCancellationRequested();
            if (clock.Elapsed >= next)
            {
                changed();
            }
        }
    }
}
