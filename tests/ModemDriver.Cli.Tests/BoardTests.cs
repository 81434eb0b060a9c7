using System.Text.Json;
using Xunit;

namespace ModemDriver.Cli.Tests;

/// <summary>Network card, place, supply and time, by the tool, of simulated modules.</summary>
public sealed class BoardTests
{
    [Theory]
    [InlineData("air780")]
    [InlineData("air780ep")]
    public async Task The_network_card_is_switched_for_good_and_commands_work_on(string personality)
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", personality);

        JsonElement before = await JsonAsync(simulated, "netcard", "status");
        JsonElement off = await JsonAsync(simulated, "netcard", "off", "--restart");
        JsonElement on = await JsonAsync(simulated, "netcard", "on", "--kind", "ecm");
        ToolRun text = await ToolRun.StartAsync("netcard", "status", "--port", simulated.Port);

        Assert.Equal((true, "Rndis", "192.168.10.2"), (
            before.GetProperty("isOn").GetBoolean(), before.GetProperty("kind").GetString(), before.GetProperty("gateway").GetString()));
        Assert.Equal((false, false), (off.GetProperty("isOn").GetBoolean(), off.GetProperty("needsRestart").GetBoolean()));
        Assert.Equal((true, "Ecm", true), (
            on.GetProperty("isOn").GetBoolean(), on.GetProperty("kind").GetString(), on.GetProperty("needsRestart").GetBoolean()));
        Assert.Equal("on, Ecm, 192.168.10.2", text.Out.Trim());
    }

    [Theory]
    [InlineData("air780")]
    [InlineData("air820")]
    [InlineData("air780eq")]
    public async Task A_module_knows_its_place_by_cells_and_its_supply(string personality)
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", personality);

        JsonElement place = await JsonAsync(simulated, "location");
        JsonElement supply = await JsonAsync(simulated, "battery");
        ToolRun text = await ToolRun.StartAsync("battery", "--port", simulated.Port);

        Assert.Equal(("Cell", 34.7980542, 114.3204965), (
            place.GetProperty("source").GetString(), place.GetProperty("latitude").GetDouble(), place.GetProperty("longitude").GetDouble()));
        Assert.Equal(3.968, supply.GetProperty("volts").GetDouble());
        Assert.Equal("3.968 V", text.Out.Trim());
    }

    [Fact]
    public async Task A_fix_by_satellites_has_its_figures()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air820");

        JsonElement place = await JsonAsync(simulated, "location", "--gnss");

        Assert.Equal(("Gnss", 34.798054, 76.0, 9), (
            place.GetProperty("source").GetString(), place.GetProperty("latitude").GetDouble(),
            place.GetProperty("altitudeMetres").GetDouble(), place.GetProperty("satellitesUsed").GetInt32()));
    }

    [Fact]
    public async Task A_cellular_module_fetches_the_time_of_one_server()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");

        ToolRun run = await ToolRun.StartAsync("time", "--server", "127.0.0.1", "--offset", "+02:00", "--port", simulated.Port);

        run.ShouldEnd(ExitCode.Ok);
        Assert.EndsWith("+02:00", run.Out.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("air780eq", "NetworkCard", "netcard", "status")]
    [InlineData("esp-at", "NetworkCard", "netcard", "on")]
    [InlineData("air780", "Gnss", "location", "--gnss")]
    [InlineData("esp-at", "CellLocation", "location")]
    [InlineData("esp-at", "Battery", "battery")]
    public async Task What_a_module_lacks_is_said_by_name(string personality, string feature, params string[] arguments)
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", personality);

        ToolRun run = await ToolRun.StartAsync([.. arguments, "--port", simulated.Port]);

        run.ShouldEnd(ExitCode.Refused);
        run.ShouldSay(feature);
    }

    private static async Task<JsonElement> JsonAsync(SimulatedPort simulated, params string[] arguments)
    {
        ToolRun run = await ToolRun.StartAsync([.. arguments, "--json", "--port", simulated.Port]);
        run.ShouldEnd(ExitCode.Ok);
        return JsonDocument.Parse(run.Out).RootElement;
    }
}
