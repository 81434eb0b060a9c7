namespace ModemDriver.Benchmarks;

/// <summary>What a benchmark has found.</summary>
internal interface IReport
{
    /// <summary>As text, in the notation of the documentation.</summary>
    string Format();

    /// <summary>Whether nothing that has a budget misses it.</summary>
    bool IsHeld => true;
}
