using System.Diagnostics;
using ModemDriver.Framing;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>The framer beside the bare splitter, over the same bytes in the same reads.</summary>
internal sealed class FramerBudget : IBudget
{
    public string Name => "framer";

    public async Task<IReadOnlyList<BudgetRow>> MeasureAsync(BenchmarkOptions options)
    {
        int bytes = options.IsQuick ? 16 * 1024 * 1024 : options.Megabytes * 1024 * 1024;
        return
        [
            .. await MeasureAsync("framer, payload-heavy", MixedInput.Generate(options.Seed, bytes), options, 1.2),
            .. await MeasureAsync("framer, short lines", MixedInput.GenerateLines(options.Seed, bytes), options, 2.5),
        ];
    }

    private static async Task<IReadOnlyList<BudgetRow>> MeasureAsync(
        string what, byte[] input, BenchmarkOptions options, double limit)
    {
        LineSplitter splitter = new();
        AtFramer framer = FramerBenchmark.CreateFramer();
        long allocated = 0;
        Duel duel = await Duel.RunAsync(
            options.Runs * 3,
            () => Time(() => SplitterBenchmark.Split(splitter, input)),
            () =>
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                long start = Stopwatch.GetTimestamp();
                FramerBenchmark.Frame(framer, input);
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                return Task.FromResult(seconds);
            },
            warmUps: 5);
        return
        [
            BudgetRow.AtMost(what, "ms", duel, limit, 1e3),
            BudgetRow.Count(what + ", allocated", "B/MB", allocated / (input.Length / 1e6), 0),
        ];
    }

    private static Task<double> Time(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Task.FromResult(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
