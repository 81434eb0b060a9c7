using System.Text.Json;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class WiFiTests
{
    private const string Password = "simulated!";

    [Fact]
    public async Task Scan_shows_the_neighbourhood_the_strongest_first()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--no-join");

        ToolRun run = await ToolRun.StartAsync("wifi", "scan", "--port", simulated.Port);

        run.ShouldEnd(ExitCode.Ok);
        string[] rows = [.. run.Out.Split('\n').Where(line => line.Contains(" dBm", StringComparison.Ordinal))];
        Assert.Contains("ModemDriver", rows[0], StringComparison.Ordinal);
        Assert.Contains("####", rows[0], StringComparison.Ordinal);
        Assert.Contains("-48 dBm", rows[0], StringComparison.Ordinal);
        Assert.Contains("Wpa2", rows[0], StringComparison.Ordinal);
        Assert.Contains("Zum \"Hirsch\"", run.Out, StringComparison.Ordinal);
        Assert.Contains("(hidden)", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_as_json_has_names_as_text_and_as_bytes()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--no-join");

        ToolRun run = await ToolRun.StartAsync(
            "wifi", "scan", "--port", simulated.Port, "--json", "--weakest", "-60");

        run.ShouldEnd(ExitCode.Ok);
        JsonElement[] heard = [.. JsonDocument.Parse(run.Out).RootElement.EnumerateArray()];
        Assert.NotEmpty(heard);
        Assert.All(heard, one => Assert.InRange(one.GetProperty("rssiDbm").GetInt32(), -60, 0));
        Assert.Equal("ModemDriver", heard[0].GetProperty("ssid").GetString());
        Assert.Equal("4d6f64656d447269766572", heard[0].GetProperty("ssidHex").GetString());
        Assert.Equal("Wpa2", heard[0].GetProperty("security").GetString());
        Assert.False(heard[0].GetProperty("hidden").GetBoolean());
    }

    [Fact]
    public async Task Watch_scans_again_until_it_has_counted()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--no-join");

        ToolRun run = await ToolRun.StartAsync(
            "wifi", "scan", "--port", simulated.Port, "--ssid", "ModemDriver", "--watch", "--count", "3", "--interval", "0.01");

        run.ShouldEnd(ExitCode.Ok);
        Assert.Equal(3, run.Out.Split('\n').Count(line => line.Contains("-48 dBm", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Watch_ends_well_by_Ctrl_C_and_badly_by_its_time_limit()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--no-join");
        using var ctrlC = new CancellationTokenSource();
        using var seen = new Signalling("-48 dBm", ctrlC.Cancel);

        ToolRun run = await ToolRun.StartAsync(
            seen, ctrlC.Token, "wifi", "scan", "--port", simulated.Port, "--watch", "--interval", "0.01");
        ToolRun limited = await ToolRun.StartAsync(
            "wifi", "scan", "--port", simulated.Port, "--watch", "--interval", "60", "--timeout", "5");

        run.ShouldEnd(ExitCode.Ok);
        limited.ShouldEnd(ExitCode.TimeLimit);
    }

    [Fact]
    public async Task Join_status_and_leave_tell_the_same_story()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--no-join");

        ToolRun join = await JoinAsync(simulated.Port, "ModemDriver", Password);
        ToolRun status = await ToolRun.StartAsync("wifi", "status", "--port", simulated.Port, "--json");
        ToolRun leave = await ToolRun.StartAsync("wifi", "leave", "--port", simulated.Port, "--json");
        ToolRun after = await ToolRun.StartAsync("wifi", "status", "--port", simulated.Port, "--json");

        join.ShouldEnd(ExitCode.Ok);
        Assert.Contains("192.168.1.77", join.Out, StringComparison.Ordinal);
        status.ShouldEnd(ExitCode.Ok);
        JsonElement joined = JsonDocument.Parse(status.Out).RootElement;
        Assert.Equal("Joined", joined.GetProperty("state").GetString());
        Assert.Equal("ModemDriver", joined.GetProperty("accessPoint").GetProperty("ssid").GetString());
        Assert.Equal(-48, joined.GetProperty("accessPoint").GetProperty("rssiDbm").GetInt32());
        Assert.True(joined.GetProperty("dhcp").GetBoolean());
        leave.ShouldEnd(ExitCode.Ok);
        Assert.Equal("ModemDriver", JsonDocument.Parse(leave.Out).RootElement.GetProperty("left").GetString());
        after.ShouldEnd(ExitCode.Ok);
        Assert.Equal("NotJoined", JsonDocument.Parse(after.Out).RootElement.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Join_takes_a_fixed_address()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--no-join");

        ToolRun run = await JoinAsync(
            simulated.Port, "ModemDriver", Password, "--address", "192.168.1.50", "--gateway", "192.168.1.1", "--json");

        run.ShouldEnd(ExitCode.Ok);
        JsonElement joined = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal("192.168.1.50", joined.GetProperty("address").GetString());
        Assert.False(joined.GetProperty("dhcp").GetBoolean());
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_shown_nowhere()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--no-join");

        ToolRun run = await JoinAsync(simulated.Port, "ModemDriver", "hunter2-secret", "--log", "trace");

        run.ShouldEnd(ExitCode.Refused);
        Assert.Contains("WrongPassword", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.Error + run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_access_point_serves_for_its_time_and_its_password_is_shown_nowhere()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--no-join");

        ToolRun run = await ToolRun.StartAsync(
            Stream.Null,
            new() { ["MODEM_WIFI_PASSWORD"] = "hunter2-secret" },
            ["wifi", "ap", "Service", "--port", simulated.Port, "--channel", "6", "--duration", "0.2", "--json", "--log", "wire"]);

        run.ShouldEnd(ExitCode.Ok);
        JsonElement ap = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal("Service", ap.GetProperty("ssid").GetString());
        Assert.Equal("Wpa2", ap.GetProperty("security").GetString());
        Assert.Equal("192.168.4.1", ap.GetProperty("address").GetString());
        Assert.Equal(0, ap.GetProperty("stations").GetArrayLength());
        Assert.DoesNotContain("hunter2", run.Error + run.Out, StringComparison.Ordinal);
        Assert.Contains("> AT+CWMODE=1", run.Error[run.Error.IndexOf("CWMODE=3", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_access_point_without_a_password_has_to_be_meant()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--no-join");

        ToolRun run = await ToolRun.StartAsync("wifi", "ap", "Service", "--port", simulated.Port, "--duration", "0.1");
        ToolRun open = await ToolRun.StartAsync(
            "wifi", "ap", "Service", "--open", "--port", simulated.Port, "--duration", "0.1");

        run.ShouldEnd(ExitCode.Usage);
        run.ShouldSay("--open");
        open.ShouldEnd(ExitCode.Ok);
    }

    private static Task<ToolRun> JoinAsync(string port, string name, string password, params string[] more) =>
        ToolRun.StartAsync(
            Stream.Null,
            new() { ["MODEM_WIFI_PASSWORD"] = password },
            ["wifi", "join", name, "--port", port, .. more]);
}
