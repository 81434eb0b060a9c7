using ModemDriver.Benchmarks.Goodput;
using ModemDriver.Simulator;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// Goodput on the virtual clock with exact byte times, beside the ceiling of the mode; of all bit rates and directions
/// the one that is farthest from it. Every run gives the same, so there is one.
/// </summary>
internal sealed class VirtualGoodputBudget : IBudget
{
    private static readonly int[] BitRates = [115_200, 921_600, 3_000_000];

    public string Name => "goodput";

    public Task<IReadOnlyList<BudgetRow>> MeasureAsync(BenchmarkOptions options)
    {
        // No less where all is to be quick: a push of ESP-AT ends with a silence of 10 ms, which is 1 % of a second.
        byte[] payload = new byte[512 * 1024];
        new Random(options.Seed).NextBytes(payload);
        List<BudgetRow> rows = [];
        foreach (GoodputModule module in GoodputModule.All)
        {
            foreach (GoodputMode mode in GoodputMode.All)
            {
                rows.Add(Worst(module, mode, GoodputDirection.Out, WireCost.Out(mode, module).Share, payload));
                rows.Add(Worst(module, mode, GoodputDirection.In, WireCost.In(mode, module).Share, payload));
            }
        }

        return Task.FromResult<IReadOnlyList<BudgetRow>>(rows);
    }

    private static BudgetRow Worst(
        GoodputModule module, GoodputMode mode, GoodputDirection direction, double ceiling, byte[] payload)
    {
        double least = BitRates.Min(
            rate => Transfer.Measure(module, ModuleTimings.Instant, mode, direction, rate, payload));
        string way = direction == GoodputDirection.Out ? "out" : "in";
        return BudgetRow.Share($"goodput {module.Personality}, {mode.Name}, {way}", "% of line", ceiling * 100, least * 100, 0.98);
    }
}
