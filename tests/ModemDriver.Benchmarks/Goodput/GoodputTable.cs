using System.Globalization;
using System.Text;
using ModemDriver.Simulator;

namespace ModemDriver.Benchmarks.Goodput;

/// <summary>Goodput beside what the line allows.</summary>
/// <param name="kibibytes">How much went through each cell.</param>
/// <param name="bitRates">The bit rates of the figures, in bit/s.</param>
internal sealed class GoodputTable(int kibibytes, int[] bitRates) : IReport
{
    private readonly List<GoodputRow> _rows = [];

    public void Add(GoodputRow row) => _rows.Add(row);

    public string Format()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        StringBuilder text = new();
        text.AppendLine(culture, $"{kibibytes} KiB each. Allowed: payload in percent of the bit rate, without turnaround. Reached: in percent of that,");
        text.AppendLine(culture, $"at {string.Join(" and ", bitRates.Select(rate => rate.ToString("N0", culture)))} bit/s.");
        foreach (IGrouping<GoodputModule, GoodputRow> group in _rows.GroupBy(row => row.Module))
        {
            double verdict = ModuleTimings.Typical.SendVerdict.TotalMilliseconds;
            text.AppendLine();
            text.AppendLine(culture, $"{group.Key.Personality}: {PersonalityCatalog.Describe(group.Key.Personality)}");
            text.AppendLine();
            text.AppendLine(culture, $"| {"mode",-17} | out: allowed | {"reached",13} | {$"verdict {verdict} ms later",20} | in: allowed | {"reached",13} |");
            text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: |");
            foreach (GoodputRow row in group)
            {
                double most = WireCost.Out(row.Mode, row.Module).Share;
                double mostIn = WireCost.In(row.Mode, row.Module).Share;
                text.AppendLine(culture, $"| {row.Mode.Name,-17} | {most * 100,12:0.0} | {Of(row.Out, most),13} | {Of(row.OutWithVerdict, most),20} | {mostIn * 100,11:0.0} | {Of(row.In, mostIn),13} |");
            }
        }

        return text.ToString();
    }

    private static string Of(double[] reached, double most) => string.Join(
        " / ", reached.Select(share => (share / most * 100).ToString("0.0", CultureInfo.InvariantCulture)));
}
