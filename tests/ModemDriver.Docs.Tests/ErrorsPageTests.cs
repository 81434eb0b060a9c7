using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ModemDriver.Transport;

namespace ModemDriver.Docs.Tests;

/// <summary>docs/errors.md has an entry for whatever can go wrong.</summary>
public sealed partial class ErrorsPageTests
{
    private static readonly string Page = new MarkdownPages(MarkdownPages.FindRepository()).Read("docs/errors.md");
    private static readonly Assembly Driver = typeof(Modem).Assembly;

    [Fact]
    public void Every_public_exception_has_a_heading_of_its_name()
    {
        Type[] exceptions = [.. Driver.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(Exception)))];

        Assert.NotEmpty(exceptions);
        Assert.DoesNotContain(exceptions, type => !Page.Contains($"\n## {type.Name}\n", StringComparison.Ordinal));
    }

    [Fact]
    public void The_help_link_of_an_exception_leads_to_its_heading()
    {
        var exception = new TransportException(TransportFailure.Gone, "COM3", "It is gone.");

        Assert.Equal("docs/errors.md#transportexception", exception.HelpLink);
    }

    [Theory]
    [InlineData(typeof(NetworkJoinFailure))]
    [InlineData(typeof(SimFailure))]
    [InlineData(typeof(LinkFailure))]
    [InlineData(typeof(PingFailure))]
    [InlineData(typeof(BitRateFailure))]
    [InlineData(typeof(TransportFailure))]
    [InlineData(typeof(CommandStage))]
    public void Every_value_has_a_row_in_the_table_of_its_type(Type type)
    {
        IEnumerable<string> rows = Page.Split('\n')
            .SkipWhile(line => !line.StartsWith($"| `{type.Name}` |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);

        Assert.Equal(Enum.GetNames(type), rows);
    }

    [Fact]
    public void The_table_of_log_events_has_every_event_with_its_number()
    {
        IEnumerable<string> events = Driver.GetType("ModemDriver.Diagnostics.EventIds", throwOnError: true)!
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.GetRawConstantValue()} {field.Name}"));

        Assert.Equal(events, EventRow().Matches(Page).Select(row => $"{row.Groups["number"]} {row.Groups["name"]}"));
    }

    [Fact]
    public void Every_warning_and_error_says_what_to_do()
    {
        string[] loud =
        [
            .. EventRow().Matches(Page)
                .Where(row => row.Groups["level"].Value is "Warning" or "Error")
                .Select(row => row.Groups["name"].Value),
        ];

        Assert.NotEmpty(loud);
        Assert.DoesNotContain(loud, name => !Page.Contains($"\n### {name}\n", StringComparison.Ordinal));
    }

    [Fact]
    public void The_levels_of_the_table_are_those_of_the_code()
    {
        Type log = Driver.GetType("ModemDriver.Diagnostics.Log", throwOnError: true)!;
        IEnumerable<string> levels = log.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Select(method => (method.Name, Message: method.GetCustomAttribute<Microsoft.Extensions.Logging.LoggerMessageAttribute>()))
            .Where(pair => pair.Message is not null)
            .Select(pair => $"{pair.Name} {pair.Message!.Level}");

        Assert.Equal(
            levels.Order(StringComparer.Ordinal),
            EventRow().Matches(Page).Select(row => $"{row.Groups["name"]} {row.Groups["level"]}").Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| (?<number>\d+) \| (?<name>\w+) \| (?<level>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex EventRow();
}
