using System.Text.Json;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class UssdTests
{
    [Fact]
    public async Task A_menu_is_walked_by_arguments_or_by_lines_of_the_input()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");
        using var input = new MemoryStream("3\n2\n"u8.ToArray());

        ToolRun given = await ToolRun.StartAsync("ussd", "*100#", "1", "--port", simulated.Port);
        ToolRun typed = await ToolRun.StartAsync(input, [], ["ussd", "*100#", "--port", simulated.Port, "--json"]);

        given.ShouldEnd(ExitCode.Ok);
        Assert.Equal(["1 Balance", "2 Data left", "3 Language", "Balance 4.20"], given.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        typed.ShouldEnd(ExitCode.Ok);
        Assert.Equal(
            ["AnswerExpected 1 Balance\n2 Data left\n3 Language", "AnswerExpected 1 English\n2 \u4e2d\u6587", "Done \u4eca\u540e\u4f7f\u7528\u4e2d\u6587\u3002"],
            JsonDocument.Parse(typed.Out).RootElement.EnumerateArray()
                .Select(one => $"{one.GetProperty("status").GetString()} {one.GetProperty("text").GetString()}"));
    }

    [Fact]
    public async Task An_end_without_an_answer_ends_the_dialogue_and_an_unknown_code_is_told()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air820");

        ToolRun unanswered = await ToolRun.StartAsync("ussd", "*100#", "--port", simulated.Port);
        ToolRun unknown = await ToolRun.StartAsync("ussd", "*999#", "--port", simulated.Port);

        unanswered.ShouldEnd(ExitCode.Ok);
        Assert.Contains("2 Data left", unanswered.Out, StringComparison.Ordinal);
        unknown.ShouldEnd(ExitCode.Refused);
        unknown.ShouldSay("does not know");
    }
}
