using System.Globalization;

namespace ModemDriver.Simulation;

/// <summary>What many runs have come to.</summary>
internal sealed class Totals
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly List<TimeSpan> _recoveries = [];
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private int _runs;
    private long _steps;
    private (TimeSpan Time, int Seed) _slowest;
    private TimeSpan _virtual;
    private long _wire;
    private long _carried;
    private (TimeSpan Time, int Seed) _worst;

    /// <summary>The runs that have failed, lowest seed first.</summary>
    public IReadOnlyList<RunResult> Failures => [.. _failures.Values];

    private readonly SortedDictionary<int, RunResult> _failures = [];

    /// <summary>Adds a run.</summary>
    public void Add(RunResult result, TimeSpan took)
    {
        _steps += result.Steps;
        if (took > _slowest.Time)
        {
            _slowest = (took, result.Plan.Seed);
        }

        _runs++;
        _virtual += result.VirtualTime;
        _wire += result.WireBytes;
        _carried += result.Ledger.BytesCarried;
        _recoveries.AddRange(result.Ledger.Recoveries);
        foreach ((string name, long count) in result.Ledger.Counts)
        {
            _counts[name] = _counts.GetValueOrDefault(name) + count;
        }

        if (result.Ledger.WorstRecovery > _worst.Time)
        {
            _worst = (result.Ledger.WorstRecovery, result.Plan.Seed);
        }

        if (result.HasFailed)
        {
            _failures[result.Plan.Seed] = result;
        }
    }

    /// <summary>Prints them.</summary>
    public void Print(TextWriter output)
    {
        foreach ((string name, long count) in _counts)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {count}"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {_runs} runs, {_virtual.TotalHours:0.0} hours on their clocks, {_wire} bytes on the wire, {_carried} bytes carried and compared
            {_recoveries.Count} recoveries; the longest way back after the last fault: {_worst.Time.TotalSeconds:0.0} s (seed {_worst.Seed})
            {_failures.Count} runs with violations: {string.Join(", ", _failures.Keys.Take(40))}
            {_steps} steps in {TimeProvider.System.GetElapsedTime(_started).TotalSeconds:0.0} s; the slowest run took {_slowest.Time.TotalSeconds:0.0} s (seed {_slowest.Seed})
            """));
    }
}
