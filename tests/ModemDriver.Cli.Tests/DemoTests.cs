using System.Text.Json;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class DemoTests
{
    private static readonly string[] Steps =
        ["Identify", "Network", "Three links at once", "HTTP GET", "HTTPS GET", "Reset and recovery", "MQTT"];

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air820")]
    [InlineData("air780")]
    public async Task Every_step_passes_against_the_simulator(string module)
    {
        ToolRun run = await ToolRun.StartAsync("demo", "--module", module, "--json");

        run.ShouldEnd(ExitCode.Ok);
        JsonElement report = JsonDocument.Parse(run.Out).RootElement;
        Assert.True(report.GetProperty("passed").GetBoolean());
        Assert.Equal(Steps, report.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("step").GetString()));
        Assert.Equal(6L * 1024 * 1024, report.GetProperty("steps")[2].GetProperty("bytes").GetInt64());
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task The_tour_of_MQTT_shows_the_queue_grow_and_drain(string module)
    {
        ToolRun run = await ToolRun.StartAsync("demo", "--tour", "mqtt", "--module", module, "--json");

        run.ShouldEnd(ExitCode.Ok);
        JsonElement[] steps = [.. JsonDocument.Parse(run.Out).RootElement.GetProperty("steps").EnumerateArray()];
        Assert.Equal(6, steps.Length);
        Assert.Contains("queue grows: 40, 80, 120, 160, 200", steps[3].GetProperty("shown").GetString(), StringComparison.Ordinal);
        Assert.Matches("queue drains: 200,.* 0 in ", steps[4].GetProperty("shown").GetString());
        Assert.StartsWith("240 of 240 numbers arrived once", steps[5].GetProperty("shown").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--module", "air820")]
    public async Task The_tour_of_services_shows_what_a_cellular_module_does_by_itself(params string[] module)
    {
        ToolRun run = await ToolRun.StartAsync(["demo", "--tour", "services", "--json", .. module]);

        run.ShouldEnd(ExitCode.Ok);
        JsonElement[] steps = [.. JsonDocument.Parse(run.Out).RootElement.GetProperty("steps").EnumerateArray()];
        Assert.Equal(
            [
                "Network", "Short message", "USSD", "FTP on the module", "HTTP on the module", "MQTT on the module", "Network card",
                "Place", "Supply and time",
            ],
            steps.Select(step => step.GetProperty("step").GetString()));
        Assert.StartsWith("Luat", steps[0].GetProperty("shown").GetString(), StringComparison.Ordinal);
        Assert.Equal(2 * 64 * 1024, steps[3].GetProperty("bytes").GetInt64());
        Assert.Equal(2 * 3 * 256, steps[5].GetProperty("bytes").GetInt64());
        Assert.Contains("was on, then off, and is on again", steps[6].GetProperty("shown").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_step_of_the_tour_passes_against_the_simulator()
    {
        ToolRun run = await ToolRun.StartAsync("demo", "--tour", "esp-at", "--json");

        run.ShouldEnd(ExitCode.Ok);
        JsonElement report = JsonDocument.Parse(run.Out).RootElement;
        Assert.True(report.GetProperty("passed").GetBoolean());
        string?[] steps = [.. report.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("step").GetString())];
        Assert.Equal(
            [
                "Identify", "Scan", "Join", "Names and radio", "Ping and name service", "Network time", "SoftAP", "Server",
                "TLS of the module", "Transparent mode", "Bit rate", "UDP, receiving by push", "Restart and recovery",
            ],
            steps);
    }

    [Fact]
    public async Task A_step_that_fails_is_named_and_is_exit_code_1()
    {
        using var refusing = new RefusingPort();

        ToolRun run = await ToolRun.StartAsync("demo", "--broker", $"127.0.0.1:{refusing.Port}");

        run.ShouldEnd(ExitCode.Refused);
        run.ShouldSay("The step 'MQTT' failed", $"127.0.0.1:{refusing.Port}");
        Assert.Contains("FAILED", run.Out, StringComparison.Ordinal);
        Assert.Contains("Three links at once", run.Out, StringComparison.Ordinal);
    }
}
