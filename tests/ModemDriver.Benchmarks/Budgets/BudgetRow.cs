namespace ModemDriver.Benchmarks.Budgets;

/// <summary>One budget, measured: both contestants in the same run, in turns.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Unit">The unit of both figures.</param>
/// <param name="Baseline">The yardstick's figure.</param>
/// <param name="Ours">The driver's figure.</param>
/// <param name="Ratio">What the budget is about, such as the one figure by the other.</param>
/// <param name="Limit">The budget, for people; empty for a row that is for orientation.</param>
/// <param name="IsHeld">Whether it is held.</param>
internal sealed record BudgetRow(
    string What, string Unit, double Baseline, double Ours, double Ratio, string Limit, bool IsHeld)
{
    /// <summary>At most so many times the yardstick.</summary>
    public static BudgetRow AtMost(string what, string unit, Duel duel, double limit, double scale = 1) =>
        new(what, unit, duel.Baseline * scale, duel.Ours * scale, duel.Ratio, $"<= {limit:0.00}", duel.Ratio <= limit);

    /// <summary>At least so many times the yardstick, where the figures are times: the yardstick's by ours.</summary>
    public static BudgetRow TimesFaster(string what, string unit, Duel duel, double limit, double scale = 1) =>
        new(
            what, unit, duel.Baseline * scale, duel.Ours * scale, 1 / duel.Ratio, $">= {limit:0.00} (speed)", 1 / duel.Ratio >= limit);

    /// <summary>At least such a share of a ceiling.</summary>
    public static BudgetRow Share(string what, string unit, double ceiling, double reached, double limit) =>
        new(what, unit, ceiling, reached, reached / ceiling, $">= {limit:0.00}", reached / ceiling >= limit);

    /// <summary>A count that has a limit of its own.</summary>
    public static BudgetRow Count(string what, string unit, double ours, double limit) =>
        new(what, unit, double.NaN, ours, double.NaN, $"<= {limit:0}", ours <= limit);

    /// <summary>Beside the others, with no budget.</summary>
    public static BudgetRow Note(string what, string unit, double baseline, double ours) =>
        new(what, unit, baseline, ours, ours / baseline, "", true);
}
