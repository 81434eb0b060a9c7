using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using ModemDriver.Mqtt;

namespace ModemDriver.Docs.Tests;

/// <summary>docs/mqtt.md and docs/errors.md have what the MQTT project has.</summary>
public sealed partial class MqttPageTests
{
    private static readonly MarkdownPages Pages = new(MarkdownPages.FindRepository());
    private static readonly string Page = Pages.Read("docs/mqtt.md");
    private static readonly string Errors = Pages.Read("docs/errors.md");
    private static readonly Assembly Library = typeof(ManagedMqttClient).Assembly;

    [Fact]
    public void Every_public_exception_has_a_heading_of_its_name_in_the_page_of_errors()
    {
        Type[] exceptions = [.. Library.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(Exception)))];

        Assert.NotEmpty(exceptions);
        Assert.DoesNotContain(exceptions, type => !Errors.Contains($"\n## {type.Name}\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(MqttDeliveryOutcome))]
    [InlineData(typeof(MqttClientState))]
    [InlineData(typeof(MqttDisconnectCause))]
    public void Every_value_has_a_row_in_the_table_of_its_type(Type type) =>
        Assert.Equal(Enum.GetNames(type), Rows(Page, type.Name));

    [Fact]
    public void Every_failure_of_the_outbox_has_a_row_in_the_page_of_errors() =>
        Assert.Equal(Enum.GetNames<MqttOutboxFailure>(), Rows(Errors, nameof(MqttOutboxFailure)));

    [Fact]
    public void The_table_of_log_events_has_every_event_with_its_number_and_level()
    {
        Type numbers = Library.GetType("ModemDriver.Mqtt.Diagnostics.MqttEventIds", throwOnError: true)!; // it throws
        Type log = Library.GetType("ModemDriver.Mqtt.Diagnostics.MqttLog", throwOnError: true)!;
        Dictionary<string, LogLevel> levels = log.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Select(method => (method.Name, Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(pair => pair.Message is not null)
            .ToDictionary(pair => pair.Name, pair => pair.Message!.Level);
        IEnumerable<string> events = numbers.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => string.Create(
                CultureInfo.InvariantCulture, $"{field.GetRawConstantValue()} {field.Name} {levels[field.Name]}"));

        Assert.Equal(
            events, EventRow().Matches(Page).Select(row => $"{row.Groups["number"]} {row.Groups["name"]} {row.Groups["level"]}"));
    }

    private static IEnumerable<string> Rows(string page, string type) =>
        page.Split('\n')
            .SkipWhile(line => !line.StartsWith($"| `{type}` |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);

    [GeneratedRegex(@"^\| (?<number>\d+) \| (?<name>\w+) \| (?<level>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex EventRow();
}
