using System.Text.Json;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class InfoTests
{
    [Fact]
    public async Task Json_says_what_the_module_is_and_where_it_is_joined()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();

        ToolRun run = await ToolRun.StartAsync("info", "--port", simulated.Port, "--json");

        run.ShouldEnd(ExitCode.Ok);
        JsonElement info = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(simulated.Port, info.GetProperty("port").GetString());
        Assert.Equal(115_200, info.GetProperty("bitRate").GetInt32());
        Assert.NotEqual("", info.GetProperty("firmware").GetString());
        Assert.Contains(
            info.GetProperty("features").EnumerateArray(), feature => feature.GetString() == "WiFiStation");
        Assert.Contains(
            info.GetProperty("missingFeatures").EnumerateArray(), feature => feature.GetString() == "LongSend");
        Assert.Equal("ModemDriver", info.GetProperty("accessPoint").GetProperty("ssid").GetString());
        Assert.Equal("192.168.1.77", info.GetProperty("address").GetString());
    }

    [Fact]
    public async Task Without_a_network_it_says_so_and_is_no_failure()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--no-join");

        ToolRun people = await ToolRun.StartAsync("info", "--port", simulated.Port);
        ToolRun programs = await ToolRun.StartAsync("info", "--port", simulated.Port, "--json");

        people.ShouldEnd(ExitCode.Ok);
        Assert.Contains("not joined", people.Out, StringComparison.Ordinal);
        programs.ShouldEnd(ExitCode.Ok);
        JsonElement info = JsonDocument.Parse(programs.Out).RootElement;
        Assert.Equal(JsonValueKind.Null, info.GetProperty("accessPoint").ValueKind);
        Assert.Equal(JsonValueKind.Null, info.GetProperty("address").ValueKind);
    }

    [Fact]
    public async Task People_get_a_table_of_everything_that_the_module_can_and_cannot_do()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "esp-at-1.7");

        ToolRun run = await ToolRun.StartAsync("info", "--port", simulated.Port);

        run.ShouldEnd(ExitCode.Ok);
        Dictionary<string, string> table = run.Out.Split('\n')
            .Select(line => line.Split((char[])[' ', '│', '|'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is [_, "yes" or "no"])
            .ToDictionary(words => words[0], words => words[1]);
        Assert.Equal(Enum.GetNames<ModemFeature>().Order(), table.Keys.Order());
        Assert.Equal("yes", table[nameof(ModemFeature.Udp)]);
        Assert.Equal("no", table[nameof(ModemFeature.OnBoardMqtt)]);
        Assert.Equal("no", table[nameof(ModemFeature.WiFiReconnectPolicy)]);
    }
}
