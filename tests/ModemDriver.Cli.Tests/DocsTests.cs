using System.Text.RegularExpressions;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed partial class DocsTests
{
    [Fact]
    public async Task The_exit_codes_of_the_page_are_those_of_the_tool()
    {
        string page = await ReadPageAsync();

        IEnumerable<int> documented = ExitCodeRow().Matches(page).Select(row => int.Parse(
            row.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(Enum.GetValues<ExitCode>().Select(code => (int)code), documented);
    }

    [Theory]
    [InlineData("info")]
    [InlineData("tcp")]
    [InlineData("listen")]
    [InlineData("udp")]
    [InlineData("http get")]
    [InlineData("mqtt pub")]
    [InlineData("mqtt sub")]
    [InlineData("mqtt bridge")]
    [InlineData("mqtt outbox")]
    [InlineData("simulate")]
    [InlineData("demo")]
    [InlineData("wifi scan")]
    [InlineData("wifi join")]
    [InlineData("wifi status")]
    [InlineData("wifi ap")]
    [InlineData("wifi leave")]
    [InlineData("sim")]
    [InlineData("register")]
    [InlineData("operators")]
    [InlineData("signal")]
    [InlineData("apn")]
    [InlineData("ping")]
    [InlineData("time")]
    [InlineData("baud")]
    [InlineData("restart")]
    [InlineData("restore")]
    public async Task Every_option_of_a_verb_is_on_the_page(string verb)
    {
        string page = await ReadPageAsync();

        ToolRun help = await ToolRun.StartAsync([.. verb.Split(' '), "--help"]);

        string[] options = [.. OptionName().Matches(help.Out).Select(match => match.Value).Distinct()];
        Assert.Contains("--json", options);
        Assert.All(
            options.Where(option => option is not "--help"),
            option => Assert.Contains($"`{option}", page, StringComparison.Ordinal));
    }

    private static Task<string> ReadPageAsync()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "ModemDriver.sln")))
        {
            directory = directory.Parent;
        }

        return File.ReadAllTextAsync(
            Path.Combine(directory!.FullName, "docs", "cli.md"), TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"^\| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex ExitCodeRow();

    [GeneratedRegex(@"(?<=^ .*)--[a-z-]+(?=[ ,])", RegexOptions.Multiline)]
    private static partial Regex OptionName();
}
