using ModemDriver.Benchmarks.Goodput;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// Goodput over a pseudo-terminal whose bytes take their time, beside the ceiling computed with the turnaround that a
/// bare request and answer have on such a terminal in this run.
/// </summary>
internal sealed class PacedGoodputBudget : IBudget
{
    private const int BitRate = 921_600;
    private static readonly GoodputDirection[] Directions = [GoodputDirection.Out, GoodputDirection.In];
    private static readonly GoodputModule[] Modules = [GoodputModule.All[0], GoodputModule.All[2]];

    public string Name => "paced";

    public async Task<IReadOnlyList<BudgetRow>> MeasureAsync(BenchmarkOptions options)
    {
        byte[] payload = new byte[(options.IsQuick ? 32 : 96) * 1024];
        new Random(options.Seed).NextBytes(payload);
        GoodputMode[] modes = options.IsQuick ? [GoodputMode.All[2], GoodputMode.All[4]] : [.. GoodputMode.All];
        List<BudgetRow> rows = [];
        foreach (GoodputModule module in Modules.Take(options.IsQuick ? 1 : 2))
        {
            double turnaround = await PacedStage.MeasureTurnaroundAsync(module, BitRate, options.IsQuick ? 100 : 500);
            rows.Add(BudgetRow.Note($"turnaround of a bare AT on a paced pty, {module.Personality}", "µs", double.NaN, turnaround * 1e6));
            foreach (GoodputMode mode in modes)
            {
                foreach (GoodputDirection direction in Directions)
                {
                    double ceiling = PacedStage.Ceiling(mode, module, direction, BitRate, turnaround);
                    double reached = await PacedStage.MeasureAsync(module, mode, direction, BitRate, options.Runs, payload);
                    string way = direction == GoodputDirection.Out ? "out" : "in";
                    rows.Add(BudgetRow.Share(
                        $"paced pty {module.Personality}, {mode.Name}, {way}", "% of line", ceiling * 100, reached * 100, 0.9));
                }
            }
        }

        return rows;
    }
}
