using System.Diagnostics;
using System.Globalization;
using System.IO.Ports;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// A command and its OK over a pseudo-terminal: by the driver, by a plain write and read, and by the loop that people
/// write over SerialPort. Each has a terminal of its own with the same responder, so that all stay open.
/// </summary>
/// <remarks>
/// A round trip is a row of wake-ups of threads. On one processor each costs the same for both contestants. On several it
/// costs what the system makes of it: the plain loop alone takes 10 or 90 µs on the same machine, by where its two threads
/// are put. So the budget counts on one, and the figure of all processors stands beside it.
/// </remarks>
internal sealed class PtyCommandBudget : IBudget
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public string Name => "pty";

    public async Task<IReadOnlyList<BudgetRow>> MeasureAsync(BenchmarkOptions options)
    {
        int trips = options.IsQuick ? 1000 : options.Trips;
        (double baseline, double ours, double ratio) = await MeasureOnOneProcessorAsync(options.Runs, trips);
        await using PtyTrips pair = await PtyTrips.OpenAsync();
        Duel anywhere = await pair.MeasureAsync(options.Runs, trips);
        Duel serial = await MeasureSerialPortAsync(pair, options.IsQuick ? 1 : options.Runs, trips / 10);
        return
        [
            new BudgetRow(
                "command round trip on a pty, by raw write and read", "µs", baseline * 1e6, ours * 1e6, ratio, "<= 1.50", ratio <= 1.5),
            BudgetRow.Note("  on all processors, by where the system puts the threads", "µs", anywhere.Baseline * 1e6, anywhere.Ours * 1e6),
            BudgetRow.Note("  allocated for each (Modem.SendAsync)", "B", double.NaN, pair.AllocatedForEach),
            BudgetRow.Note("  the hand-written loop over SerialPort, by raw", "µs", serial.Baseline * 1e6, serial.Ours * 1e6),
        ];
    }

    private static async Task<(double Baseline, double Ours, double Ratio)> MeasureOnOneProcessorAsync(int runs, int trips)
    {
        using Process child = ChildProcess.StartOnOneProcessor(
            PtyTrips.Word, runs.ToString(CultureInfo.InvariantCulture), trips.ToString(CultureInfo.InvariantCulture));
        try
        {
            string line = await child.StandardOutput.ReadLineAsync().WaitAsync(Limit)
                ?? throw new InvalidOperationException("The process on one processor said nothing.");
            double[] figures = [.. line.Split(' ').Select(static word => double.Parse(word, CultureInfo.InvariantCulture))];
            return (figures[0], figures[1], figures[2]);
        }
        finally
        {
            await ChildProcess.EndAsync(child);
        }
    }

    private static async Task<Duel> MeasureSerialPortAsync(PtyTrips pair, int runs, int trips)
    {
        using BareResponder responder = new();
        using SerialPort port = new(responder.Path);
        port.Open();
        HandWrittenLoop byHand = new(port.Write, port.ReadLine);
        return await Duel.RunAsync(
            runs,
            () => Task.FromResult(pair.Raw(trips)),
            () => Task.FromResult(PtyTrips.Measure(trips, () => byHand.Send("AT"))),
            warmUps: 0);
    }
}
