namespace ModemDriver.Benchmarks.Budgets;

/// <summary>Measures one or several budgets that belong together.</summary>
internal interface IBudget
{
    /// <summary>The word behind <c>--only</c>.</summary>
    string Name { get; }

    /// <summary>Measures.</summary>
    /// <param name="options">Quick or thorough.</param>
    Task<IReadOnlyList<BudgetRow>> MeasureAsync(BenchmarkOptions options);
}
