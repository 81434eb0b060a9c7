using BenchmarkDotNet.Attributes;
using ModemDriver.Links;
using ModemDriver.Scheduling;

namespace ModemDriver.Benchmarks.Micro;

/// <summary>The life of a number: found free, leased, looked up, given back.</summary>
public class LinkTableMicro
{
    private const int Numbers = 5;

    private readonly LinkTable _table = new(TimeProvider.System);
    private readonly Dictionary<int, Link> _dictionary = [];
    private readonly Link _link = new(new ModemLoop(), "10.0.0.2:80", 1, 1024);

    /// <summary>Makes the table.</summary>
    public LinkTableMicro() => _table.Reset(Numbers);

    /// <summary>A dictionary by number, which knows no rest and no doubt.</summary>
    [Benchmark(Baseline = true, Description = "a number leased and given back, Dictionary")]
    public bool Dictionary()
    {
        int free = Numbers - 1;
        while (_dictionary.ContainsKey(free))
        {
            free--;
        }

        _dictionary.Add(free, _link);
        return _dictionary.TryGetValue(free, out Link? found) && _dictionary.Remove(free) && found.Id >= 0;
    }

    /// <summary>The link table.</summary>
    [Benchmark(Description = "a number leased and given back, link table")]
    public bool Table()
    {
        int free = _table.FindFree() ?? throw new InvalidOperationException("All numbers are taken.");
        _table.Lease(free, _link);
        Link? found = _table.Find(free);
        _table.Release(free, isKnownClosed: true);
        return found is not null;
    }
}
