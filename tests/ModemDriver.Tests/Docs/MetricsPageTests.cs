using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using ModemDriver.Diagnostics;

namespace ModemDriver.Tests.Docs;

/// <summary>docs/metrics.md says what the code says.</summary>
public sealed class MetricsPageTests
{
    private const string Page = "docs/metrics.md";

    [Fact]
    public void The_instruments_are_those_of_the_Meter()
    {
        List<string> published = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == ModemInstruments.MeterName)
            {
                published.Add($"{instrument.Name}, {Kind(instrument)}, {instrument.Unit}");
            }
        };
        RuntimeHelpers.RunClassConstructor(typeof(ModemInstruments).TypeHandle);
        listener.Start();

        Assert.Equal(
            published.Order(StringComparer.Ordinal),
            MarkdownTable.Read(Page, "| Instrument | Kind | Unit | Attributes | What |")
                .Select(cells => $"{cells[0]}, {cells[1]}, {cells[2]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_activities_are_those_of_the_source() =>
        Assert.Equal(
            typeof(ModemTracing).GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(field => field.IsLiteral && field.Name != nameof(ModemTracing.SourceName))
                .Select(field => (string)field.GetRawConstantValue()!), // a constant has a value
            MarkdownTable.Read(Page, "| Activity | Attributes | What |").Select(cells => cells[0]));

    [Fact]
    public void Names_are_lower_case_with_dots() => Assert.All(
        MarkdownTable.Read(Page, "| Instrument | Kind | Unit | Attributes | What |"),
        cells => Assert.Matches("^modem(\\.[a-z_]+)+$", cells[0]));

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        nameof(Counter<int>) => "counter",
        nameof(Histogram<int>) => "histogram",
        nameof(Gauge<int>) => "gauge",
        "ObservableUpDownCounter" => "up-down counter",
        string other => other,
    };
}
