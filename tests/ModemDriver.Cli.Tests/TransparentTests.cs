using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class TransparentTests
{
    [Fact]
    public async Task Bytes_go_to_an_echo_and_back_unchanged()
    {
        byte[] data = [.. RandomNumberGenerator.GetBytes(100_000), .. "+++"u8];
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        await using var echo = new LoopbackServer(LoopbackServer.EchoAsync);

        ToolRun run = await ToolRun.StartAsync(
            new MemoryStream(data), [],
            ["transparent", "--port", simulated.Port, "127.0.0.1", $"{echo.Port}", "--linger", "1", "--guard", "0.5", "--json"]);

        run.ShouldEnd(ExitCode.Ok);
        Assert.Equal(SHA256.HashData(data), SHA256.HashData(run.OutBytes));
        JsonElement report = JsonDocument.Parse(run.Error).RootElement;
        Assert.Equal(data.Length, report.GetProperty("bytesReceived").GetInt64());
    }

    [Fact]
    public async Task Two_protocols_at_once_are_a_mistake()
    {
        ToolRun run = await ToolRun.StartAsync("transparent", "--port", "none", "h", "1", "--udp", "--module-tls");

        run.ShouldEnd(ExitCode.Usage);
        run.ShouldSay("exclude each other");
    }
}
