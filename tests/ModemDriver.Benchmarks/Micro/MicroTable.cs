using System.Globalization;
using System.Text;

namespace ModemDriver.Benchmarks.Micro;

/// <summary>The results in the notation of the documentation.</summary>
internal sealed class MicroTable
{
    private readonly StringBuilder _text = new();

    public MicroTable() => _text
        .AppendLine("| Part | What | ns, median | Time, without = 1 | Bytes allocated |")
        .AppendLine("| --- | --- | ---: | ---: | ---: |");

    /// <summary>Adds a row; no median: it has failed.</summary>
    public void Add(string part, string what, double? median, double? baseline, long? allocated) => _text.AppendLine(
        CultureInfo.InvariantCulture,
        $"| {part.Replace("Micro", "", StringComparison.Ordinal)} | {what} | {median:0.0} | {median / baseline:0.00} | {allocated} |");

    public override string ToString() => _text.ToString();
}
