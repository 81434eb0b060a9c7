using System.Globalization;
using System.Text;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>All budgets beside each other.</summary>
internal sealed class BudgetTable(int runs) : IReport
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private readonly List<BudgetRow> _rows = [];

    public bool IsHeld => _rows.TrueForAll(row => row.IsHeld);

    public void AddRange(IReadOnlyList<BudgetRow> rows) => _rows.AddRange(rows);

    public string Format()
    {
        StringBuilder text = new();
        text.AppendLine(Culture, $"Medians of {runs} runs; both contestants in turns, in this run. Ratio: the median of the pairs.");
        text.AppendLine();
        text.AppendLine("| budget                                                   | unit       |   baseline |       ours |   ratio | limit            | held   |");
        text.AppendLine("| --- | --- | ---: | ---: | ---: | ---: | --- |");
        foreach (BudgetRow row in _rows)
        {
            string held = row.Limit.Length == 0 ? "-" : row.IsHeld ? "held" : "MISSED";
            text.Append(Culture, $"| {row.What,-56} | {row.Unit,-10} | {Figure(row.Baseline),10} | {Figure(row.Ours),10} ");
            text.AppendLine(Culture, $"| {Figure(row.Ratio),7} | {row.Limit,-16} | {held,-6} |");
        }

        text.AppendLine();
        text.AppendLine(IsHeld ? "All budgets are held." : "A budget is missed.");
        return text.ToString();
    }

    private static string Figure(double value) =>
        double.IsNaN(value) ? "-" : value.ToString(value >= 1000 ? "0" : value >= 100 ? "0.0" : "0.00", Culture);
}
