using System.Globalization;
using System.Text;

namespace ModemDriver.Benchmarks;

/// <summary>Contestants beside each other. The first is the measure of the others.</summary>
/// <param name="title">What was done, on how much.</param>
/// <param name="unit">The unit of the figures.</param>
/// <param name="figure">Turns the seconds of a run into that unit.</param>
internal sealed class ResultTable(string title, string unit, Func<double, double> figure) : IReport
{
    private readonly List<(string Name, Measurement Measurement)> _rows = [];

    public void Add(string name, Measurement measurement) => _rows.Add((name, measurement));

    public string Format()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        StringBuilder text = new();
        text.AppendLine(culture, $"{title}; median of {_rows[0].Measurement.Seconds.Length} runs (best .. worst)");
        text.AppendLine();
        text.AppendLine(culture, $"| {"what",-34} | {unit,-30} | {"time, first = 1",15} | {"bytes allocated",15} |");
        text.AppendLine("| --- | ---: | ---: | ---: |");
        double measure = _rows[0].Measurement.Median;
        foreach ((string name, Measurement m) in _rows)
        {
            string figures = string.Create(
                culture, $"{figure(m.Median):0.0} ({figure(m.Best):0.0} .. {figure(m.Worst):0.0})");
            text.AppendLine(culture, $"| {name,-34} | {figures,-30} | {m.Median / measure,15:0.00} | {m.AllocatedBytes,15} |");
        }

        return text.ToString();
    }
}
