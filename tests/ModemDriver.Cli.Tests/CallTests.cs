using System.Text.Json;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class CallTests
{
    [Fact]
    public async Task A_call_is_dialled_answered_and_ended_after_its_time()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");

        ToolRun call = await ToolRun.StartAsync(
            "call", "dial", "+12025550123", "--tones", "1#", "--duration", "0.2", "--port", simulated.Port);
        ToolRun left = await ToolRun.StartAsync("call", "list", "--port", simulated.Port, "--json");
        ToolRun none = await ToolRun.StartAsync("call", "answer", "--port", simulated.Port);
        ToolRun wrong = await ToolRun.StartAsync("call", "dial", "nobody", "--port", simulated.Port);

        call.ShouldEnd(ExitCode.Ok);
        Assert.Equal("Active", call.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        left.ShouldEnd(ExitCode.Ok);
        Assert.Empty(JsonDocument.Parse(left.Out).RootElement.EnumerateArray());
        none.ShouldEnd(ExitCode.Refused);
        none.ShouldSay("NO CARRIER");
        wrong.ShouldEnd(ExitCode.Usage);
    }

    [Fact]
    public async Task A_dialled_call_is_told_in_documents_where_that_is_wanted()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");

        ToolRun call = await ToolRun.StartAsync("call", "dial", "+12025550123", "--duration", "0.2", "--port", simulated.Port, "--json");

        call.ShouldEnd(ExitCode.Ok);
        string[] told =
        [
            .. call.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("status").GetString()!),
        ];
        Assert.Equal("Active", told[^1]);
        Assert.Equal(told.Distinct(), told);
    }

    [Fact]
    public async Task The_phonebook_is_written_read_and_searched()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air820");

        ToolRun one = await ToolRun.StartAsync("phonebook", "write", "+12025550123", "J\u00f6rg", "--port", simulated.Port);
        ToolRun two = await ToolRun.StartAsync("phonebook", "write", "110", "Police", "--index", "9", "--port", simulated.Port);
        ToolRun list = await ToolRun.StartAsync("phonebook", "list", "--port", simulated.Port, "--json");
        ToolRun found = await ToolRun.StartAsync("phonebook", "find", "J\u00f6", "--port", simulated.Port);
        ToolRun gone = await ToolRun.StartAsync("phonebook", "delete", "9", "--port", simulated.Port);
        ToolRun left = await ToolRun.StartAsync("phonebook", "list", "--port", simulated.Port, "--json");

        one.ShouldEnd(ExitCode.Ok);
        two.ShouldEnd(ExitCode.Ok);
        Assert.Equal("9 110 Police", Entries(list)[^1]);
        found.ShouldEnd(ExitCode.Ok);
        Assert.Contains("+12025550123", found.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Police", found.Out, StringComparison.Ordinal);
        gone.ShouldEnd(ExitCode.Ok);
        Assert.DoesNotContain("9 110 Police", Entries(left));
        Assert.Equal(Entries(list).Length - 1, Entries(left).Length);
    }

    private static string[] Entries(ToolRun run) =>
    [
        .. JsonDocument.Parse(run.Out).RootElement.EnumerateArray().Select(one =>
            $"{one.GetProperty("index").GetInt32()} {one.GetProperty("number").GetString()} {one.GetProperty("name").GetString()}"),
    ];
}
