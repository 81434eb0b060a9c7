using System.Diagnostics;
using System.IO.Ports;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// A command and its OK over a pseudo-terminal: by the driver, by a plain write and read, and by the loop that people
/// write over SerialPort. Each has a terminal of its own with the same responder, so that all stay open.
/// </summary>
internal sealed class PtyCommandBudget : IBudget
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public string Name => "pty";

    public async Task<IReadOnlyList<BudgetRow>> MeasureAsync(BenchmarkOptions options)
    {
        int trips = options.IsQuick ? 1000 : options.Trips;
        using BareResponder first = new();
        using BareResponder second = new();
        using BareResponder third = new();
        using RawPort raw = new(first.Path);
        using SerialPort port = new(third.Path);
        port.Open();
        HandWrittenLoop byHand = new(port.Write, port.ReadLine);
        await using Modem modem = await Modem.OpenAsync(second.Path).WaitAsync(Limit);

        long allocated = 0;
        Duel duel = await Duel.RunAsync(
            options.Runs,
            () => Task.FromResult(Trips(trips, () => raw.Ask("AT\r\n"u8))),
            async () =>
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                double median = await OursAsync(modem, trips);
                allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
                return median;
            });
        int few = trips / 10;
        Duel serial = await Duel.RunAsync(
            options.IsQuick ? 1 : options.Runs,
            () => Task.FromResult(Trips(few, () => raw.Ask("AT\r\n"u8))),
            () => Task.FromResult(Trips(few, () => byHand.Send("AT"))),
            warmUps: 0);
        return
        [
            BudgetRow.AtMost("command round trip on a pty, by raw write and read", "µs", duel, 1.5, 1e6),
            BudgetRow.Note("  allocated for each (Modem.SendAsync)", "B", double.NaN, (double)allocated / trips),
            BudgetRow.Note("  the hand-written loop over SerialPort, by raw", "µs", serial.Baseline * 1e6, serial.Ours * 1e6),
        ];
    }

    // The median of single trips: what else the machine does in between is not in it.
    private static double Trips(int trips, Action trip)
    {
        double[] seconds = new double[trips];
        for (int i = 0; i < trips; i++)
        {
            long start = Stopwatch.GetTimestamp();
            trip();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return Duel.Median(seconds);
    }

    private static async Task<double> OursAsync(Modem modem, int trips)
    {
        double[] seconds = new double[trips];
        for (int i = 0; i < trips; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await modem.SendAsync("AT");
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return Duel.Median(seconds);
    }
}
