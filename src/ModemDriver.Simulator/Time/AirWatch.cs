namespace ModemDriver.Simulator.Time;

/// <summary>Waits for the steps of the access points' scripts, and tells of each. For the loop only.</summary>
internal sealed class AirWatch(SimulatorLoop loop, ModuleClock clock, SimulatedWorld world, Action changed)
{
    /// <summary>Timers have a longest time, scripts have none.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private int _watch;

    /// <summary>Begins, or begins anew because the world has changed.</summary>
    internal void Start()
    {
        int watch = ++_watch;
        loop.StartHere(() => WatchAsync(watch));
    }

    internal void Stop() => _watch++;

    private async Task WatchAsync(int watch)
    {
        while (world.NextStep(clock.Elapsed) is TimeSpan next)
        {
            TimeSpan wait = next - clock.Elapsed;
            await clock.WaitAsync(wait < LongestWait ? wait : LongestWait, CancellationToken.None);
            if (watch != _watch)
            {
                return;
            }

            if (clock.Elapsed >= next)
            {
                changed();
            }
        }
    }
}
