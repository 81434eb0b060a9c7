using System.Globalization;
using System.Text;

namespace ModemDriver.Benchmarks.Goodput;

/// <summary>
/// Payload through a link in each mode and direction over a pseudo-terminal whose bytes take their time, on the machine's
/// own clock, beside what the mode allows with the turnaround that a bare request and answer have in this run.
/// </summary>
internal sealed class PacedGoodputBenchmark : IBenchmark
{
    private const double LeastShare = 0.9;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;
    private static readonly int[] BitRates = [115_200, 921_600, 3_000_000];

    // One of each generation that speaks differently on the wire; the others are the same to the byte.
    private static readonly GoodputModule[] Modules = [.. GoodputModule.All.Take(3)];

    public string Name => "goodput-pty";

    public string Description => "the same over a pseudo-terminal, on the machine's own clock; takes about eight minutes";

    public async Task<IReport> RunAsync(BenchmarkOptions options)
    {
        StringBuilder text = new();
        text.AppendLine("Allowed: payload in percent of the bit rate, with two turnarounds for each unit. Reached: in percent of that.");
        bool isHeld = true;
        foreach (GoodputModule module in Modules)
        {
            foreach (int rate in options.IsQuick ? [BitRates[1]] : BitRates)
            {
                double turnaround = await PacedStage.MeasureTurnaroundAsync(module, rate, 200);
                text.AppendLine();
                text.AppendLine(Culture, $"{module.Personality} at {rate:N0} bit/s, turnaround {turnaround * 1e6:0} µs:");
                text.AppendLine();
                text.AppendLine("| mode              | out: allowed | reached | in: allowed | reached | both: allowed | reached |");
                text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
                foreach (GoodputMode mode in GoodputMode.All)
                {
                    text.Append(Culture, $"| {mode.Name,-17} |");
                    foreach (GoodputDirection direction in Enum.GetValues<GoodputDirection>())
                    {
                        isHeld &= await MeasureAsync(module, mode, direction, rate, turnaround, options, text);
                    }

                    text.AppendLine();
                    await Console.Error.WriteLineAsync($"{module.Personality}, {mode.Name}, {rate} bit/s");
                }
            }
        }

        return new Report(text.ToString(), isHeld);
    }

    // Both ways at once, a simulated module that pushes all it can does not read, and on three wires what it does not
    // read is lost.
    private static async Task<bool> MeasureAsync(
        GoodputModule module, GoodputMode mode, GoodputDirection direction, int rate, double turnaround, BenchmarkOptions options, StringBuilder text)
    {
        if (direction == GoodputDirection.Both && (mode.IsTransparent || mode.Receive == ReceiveMode.Push))
        {
            text.Append("             - |       - |");
            return true;
        }

        // As much as takes about a second, and whole units: in transparent mode a module waits for the rest of a packet.
        const int Unit = 8192;
        byte[] payload = new byte[((rate / 10) + Unit - 1) / Unit * Unit];
        new Random(options.Seed).NextBytes(payload);
        double ceiling = PacedStage.Ceiling(mode, module, direction, rate, turnaround);
        double reached = await PacedStage.MeasureAsync(module, mode, direction, rate, Math.Min(options.Runs, 3), payload) / ceiling;
        text.Append(Culture, $" {ceiling * 100,12:0.0} | {reached * 100,7:0.0} |");
        return reached >= LeastShare;
    }

    private sealed record Report(string Text, bool IsHeld) : IReport
    {
        public string Format() => Text;
    }
}
