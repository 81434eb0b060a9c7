using System.Diagnostics;

namespace ModemDriver.Benchmarks;

/// <summary>The runs of one contestant.</summary>
/// <param name="Seconds">How long each run took.</param>
/// <param name="AllocatedBytes">What the thread that was measured allocated in the last run.</param>
internal sealed record Measurement(double[] Seconds, long AllocatedBytes)
{
    public double Median => Ordered[Ordered.Length / 2];

    public double Best => Ordered[0];

    public double Worst => Ordered[^1];

    private double[] Ordered { get; } = [.. Seconds.Order()];

    /// <summary>Runs a contestant on this thread: once for the compiler, then as often as asked.</summary>
    /// <param name="runs">How often.</param>
    /// <param name="run">Does the work, and returns a figure that all contestants must agree on.</param>
    /// <param name="figure">The figure of the last run.</param>
    public static Measurement Take(int runs, Func<long> run, out long figure)
    {
        long warmUp = Stopwatch.GetTimestamp();
        do
        {
            figure = run();
        }
        while (Stopwatch.GetElapsedTime(warmUp) < TimeSpan.FromSeconds(1));

        double[] seconds = new double[runs];
        long allocated = 0;
        for (int i = 0; i < runs; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            figure = run();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return new Measurement(seconds, allocated);
    }
}
