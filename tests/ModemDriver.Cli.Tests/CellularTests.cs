using System.Text.Json;
using ModemDriver.Cli.Output;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class CellularTests
{
    [Fact]
    public async Task Sim_shows_the_card()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");

        ToolRun run = await ToolRun.StartAsync("sim", "--port", simulated.Port);
        ToolRun json = await ToolRun.StartAsync("sim", "--port", simulated.Port, "--json");

        run.ShouldEnd(ExitCode.Ok);
        Assert.Contains("Ready", run.Out, StringComparison.Ordinal);
        Assert.Contains("898604A11123C0012345", run.Out, StringComparison.Ordinal);
        json.ShouldEnd(ExitCode.Ok);
        JsonElement card = JsonDocument.Parse(json.Out).RootElement;
        Assert.Equal("Ready", card.GetProperty("state").GetString());
        Assert.Equal("460041112345678", card.GetProperty("imsi").GetString());
        Assert.False(card.GetProperty("pinEnabled").GetBoolean());
    }

    [Fact]
    public async Task Register_says_with_whom()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air820");

        ToolRun run = await ToolRun.StartAsync("register", "--port", simulated.Port);
        ToolRun json = await ToolRun.StartAsync("register", "--port", simulated.Port, "--json");

        run.ShouldEnd(ExitCode.Ok);
        Assert.Contains("Home", run.Out, StringComparison.Ordinal);
        Assert.Contains("46000", run.Out, StringComparison.Ordinal);
        json.ShouldEnd(ExitCode.Ok);
        JsonElement found = JsonDocument.Parse(json.Out).RootElement;
        Assert.Equal(("Home", "Lte", "46000", "Automatic"), (
            found.GetProperty("status").GetString(),
            found.GetProperty("technology").GetString(),
            found.GetProperty("operatorCode").GetString(),
            found.GetProperty("operatorMode").GetString()));
    }

    [Fact]
    public async Task Operators_lists_them_and_takes_one()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");

        ToolRun run = await ToolRun.StartAsync("operators", "--port", simulated.Port);
        ToolRun json = await ToolRun.StartAsync("operators", "--port", simulated.Port, "--json");
        ToolRun chosen = await ToolRun.StartAsync("operators", "--port", simulated.Port, "--select", "46000");
        ToolRun wrong = await ToolRun.StartAsync("operators", "--port", simulated.Port, "--select", "telekom");

        run.ShouldEnd(ExitCode.Ok);
        Assert.Contains("Forbidden", run.Out, StringComparison.Ordinal);
        json.ShouldEnd(ExitCode.Ok);
        Assert.Contains(
            JsonDocument.Parse(json.Out).RootElement.EnumerateArray(),
            one => one.GetProperty("code").GetString() == "46000" && one.GetProperty("status").GetString() == "Current");
        chosen.ShouldEnd(ExitCode.Ok);
        wrong.ShouldEnd(ExitCode.Usage);
        wrong.ShouldSay("5 or 6 digits");
    }

    [Fact]
    public async Task Signal_is_in_dBm_with_its_class_once_or_again_and_again()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");

        ToolRun once = await ToolRun.StartAsync("signal", "--port", simulated.Port);
        ToolRun json = await ToolRun.StartAsync("signal", "--port", simulated.Port, "--json");
        ToolRun watched = await ToolRun.StartAsync(
            "signal", "--port", simulated.Port, "--watch", "--count", "3", "--interval", "0.01");

        once.ShouldEnd(ExitCode.Ok);
        Assert.Matches(@"RSRP.*-\d+ dBm", once.Out);
        json.ShouldEnd(ExitCode.Ok);
        JsonElement signal = JsonDocument.Parse(json.Out).RootElement;
        Assert.InRange(signal.GetProperty("rsrpDbm").GetDouble(), -140, -44);
        Assert.NotEqual("Unknown", signal.GetProperty("class").GetString());
        watched.ShouldEnd(ExitCode.Ok);
        Assert.Equal(3, watched.Out.Split('\n').Count(line => line.Contains("RSRP -", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("air780")]
    [InlineData("air820")]
    public async Task The_signal_of_a_drive_is_as_its_script_says(string personality)
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync(
            "--personality", personality, "--signal", "0=-118:-17:-4");

        ToolRun run = await ToolRun.StartAsync("signal", "--port", simulated.Port, "--json");

        run.ShouldEnd(ExitCode.Ok);
        JsonElement signal = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(-118, signal.GetProperty("rsrpDbm").GetDouble());
        Assert.Equal(-17, signal.GetProperty("rsrqDb").GetDouble());
        Assert.Equal(-4, signal.GetProperty("sinrDb").GetDouble());
    }

    [Fact]
    public async Task A_script_of_the_signal_that_cannot_be_is_told()
    {
        ToolRun wrong = await ToolRun.StartAsync("simulate", "--signal", "0=-118:-17");
        ToolRun backwards = await ToolRun.StartAsync("simulate", "--signal", "9=none", "--signal", "1=none");

        wrong.ShouldEnd(ExitCode.Usage);
        wrong.ShouldSay("SECONDS=RSRP:RSRQ:SINR", "0=-118:-17");
        backwards.ShouldEnd(ExitCode.Usage);
        backwards.ShouldSay("order of time");
    }

    [Fact]
    public async Task A_wrong_PIN_costs_one_try_over_restarts_of_the_tool()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780", "--pin", "1234");

        // A folder that is not there yet, as in a new account.
        string folder = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("n"));
        var variables = new Dictionary<string, string>
        {
            ["XDG_DATA_HOME"] = folder,
            [CommonOptions.PinVariable] = "9999",
        };
        try
        {
            for (int i = 0; i < 3; i++)
            {
                await using ToolProcess run = ToolProcess.Start(variables, ["register", "--port", simulated.Port]);
                Assert.Contains("(2 left)", await run.ShouldEndAsync(ExitCode.Refused), StringComparison.Ordinal);
            }

            Assert.NotEmpty(Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        ToolRun card = await ToolRun.StartAsync("sim", "--port", simulated.Port, "--json");
        Assert.Equal("PinRequired", JsonDocument.Parse(card.Out).RootElement.GetProperty("state").GetString());
        Assert.Equal(2, JsonDocument.Parse(card.Out).RootElement.GetProperty("pinTriesLeft").GetInt32());
    }

    [Fact]
    public async Task Apn_lists_contexts_and_goes_online_with_one()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");

        ToolRun asked = await ToolRun.StartAsync("apn", "--port", simulated.Port);
        ToolRun tried = await ToolRun.StartAsync("apn", "cmiot", "--port", simulated.Port, "--json");

        asked.ShouldEnd(ExitCode.Ok);
        Assert.Contains("cmiot", asked.Out, StringComparison.Ordinal);
        tried.ShouldEnd(ExitCode.Ok);
        Assert.StartsWith(
            "10.74.", JsonDocument.Parse(tried.Out).RootElement.GetProperty("address").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PIN_file_without_a_PIN_and_one_that_is_not_there_are_told()
    {
        string path = Path.GetTempFileName();
        try
        {
            ToolRun empty = await ToolRun.StartAsync("sim", "--port", "/dev/null", "--pin-file", path);
            ToolRun missing = await ToolRun.StartAsync("sim", "--port", "/dev/null", "--pin-file", path + ".none");

            empty.ShouldEnd(ExitCode.Usage);
            empty.ShouldSay("first line", path);
            missing.ShouldEnd(ExitCode.Usage);
            missing.ShouldSay("cannot be read");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_module_without_a_card_of_its_own_kind_says_so()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "esp-at");

        ToolRun run = await ToolRun.StartAsync("sim", "--port", simulated.Port);

        run.ShouldEnd(ExitCode.Refused);
        run.ShouldSay("does not support Cellular");
    }

    [Theory]
    [InlineData(true, "▁▄█ ▁█")]
    [InlineData(false, ".=@ .@")]
    public void Values_over_time_are_bars_and_what_is_not_known_a_gap(bool isUnicode, string expected) =>
        Assert.Equal(expected, Sparkline.Of([-100, -85.1, -71, null, -200, 0], -100, -70, isUnicode));
}
