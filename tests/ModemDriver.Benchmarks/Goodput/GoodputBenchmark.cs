using ModemDriver.Simulator;

namespace ModemDriver.Benchmarks.Goodput;

/// <summary>
/// Payload through a link in each mode and direction over a paced line, beside what the line allows in that mode. The
/// clock is virtual, so a second run gives the same figures. What arrives is compared byte for byte.
/// </summary>
internal sealed class GoodputBenchmark : IBenchmark
{
    private const int PayloadBytes = 512 * 1024;
    private static readonly int[] BitRates = [115_200, 921_600, 3_000_000];

    public string Name => "goodput";

    public string Description => "payload through a link in each mode over a paced line, beside what the line allows";

    public Task<IReport> RunAsync(BenchmarkOptions options)
    {
        byte[] payload = new byte[PayloadBytes];
        new Random(options.Seed).NextBytes(payload);
        GoodputTable table = new(PayloadBytes / 1024, BitRates);
        foreach (GoodputModule module in GoodputModule.All)
        {
            foreach (GoodputMode mode in GoodputMode.All)
            {
                table.Add(new GoodputRow(module, mode)
                {
                    Out = Measure(module, ModuleTimings.Instant, mode, GoodputDirection.Out, payload),
                    OutWithVerdict = Measure(module, ModuleTimings.Typical, mode, GoodputDirection.Out, payload),
                    In = Measure(module, ModuleTimings.Instant, mode, GoodputDirection.In, payload),
                    Both = LosesBothWays(mode) ? [] : Measure(module, ModuleTimings.Instant, mode, GoodputDirection.Both, payload),
                });
            }
        }

        return Task.FromResult<IReport>(table);
    }

    // A simulated module that pushes all it can does not read meanwhile, and on three wires what it does not read is lost.
    private static bool LosesBothWays(GoodputMode mode) => mode.IsTransparent || mode.Receive == ReceiveMode.Push;

    // Per bit rate, the share of it that was payload.
    private static double[] Measure(
        GoodputModule module, ModuleTimings timings, GoodputMode mode, GoodputDirection direction, byte[] payload) =>
        [.. BitRates.Select(rate => Transfer.Measure(module, timings, mode, direction, rate, payload))];
}
