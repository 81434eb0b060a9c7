namespace ModemDriver.Benchmarks;

/// <summary>One measurement; add it to the list in Program.</summary>
internal interface IBenchmark
{
    /// <summary>The word on the command line.</summary>
    string Name { get; }

    /// <summary>One line for the usage.</summary>
    string Description { get; }

    /// <summary>Measures.</summary>
    Task<IReport> RunAsync(BenchmarkOptions options);
}
