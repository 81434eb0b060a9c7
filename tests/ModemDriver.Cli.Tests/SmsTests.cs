using System.Text.Json;
using ModemDriver.Simulator;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class SmsTests
{
    private static readonly string Own = new SimCard().Number;

    [Fact]
    public async Task What_is_sent_is_listed_watched_once_and_gone()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");
        const string Text = "Grüße, 你好 😀";

        ToolRun sent = await ToolRun.StartAsync("sms", "send", Own, Text, "--port", simulated.Port);
        ToolRun list = await ToolRun.StartAsync("sms", "list", "--port", simulated.Port, "--json");
        ToolRun watched = await ToolRun.StartAsync("sms", "watch", "--count", "1", "--port", simulated.Port, "--json");
        ToolRun left = await ToolRun.StartAsync("sms", "list", "--port", simulated.Port, "--json");

        sent.ShouldEnd(ExitCode.Ok);
        Assert.Matches(@"^\d+\s*$", sent.Out);
        list.ShouldEnd(ExitCode.Ok);
        JsonElement stored = Assert.Single(JsonDocument.Parse(list.Out).RootElement.EnumerateArray());
        Assert.Equal((Text, Own, "ReceivedUnread"), (
            stored.GetProperty("text").GetString(), stored.GetProperty("number").GetString(), stored.GetProperty("status").GetString()));
        watched.ShouldEnd(ExitCode.Ok);
        JsonElement came = JsonDocument.Parse(watched.Out).RootElement;
        Assert.Equal((Text, 0), (came.GetProperty("text").GetString(), came.GetProperty("missingParts").GetInt32()));
        Assert.Empty(JsonDocument.Parse(left.Out).RootElement.EnumerateArray());
    }

    [Fact]
    public async Task A_long_text_goes_in_parts_and_each_is_reported()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air820");

        ToolRun sent = await ToolRun.StartAsync(
            "sms", "send", Own, new string('x', 400), "--report", "60", "--port", simulated.Port, "--json");
        ToolRun list = await ToolRun.StartAsync("sms", "list", "--port", simulated.Port);
        ToolRun watched = await ToolRun.StartAsync("sms", "watch", "--count", "1", "--port", simulated.Port);

        sent.ShouldEnd(ExitCode.Ok);
        Assert.Equal(
            ["Delivered", "Delivered", "Delivered"],
            JsonDocument.Parse(sent.Out).RootElement.EnumerateArray().Select(part => part.GetProperty("delivery").GetString()));
        list.ShouldEnd(ExitCode.Ok);
        Assert.Contains("3/3", list.Out, StringComparison.Ordinal);
        watched.ShouldEnd(ExitCode.Ok);
        Assert.EndsWith(Own + ": " + new string('x', 400), watched.Out.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_takes_one_or_all()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");
        foreach (string text in (string[])["one", "two", "three"])
        {
            (await ToolRun.StartAsync("sms", "send", Own, text, "--port", simulated.Port)).ShouldEnd(ExitCode.Ok);
        }

        ToolRun one = await ToolRun.StartAsync("sms", "delete", "1", "--port", simulated.Port);
        ToolRun two = await ToolRun.StartAsync("sms", "list", "--port", simulated.Port, "--json");
        ToolRun all = await ToolRun.StartAsync("sms", "delete", "all", "--port", simulated.Port);
        ToolRun none = await ToolRun.StartAsync("sms", "list", "--port", simulated.Port, "--json");
        ToolRun wrong = await ToolRun.StartAsync("sms", "delete", "first", "--port", simulated.Port);

        one.ShouldEnd(ExitCode.Ok);
        Assert.Equal(
            ["two", "three"],
            JsonDocument.Parse(two.Out).RootElement.EnumerateArray().Select(left => left.GetProperty("text").GetString()));
        all.ShouldEnd(ExitCode.Ok);
        Assert.Empty(JsonDocument.Parse(none.Out).RootElement.EnumerateArray());
        wrong.ShouldEnd(ExitCode.Usage);
        wrong.ShouldSay("or all");
    }

    [Fact]
    public async Task What_cannot_be_sent_is_said_before_anything_is_sent()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");
        await using SimulatedPort without = await SimulatedPort.StartAsync("--personality", "esp-at");

        ToolRun number = await ToolRun.StartAsync("sms", "send", "nobody", "x", "--port", simulated.Port);
        ToolRun module = await ToolRun.StartAsync("sms", "send", Own, "x", "--port", without.Port);

        number.ShouldEnd(ExitCode.Usage);
        number.ShouldSay("number");
        Assert.NotEqual(ExitCode.Ok, module.Code);
        module.ShouldSay("ESP-AT");
    }
}
