using System.Diagnostics;
using System.Globalization;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// A command and its OK over a pseudo-terminal: by the driver, and by a plain write and read. Each has a terminal of its
/// own with the same responder.
/// </summary>
internal sealed class PtyTrips : IAsyncDisposable
{
    /// <summary>The word on the command line of a process that measures nothing else.</summary>
    public const string Word = "pty-child";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly BareResponder _first;
    private readonly BareResponder _second;
    private readonly RawPort _raw;
    private readonly Modem _modem;

    private PtyTrips(BareResponder first, BareResponder second, Modem modem)
    {
        _first = first;
        _second = second;
        _raw = new RawPort(first.Path);
        _modem = modem;
    }

    /// <summary>What the driver's last run has allocated for each.</summary>
    public double AllocatedForEach { get; private set; }

    public static async Task<PtyTrips> OpenAsync()
    {
        BareResponder second = new();
        return new PtyTrips(new BareResponder(), second, await Modem.OpenAsync(second.Path).WaitAsync(Limit));
    }

    /// <summary>For a process that was started for this alone. Prints the medians, in seconds, and the median ratio.</summary>
    public static async Task<int> RunChildAsync(string[] args)
    {
        int runs = int.Parse(args[0], CultureInfo.InvariantCulture);
        int trips = int.Parse(args[1], CultureInfo.InvariantCulture);
        await using PtyTrips pair = await OpenAsync();
        Duel duel = await pair.MeasureAsync(runs, trips);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{duel.Baseline:R} {duel.Ours:R} {duel.Ratio:R}"));
        return 0;
    }

    public Task<Duel> MeasureAsync(int runs, int trips) => Duel.RunAsync(
        runs,
        () => Task.FromResult(Raw(trips)),
        () => OursAsync(trips));

    /// <summary>The median time of a plain write and read.</summary>
    public double Raw(int trips) => Measure(trips, () => _raw.Ask("AT\r\n"u8));

    // The median of single trips: what else the machine does in between is not in it.
    public static double Measure(int trips, Action trip)
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

    public async ValueTask DisposeAsync()
    {
        await _modem.DisposeAsync();
        _raw.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private async Task<double> OursAsync(int trips)
    {
        double[] seconds = new double[trips];
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < trips; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await _modem.SendAsync("AT");
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        AllocatedForEach = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / trips;
        return Duel.Median(seconds);
    }
}
