using System.Text.Json;
using ModemDriver.Transport;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class PortsTests
{
    [Fact]
    public async Task Json_is_an_array_of_the_ports_of_this_computer()
    {
        ToolRun run = await ToolRun.StartAsync("ports", "--json");

        run.ShouldEnd(ExitCode.Ok);
        JsonElement ports = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(
            SerialPorts.List().Select(port => port.Name),
            ports.EnumerateArray().Select(port => port.GetProperty("name").GetString()));
    }
}
