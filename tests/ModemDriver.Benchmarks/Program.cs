using ModemDriver.Benchmarks.Budgets;
using ModemDriver.Benchmarks.Goodput;
using ModemDriver.Benchmarks.Micro;
using ModemDriver.Benchmarks.Mqtt;

namespace ModemDriver.Benchmarks;

/// <summary>
/// Measures the driver against a bare loop over the same bytes in the same run. Ratios count; figures are the machine's.
/// </summary>
internal static class Program
{
    // A fresh process for each: one long process mixes the profiles of the compiler.
    private static readonly IBenchmark[] All =
    [
        new SplitterBenchmark(), new FramerBenchmark(withPayload: true), new FramerBenchmark(withPayload: false),
        new RoundTripBenchmark(), new TransparentBenchmark(), new GoodputBenchmark(), new PacedGoodputBenchmark(),
        new MqttBenchmark(), new MicroBenchmark(), new BudgetsBenchmark(),
    ];

    private static async Task<int> Main(string[] args)
    {
        if (args is [IdleChild.Word, ..])
        {
            return await IdleChild.RunAsync(args[1..]);
        }

        if (args is [PtyTrips.Word, ..])
        {
            return await PtyTrips.RunChildAsync(args[1..]);
        }

        BenchmarkOptions? options = BenchmarkOptions.Parse(args, out string? mistake);
        IBenchmark? chosen = Array.Find(All, benchmark => benchmark.Name == options?.Benchmark);
        if (options is null || chosen is null)
        {
            await Console.Error.WriteLineAsync(mistake ?? $"There is no benchmark {options?.Benchmark}.");
            await Console.Error.WriteLineAsync("usage: NAME [--runs N] [--seed N] [--megabytes N] [--trips N] [--quick] [--only NAME]");
            foreach (IBenchmark benchmark in All)
            {
                await Console.Error.WriteLineAsync($"  {benchmark.Name,-12} {benchmark.Description}");
            }

            return 1;
        }

        IReport report = await chosen.RunAsync(options);
        Console.Write(report.Format());
        return report.IsHeld ? 0 : 1;
    }
}
