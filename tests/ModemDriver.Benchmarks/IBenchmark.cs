namespace ModemDriver.Benchmarks;

/// <summary>One comparison; add it to the list in Program.</summary>
internal interface IBenchmark
{
    /// <summary>The word on the command line.</summary>
    string Name { get; }

    /// <summary>One line for the usage.</summary>
    string Description { get; }

    /// <summary>Measures. The first row of the table is what the others are compared with.</summary>
    Task<ResultTable> RunAsync(BenchmarkOptions options);
}
