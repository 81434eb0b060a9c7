using System.Globalization;

namespace ModemDriver.Simulation.Checks;

/// <summary>What a run has found: violations of promises, what is excused by name, and counts for the report.</summary>
internal sealed class Ledger(TimeProvider time)
{
    private const int MostViolations = 20;

    private readonly List<string> _violations = [];
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Promises that were broken, in order.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Counts by name: faults, excuses, outcomes.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>Bytes that were read and found right, both ways.</summary>
    public long BytesCarried { get; set; }

    /// <summary>How long each recovery took, from the first loss to the network.</summary>
    public List<TimeSpan> Recoveries { get; } = [];

    /// <summary>How long the modem took to be online after the last fault.</summary>
    public TimeSpan WorstRecovery { get; set; }

    /// <summary>A promise was broken.</summary>
    public void Violated(string promise, string what)
    {
        if (_violations.Count < MostViolations)
        {
            _violations.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{TimeSpan.FromTicks(time.GetTimestamp()).TotalSeconds:0.000} s, {promise}: {what}"));
        }
    }

    /// <summary>Counts something.</summary>
    public void Count(string name, long by = 1) => _counts[name] = _counts.GetValueOrDefault(name) + by;
}
