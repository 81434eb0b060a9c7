using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using ModemDriver.Simulator;
using Xunit;

namespace ModemDriver.Cli.Tests;

/// <summary><c>modem status</c>, once and as it goes.</summary>
public sealed class StatusTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_where_the_modem_stands()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pseudo-terminals need Linux");
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");

        ToolRun people = await ToolRun.StartAsync("status", "--port", simulated.Port);
        ToolRun json = await ToolRun.StartAsync("status", "--port", simulated.Port, "--json");

        people.ShouldEnd(ExitCode.Ok);
        Assert.Matches(@"State\S* +Ready", people.Out);
        json.ShouldEnd(ExitCode.Ok);
        JsonElement status = JsonDocument.Parse(json.Out).RootElement;
        Assert.Equal("status", status.GetProperty("kind").GetString());
        Assert.Equal(simulated.Port, status.GetProperty("port").GetString());
        Assert.Equal("Ready", status.GetProperty("state").GetString());
        Assert.Equal(0, status.GetProperty("links").GetArrayLength());
        Assert.InRange(status.GetProperty("signal").GetProperty("rsrpDbm").GetDouble(), -140, -44);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_tells_a_recovery_as_it_comes(bool isJson)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pseudo-terminals need Linux");
        await using var module = new ModemSimulator(new SimulatorOptions { Personality = "esp-at" });
        using PtyPort port = module.OpenPty();
        await using var lines = new LineWriter();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        string[] arguments =
        [
            "status", "--port", port.DevicePath, "--watch", "--interval", "600", "--ssid", SimulatedWorld.DefaultSsid,
            "--password", SimulatedWorld.DefaultPassword, .. isJson ? ["--json"] : Array.Empty<string>(),
        ];
        Task<ToolRun> run = ToolRun.StartAsync(lines, stop.Token, arguments);
        await lines.UntilAsync(isJson ? "\"kind\":\"status\"" : "Online, ");

        module.Reset(ResetCause.BrownOut);
        string lost = await lines.UntilAsync("ModuleReset");
        string rung = await lines.UntilAsync("BringUp");
        string back = await lines.UntilAsync("NetworkJoined");
        await stop.CancelAsync();

        (await run).ShouldEnd(ExitCode.Ok);
        if (isJson)
        {
            Assert.Equal("Recovering", Member(lost, "newState").GetString());
            Assert.True(Member(rung, "helped").GetBoolean());
            Assert.Equal(("ModuleReset", 1), (Member(rung, "cause").GetString(), Member(rung, "attempt").GetInt32()));
            Assert.Equal("Online", Member(back, "newState").GetString());
        }
        else
        {
            Assert.Matches(@"^\d\d:\d\d:\d\d Online -> Recovering \(ModuleReset\): ", lost);
            Assert.Matches(@"^\d\d:\d\d:\d\d recovery from ModuleReset, attempt 1, \d+\.\d s: BringUp has helped$", rung);
            Assert.EndsWith("Recovering -> Online (NetworkJoined)", back, StringComparison.Ordinal);
        }
    }

    private static JsonElement Member(string line, string name) => JsonDocument.Parse(line).RootElement.GetProperty(name);

    /// <summary>Gives each line to whoever waits for it.</summary>
    private sealed class LineWriter() : StringWriter(CultureInfo.InvariantCulture)
    {
        private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

        private readonly Channel<string> _lines = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public override Task WriteLineAsync(string? value)
        {
            _lines.Writer.TryWrite(value ?? "");
            return Task.CompletedTask;
        }

        /// <summary>The next line with this in it.</summary>
        public async Task<string> UntilAsync(string text)
        {
            while (true)
            {
                string line = await _lines.Reader.ReadAsync(Token).AsTask().WaitAsync(Deadline, Token);
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
    }
}
