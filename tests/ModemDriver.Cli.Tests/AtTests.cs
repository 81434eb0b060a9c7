using System.Text.Json;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class AtTests
{
    [Fact]
    public async Task Json_has_the_lines_and_the_result_of_each_command()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();

        ToolRun run = await ToolRun.StartAsync("at", "--port", simulated.Port, "--json", "AT", "AT+GMR");

        run.ShouldEnd(ExitCode.Ok);
        JsonElement commands = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(2, commands.GetArrayLength());
        Assert.Equal("AT", commands[0].GetProperty("command").GetString());
        Assert.Equal(0, commands[0].GetProperty("lines").GetArrayLength());
        Assert.StartsWith("AT version:", commands[1].GetProperty("lines")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("OK", commands[1].GetProperty("result").GetString());
        Assert.True(commands[1].GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task People_get_the_lines_as_they_came()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();

        ToolRun run = await ToolRun.StartAsync("at", "--port", simulated.Port, "AT+CIPSTATUS");

        run.ShouldEnd(ExitCode.Ok);
        Assert.Equal(["STATUS:2", "OK"], run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task A_refused_command_ends_the_run_with_exit_code_1_and_what_was_answered_so_far()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();

        ToolRun run = await ToolRun.StartAsync("at", "--port", simulated.Port, "--json", "AT", "AT+NOSUCH", "AT+GMR");

        run.ShouldEnd(ExitCode.Refused);
        run.ShouldSay("ERROR", "command 2");
        JsonElement commands = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(2, commands.GetArrayLength());
        Assert.False(commands[1].GetProperty("ok").GetBoolean());
        Assert.Equal("ERROR", commands[1].GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_line_end_within_a_command_is_a_wrong_command_line()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();

        ToolRun run = await ToolRun.StartAsync("at", "--port", simulated.Port, "AT\rAT+RESTORE");

        run.ShouldEnd(ExitCode.Usage);
        Assert.Empty(run.Out);
    }
}
