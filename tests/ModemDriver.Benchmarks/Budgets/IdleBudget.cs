using System.Diagnostics;
using System.Globalization;
using ModemDriver.Simulator;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// A process with a modem that is online on a pseudo-terminal, and one with nothing, side by side: wake-ups (voluntary
/// context switches of all threads) and processor time.
/// </summary>
internal sealed class IdleBudget : IBudget
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    // What was started for the first command is still going to sleep: a thread of the pool ends after 20 s without work.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan QuickSettling = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    public string Name => "idle";

    public async Task<IReadOnlyList<BudgetRow>> MeasureAsync(BenchmarkOptions options)
    {
        TimeSpan window = TimeSpan.FromSeconds(options.IsQuick ? 5 : 65);
        await using ModemSimulator module = new(new SimulatorOptions { Network = new InMemoryNetwork() });
        using PtyPort pty = module.OpenPty();
        using Process bare = ChildProcess.Start(IdleChild.Word);
        using Process ours = ChildProcess.Start(IdleChild.Word, pty.DevicePath);
        try
        {
            await ReadyAsync(bare);
            await ReadyAsync(ours);
            await Task.Delay(options.IsQuick ? QuickSettling : Settling);
            Task<Usage> bareUse = UseAsync(bare.Id, window, options.IsQuick), oursUse = UseAsync(ours.Id, window, options.IsQuick);
            (Usage bareUsed, Usage oursUsed) = (await bareUse, await oursUse);
            string what = string.Create(CultureInfo.InvariantCulture, $"idle for {window.TotalSeconds:0} s");
            return
            [
                new BudgetRow(
                    what + ": wake-ups, beside an idle process", "count", bareUsed.WakeUps, oursUsed.WakeUps, double.NaN, "<= baseline",
                    oursUsed.WakeUps <= bareUsed.WakeUps),
                BudgetRow.Note(what + ": processor time", "ms", bareUsed.Milliseconds, oursUsed.Milliseconds),
            ];
        }
        finally
        {
            await ChildProcess.EndAsync(bare);
            await ChildProcess.EndAsync(ours);
        }
    }

    // From one wake-up on, if there are any: the runtime's own come every ten seconds, and how many of them fall into a minute
    // would depend on when it begins.
    private static async Task<Usage> UseAsync(int process, TimeSpan window, bool isQuick)
    {
        Usage before = Usage.Of(process);
        long start = Stopwatch.GetTimestamp();
        TimeSpan limit = isQuick ? TimeSpan.Zero : LongestSilence;
        for (Usage now = before; now.WakeUps == before.WakeUps && Stopwatch.GetElapsedTime(start) < limit; now = Usage.Of(process))
        {
            await Task.Delay(BetweenLooks);
        }

        before = Usage.Of(process);
        await Task.Delay(window);
        return Usage.Of(process) - before;
    }

    private static async Task ReadyAsync(Process process)
    {
        string? line = await process.StandardOutput.ReadLineAsync().WaitAsync(StartLimit);
        if (line != IdleChild.Ready)
        {
            throw new InvalidOperationException($"The idle process said: {line}");
        }
    }

    /// <summary>What the threads of a process have used so far.</summary>
    private sealed class Usage
    {
        private readonly Dictionary<string, (long WakeUps, double Milliseconds)> _threads = new(StringComparer.Ordinal);

        public long WakeUps { get; private set; }

        public double Milliseconds { get; private set; }

        // A thread that has ended since is not seen any more; one that has begun counts whole.
        public static Usage operator -(Usage after, Usage before)
        {
            Usage used = new();
            foreach ((string thread, (long wakeUps, double milliseconds)) in after._threads)
            {
                (long wakeUpsBefore, double millisecondsBefore) = before._threads.GetValueOrDefault(thread);
                used.WakeUps += wakeUps - wakeUpsBefore;
                used.Milliseconds += milliseconds - millisecondsBefore;
            }

            return used;
        }

        public static Usage Of(int process)
        {
            const string WakeUps = "voluntary_ctxt_switches:";
            Usage usage = new();
            foreach (string task in Directory.EnumerateDirectories($"/proc/{process}/task"))
            {
                string line = File.ReadLines(Path.Combine(task, "status")).First(
                    text => text.StartsWith(WakeUps, StringComparison.Ordinal));
                string spent = File.ReadAllText(Path.Combine(task, "schedstat")); // nanoseconds on a processor, ...
                usage._threads.Add(task, (
                    long.Parse(line[WakeUps.Length..], CultureInfo.InvariantCulture),
                    double.Parse(spent[..spent.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture) / 1e6));
            }

            return usage;
        }
    }
}
