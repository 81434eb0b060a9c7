using System.Globalization;

namespace ModemDriver.Simulation;

/// <summary>How long ways back were, in classes.</summary>
internal sealed class RecoveryHistogram
{
    private const int BarWidth = 50;

    private static readonly int[] Limits = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600];

    private readonly int[] _counts = new int[Limits.Length + 1];

    /// <summary>How many there are.</summary>
    public int Count => _counts.Sum();

    private TimeSpan Longest { get; set; }

    /// <summary>Adds one.</summary>
    public void Add(TimeSpan time)
    {
        int at = Array.FindIndex(Limits, limit => time.TotalSeconds <= limit);
        _counts[at < 0 ? Limits.Length : at]++;
        Longest = time > Longest ? time : Longest;
    }

    /// <summary>Adds all of another.</summary>
    public void Add(RecoveryHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Longest = other.Longest > Longest ? other.Longest : Longest;
    }

    /// <summary>Prints them, a line a class.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine("time from the end of a fault to the first exchange that works:");
        int most = Math.Max(1, _counts.Max());
        for (int i = 0; i < _counts.Length; i++)
        {
            string name = i < Limits.Length
                ? string.Create(CultureInfo.InvariantCulture, $"to {Limits[i],3} s")
                : "    more";
            string bar = new('#', (_counts[i] * BarWidth + most - 1) / most);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name} {_counts[i],6} {bar}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Count} in all; the longest took {Longest.TotalSeconds:0.0} s"));
    }
}
