using System.Globalization;

namespace ModemDriver.Simulation;

/// <summary>Runs many seeds, each on one thread, some threads at once.</summary>
internal sealed class Batch(int first, int count, string? dialect)
{
    private const int ShownFailures = 20;
    private const int ShownViolations = 3;

    private static readonly TimeSpan LongRun = TimeSpan.FromSeconds(60);

    // Some hundred times what a run takes: it does not come back any more.
    private static readonly TimeSpan LostRun = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Totals _totals = new();
    private readonly Dictionary<int, long> _running = [];
    private readonly List<string> _unobserved = [];
    private readonly int _end = first + count;
    private int _next = first;

    /// <summary>How many threads.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether the first violation ends it.</summary>
    public bool StopsAtFirst { get; init; }

    /// <summary>Runs them, and prints what was found.</summary>
    /// <returns>Whether no promise was broken.</returns>
    public bool Run(TextWriter output)
    {
        TaskScheduler.UnobservedTaskException += OnUnobserved;
        try
        {
            return RunSeeds(output) & HasObservedAll(output);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= OnUnobserved;
        }
    }

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        lock (_gate)
        {
            _unobserved.Add(e.Exception.ToString());
        }
    }

    // A task that has failed, and whose exception nobody has looked at, says so when it is collected; not of which seed it was.
    private bool HasObservedAll(TextWriter output)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        lock (_gate)
        {
            foreach (string exception in _unobserved.Take(ShownFailures))
            {
                output.WriteLine("VIOLATION " + Checks.Promise.Truth + ": a task has failed, and nobody has looked: " + exception);
            }

            return _unobserved.Count == 0;
        }
    }

    private bool RunSeeds(TextWriter output)
    {
        var threads = new Thread[Threads];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Work)
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"seeds {i}"),
                IsBackground = true, // a run that does not come back does not keep the program
            };
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            while (!thread.Join(LongRun))
            {
                if (FindLostRun(output))
                {
                    return false;
                }
            }
        }

        foreach (RunResult failure in _totals.Failures.Take(ShownFailures))
        {
            output.WriteLine(failure.Plan);
            foreach (string violation in failure.Ledger.Violations.Take(ShownViolations))
            {
                output.WriteLine("VIOLATION " + violation);
            }
        }

        if (_totals.Failures.Count > 0)
        {
            Report.Smallest(_totals.Failures[0], output);
        }

        _totals.Print(output);
        return _totals.Failures.Count == 0;
    }

    // A run that does not come back cannot be looked into from here; it is named, and ends the batch.
    private bool FindLostRun(TextWriter output)
    {
        lock (_gate)
        {
            foreach ((int seed, long began) in _running)
            {
                TimeSpan time = TimeProvider.System.GetElapsedTime(began);
                if (time > LongRun)
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed} has been running for {time.TotalSeconds:0} s"));
                }

                if (time > LostRun)
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"VIOLATION seed {seed} does not come back"));
                    return true;
                }
            }
        }

        return false;
    }

    private void Work()
    {
        while (Interlocked.Increment(ref _next) - 1 is var seed && seed < _end)
        {
            long began = TimeProvider.System.GetTimestamp();
            lock (_gate)
            {
                _running[seed] = began;
            }

            RunResult result = SimulationRun.Execute(RunPlan.Draw(seed, dialect));
            lock (_gate)
            {
                _running.Remove(seed);
                _totals.Add(result, TimeProvider.System.GetElapsedTime(began));
                if (result.HasFailed && StopsAtFirst)
                {
                    Volatile.Write(ref _next, _end);
                }
            }
        }
    }
}
