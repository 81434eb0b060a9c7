using System.Globalization;

namespace ModemDriver.Simulation;

/// <summary>What came of each kind of fault: a table.</summary>
internal sealed class FaultOutcomes
{
    private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);

    /// <summary>A fault is over, and an exchange has worked again.</summary>
    /// <param name="kind">Of the fault.</param>
    /// <param name="failed">How many exchanges failed meanwhile.</param>
    /// <param name="back">How long after its end the first one worked.</param>
    public void Add(string kind, int failed, TimeSpan back)
    {
        Row row = _rows.TryGetValue(kind, out Row? known) ? known : _rows[kind] = new Row();
        row.Unnoticed += failed == 0 ? 1 : 0;
        row.Times.Add(back);
    }

    /// <summary>Adds all of another.</summary>
    public void Add(FaultOutcomes other)
    {
        foreach ((string kind, Row row) in other._rows)
        {
            Row mine = _rows.TryGetValue(kind, out Row? known) ? known : _rows[kind] = new Row();
            mine.Unnoticed += row.Unnoticed;
            mine.Times.AddRange(row.Times);
        }
    }

    /// <summary>Prints it as a table of Markdown.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine("| Fault | Times | Exchanges went on | Some failed | Back after, median | Longest |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach ((string kind, Row row) in _rows)
        {
            row.Times.Sort();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {kind} | {row.Times.Count} | {row.Unnoticed} | {row.Times.Count - row.Unnoticed} "
                + $"| {row.Times[row.Times.Count / 2].TotalSeconds:0.0} s | {row.Times[^1].TotalSeconds:0.0} s |"));
        }
    }

    private sealed class Row
    {
        public int Unnoticed { get; set; }

        public List<TimeSpan> Times { get; } = [];
    }
}
