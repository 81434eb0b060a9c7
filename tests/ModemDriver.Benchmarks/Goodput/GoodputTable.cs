using System.Globalization;
using System.Text;
using ModemDriver.Simulator;

namespace ModemDriver.Benchmarks.Goodput;

/// <summary>Goodput beside what the line allows.</summary>
/// <param name="kibibytes">How much went through each cell.</param>
/// <param name="bitRates">The bit rates of the figures, in bit/s.</param>
internal sealed class GoodputTable(int kibibytes, int[] bitRates) : IReport
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private readonly List<GoodputRow> _rows = [];

    public void Add(GoodputRow row) => _rows.Add(row);

    public string Format()
    {
        string rates = string.Join(" and ", bitRates.Select(rate => rate.ToString("N0", Culture)));
        StringBuilder text = new();
        text.AppendLine(Culture, $"{kibibytes} KiB each. Allowed: payload in percent of the bit rate, without turnaround.");
        text.AppendLine(Culture, $"Reached: in percent of that, at {rates} bit/s.");
        foreach (IGrouping<GoodputModule, GoodputRow> group in _rows.GroupBy(row => row.Module))
        {
            text.AppendLine();
            text.AppendLine(Culture, $"{group.Key.Personality}: {PersonalityCatalog.Describe(group.Key.Personality)}");
            text.AppendLine();
            AppendRow(text, "mode", "out: allowed", "reached", "typical times", "in: allowed", "reached", "both: allowed", "reached");
            text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach (GoodputRow row in group)
            {
                double most = WireCost.Out(row.Mode, row.Module).Share;
                double mostIn = WireCost.In(row.Mode, row.Module).Share;
                AppendRow(
                    text,
                    row.Mode.Name,
                    Percent(most),
                    Of(row.Out, most),
                    Of(row.OutWithVerdict, most),
                    Percent(mostIn),
                    Of(row.In, mostIn),
                    Percent(WireCost.Both(row.Mode, row.Module).Share),
                    Of(row.Both, WireCost.Both(row.Mode, row.Module).Share));
            }
        }

        return text.ToString();
    }

    private static void AppendRow(
        StringBuilder text,
        string mode,
        string most,
        string reached,
        string later,
        string mostIn,
        string reachedIn,
        string mostBoth,
        string reachedBoth)
    {
        text.Append(Culture, $"| {mode,-17} | {most,12} | {reached,21} | {later,21} ");
        text.AppendLine(Culture, $"| {mostIn,11} | {reachedIn,21} | {mostBoth,13} | {reachedBoth,21} |");
    }

    private static string Of(double[] reached, double most) =>
        reached.Length == 0 ? "-" : string.Join(" / ", reached.Select(share => Percent(share / most)));

    private static string Percent(double share) => (share * 100).ToString("0.0", Culture);
}
