using System.Globalization;
using System.Text;
using System.Text.Json;
using Xunit;

namespace ModemDriver.Cli.Tests;

/// <summary><c>ping</c>, <c>time</c>, <c>baud</c>, <c>restart</c>, <c>restore</c>.</summary>
public sealed class ModuleTests
{
    [Fact]
    public async Task Ping_of_this_computer_is_answered()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();

        ToolRun run = await ToolRun.StartAsync(
            "ping", "127.0.0.1", "--count", "2", "--interval", "0.01", "--port", simulated.Port, "--json");

        run.ShouldEnd(ExitCode.Ok);
        JsonElement ping = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal((2, 2), (ping.GetProperty("sent").GetInt32(), ping.GetProperty("received").GetInt32()));
        Assert.Equal(2, ping.GetProperty("roundTripsMs").GetArrayLength());
        Assert.InRange(ping.GetProperty("meanMs").GetDouble(), 0, 5000);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_exit_code_1()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();

        ToolRun run = await ToolRun.StartAsync("ping", "nowhere.invalid", "--count", "1", "--port", simulated.Port);

        run.ShouldEnd(ExitCode.Refused);
        run.ShouldSay("nowhere.invalid");
        Assert.Contains("no answer from nowhere.invalid", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_comes_from_the_network_with_its_offset()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();

        ToolRun people = await ToolRun.StartAsync("time", "--offset", "+02:00", "--port", simulated.Port);
        ToolRun programs = await ToolRun.StartAsync("time", "--port", simulated.Port, "--json");

        people.ShouldEnd(ExitCode.Ok);
        Assert.EndsWith("+02:00", people.Out.Trim(), StringComparison.Ordinal);
        Assert.True(DateTimeOffset.TryParse(people.Out, CultureInfo.InvariantCulture, out _), people.Out);
        programs.ShouldEnd(ExitCode.Ok);
        Assert.InRange(JsonDocument.Parse(programs.Out).RootElement.GetProperty("aheadSeconds").GetDouble(), -3600, 3600);
    }

    [Fact]
    public async Task Baud_changes_the_rate_and_the_next_run_finds_it_and_a_restart_puts_it_back()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();

        ToolRun before = await ToolRun.StartAsync("baud", "--port", simulated.Port);
        ToolRun change = await ToolRun.StartAsync("baud", "921600", "--port", simulated.Port, "--json");
        ToolRun found = await ToolRun.StartAsync("baud", "--port", simulated.Port);
        ToolRun restart = await ToolRun.StartAsync("restart", "--port", simulated.Port, "--baud", "921600", "--json");
        ToolRun after = await ToolRun.StartAsync("baud", "--port", simulated.Port);

        Assert.Equal("115200 bit/s", before.Out.Trim());
        change.ShouldEnd(ExitCode.Ok);
        JsonElement changed = JsonDocument.Parse(change.Out).RootElement;
        Assert.Equal(921_600, changed.GetProperty("bitRate").GetInt32());
        Assert.Equal(115_200, changed.GetProperty("formerBitRate").GetInt32());
        Assert.Equal("921600 bit/s", found.Out.Trim());
        restart.ShouldEnd(ExitCode.Ok);
        Assert.Equal("Ready", JsonDocument.Parse(restart.Out).RootElement.GetProperty("state").GetString());
        Assert.Equal("115200 bit/s", after.Out.Trim());
    }

    [Fact]
    public async Task A_rate_that_the_module_refuses_is_exit_code_1_and_changes_nothing()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();

        ToolRun run = await ToolRun.StartAsync("baud", "5000000", "--port", simulated.Port);
        ToolRun after = await ToolRun.StartAsync("baud", "--port", simulated.Port);

        run.ShouldEnd(ExitCode.Refused);
        Assert.Equal("115200 bit/s", after.Out.Trim());
    }

    [Theory]
    [InlineData("no\n")]
    [InlineData("\n")]
    [InlineData("")]
    public async Task Restore_asks_first_and_without_a_yes_nothing_is_done(string answer)
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(answer));

        ToolRun run = await ToolRun.StartAsync(input, [], ["restore", "--port", simulated.Port]);
        ToolRun info = await ToolRun.StartAsync("info", "--port", simulated.Port);

        run.ShouldEnd(ExitCode.Refused);
        Assert.Contains("Type yes to go on", run.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was done", run.Error, StringComparison.Ordinal);
        Assert.Contains("192.168.1.77", info.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yes\n")]
    [InlineData("", "--yes")]
    public async Task Restore_erases_the_network(string answer, params string[] more)
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(answer));

        ToolRun run = await ToolRun.StartAsync(input, [], ["restore", "--port", simulated.Port, "--json", .. more]);
        ToolRun info = await ToolRun.StartAsync("info", "--port", simulated.Port);

        run.ShouldEnd(ExitCode.Ok);
        Assert.Equal("Ready", JsonDocument.Parse(run.Out).RootElement.GetProperty("state").GetString());
        Assert.Contains("not joined", info.Out, StringComparison.Ordinal);
    }
}
