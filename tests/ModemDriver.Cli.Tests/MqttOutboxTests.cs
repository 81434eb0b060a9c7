using System.Text;
using System.Text.Json;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class MqttOutboxTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("modem-cli-").FullName;

    private string Outbox => Path.Combine(_directory, "modem", "mqtt", "outbox.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task What_waits_is_listed_by_topic_and_the_file_stays_as_it_is()
    {
        await LeaveWaitingAsync("room/1", "k1\tone\nk2\ttwo\n");
        await LeaveWaitingAsync("room/2", "k3\tthree\n");
        byte[] before = await File.ReadAllBytesAsync(Outbox, TestContext.Current.CancellationToken);

        ToolRun alone = await ToolRun.StartAsync("mqtt", "outbox", Outbox, "--json");
        ToolRun people = await ListAsync();

        alone.ShouldEnd(ExitCode.Ok);
        JsonElement report = JsonDocument.Parse(alone.Out).RootElement[0];
        Assert.Equal(3, report.GetProperty("messages").GetInt64());
        JsonElement first = report.GetProperty("topics")[0];
        Assert.Equal("room/1", first.GetProperty("topic").GetString());
        Assert.Equal(2, first.GetProperty("messages").GetInt64());
        Assert.Equal(2 * "room/1".Length + "onetwo".Length, first.GetProperty("bytes").GetInt64());
        Assert.InRange(first.GetProperty("oldestAgeSeconds").GetDouble(), 0, 600);
        people.ShouldEnd(ExitCode.Ok);
        Assert.Contains(Outbox, people.Out, StringComparison.Ordinal);
        Assert.Contains("room/2", people.Out, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Outbox, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_that_is_none_is_said_to_be_none_and_left_alone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Outbox)!);
        await File.WriteAllTextAsync(Outbox, "somebody's text, long enough to be no header of a database at all", TestContext.Current.CancellationToken);

        ToolRun alone = await ToolRun.StartAsync("mqtt", "outbox", Outbox);
        ToolRun among = await ListAsync();

        alone.ShouldEnd(ExitCode.Refused);
        alone.ShouldSay(Outbox, "no database");
        among.ShouldEnd(ExitCode.Ok);
        Assert.Contains("no database", among.Out, StringComparison.Ordinal);
        Assert.StartsWith("somebody's text", await File.ReadAllTextAsync(Outbox, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_not_made()
    {
        ToolRun run = await ToolRun.StartAsync("mqtt", "outbox", Outbox);

        run.ShouldEnd(ExitCode.Refused);
        run.ShouldSay($"There is no outbox {Outbox}.");
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    private Task<ToolRun> ListAsync() => ToolRun.StartAsync(
        Stream.Null, new Dictionary<string, string> { ["XDG_STATE_HOME"] = _directory }, ["mqtt", "outbox"]);

    private async Task LeaveWaitingAsync(string topic, string lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Outbox)!);
        // A broker that takes connections and says nothing.
        await using var broker = new LoopbackServer(async (client, token) =>
            await client.CopyToAsync(Stream.Null, token));
        ToolRun run = await ToolRun.StartAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(lines)),
            [],
            ["mqtt", "pub", topic, "--direct", "--broker", $"127.0.0.1:{broker.Port}", "--stdin", "--outbox", Outbox, "--drain", "0.2"]);
        run.ShouldEnd(ExitCode.TimeLimit);
    }
}
