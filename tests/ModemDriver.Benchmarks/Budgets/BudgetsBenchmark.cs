using System.Diagnostics;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>Measures the project's budgets. The exit code is 1 when one is missed.</summary>
internal sealed class BudgetsBenchmark : IBenchmark
{
    // The framer first: what runs before it changes what the compiler makes of it.
    private static readonly IBudget[] All =
    [
        new FramerBudget(), new MemoryCommandBudget(), new PtyCommandBudget(), new VirtualGoodputBudget(),
        new PacedGoodputBudget(), new UnpacedBudget(), new ManyModemsBudget(), new IdleBudget(), new MqttBudget(),
    ];

    public string Name => "budgets";

    public string Description =>
        "all budgets in one table, with --quick in under a minute; --only " + string.Join('|', All.Select(budget => budget.Name));

    public async Task<IReport> RunAsync(BenchmarkOptions options)
    {
        BudgetTable table = new(options.Runs);
        foreach (IBudget budget in All)
        {
            if (options.Only is null || options.Only == budget.Name)
            {
                long start = Stopwatch.GetTimestamp();
                table.AddRange(await budget.MeasureAsync(options));
                await Console.Error.WriteLineAsync(
                    $"{budget.Name}: {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
            }
        }

        return table;
    }
}
