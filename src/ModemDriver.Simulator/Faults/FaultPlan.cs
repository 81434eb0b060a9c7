namespace ModemDriver.Simulator.Faults;

/// <summary>What shall go wrong, and the seed of whatever is random in it. Its members may be called from any thread.
/// </summary>
public sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private volatile Fault[] _faults = [];

    /// <summary>Makes an empty plan.</summary>
    /// <param name="seed">The start of everything random in it.</param>
    public FaultPlan(int seed = 1) => Seed = seed;

    /// <summary>The start of everything random in it.</summary>
    public int Seed { get; }

    /// <summary>The faults, in the order in which they were added.</summary>
    public IReadOnlyList<Fault> Faults => _faults;

    internal Fault[] Snapshot => _faults;

    /// <summary>Adds a fault; its counts and offsets start now.</summary>
    /// <param name="fault">The same object is not added twice.</param>
    /// <returns>This plan.</returns>
    public FaultPlan Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_gate)
        {
            _faults = [.. _faults, fault];
        }

        return this;
    }

    /// <summary>Takes all faults away.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _faults = [];
        }
    }

    /// <summary>Plans that lack one fault each: what a search for the smallest failing plan tries next.</summary>
    public IEnumerable<FaultPlan> Shrink()
    {
        Fault[] faults = _faults;
        for (int left = 0; left < faults.Length; left++)
        {
            var smaller = new FaultPlan(Seed);
            for (int i = 0; i < faults.Length; i++)
            {
                _ = i == left ? smaller : smaller.Add(faults[i]);
            }

            yield return smaller;
        }
    }

    /// <summary>The seed and the calls that make the faults.</summary>
    public override string ToString() => string.Join("; ", _faults.Select(fault => fault.ToString())
        .Prepend(Wire.WireText.Format($"seed {Seed}")));
}
