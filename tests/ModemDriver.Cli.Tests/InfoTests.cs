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
}
