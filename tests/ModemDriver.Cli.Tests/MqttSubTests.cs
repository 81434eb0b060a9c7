using System.Net;
using System.Text.Json;
using ModemDriver.Cli.Demo;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class MqttSubTests
{
    [Fact]
    public async Task Messages_are_printed_a_line_each_over_the_module()
    {
        await using DemoBroker broker = await DemoBroker.StartAsync(IPAddress.Loopback);
        await using BrokerEar peer = await BrokerEar.OpenAsync(broker.Port, "none");
        await peer.PublishAsync("room/1", "21.5", retain: true);
        await peer.PublishAsync("room/2", "line\nend \u001b[31m", retain: true);
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();

        ToolRun run = await ToolRun.StartAsync(
            "mqtt", "sub", "room/+", "--broker", $"127.0.0.1:{broker.Port}", "--port", simulated.Port, "--count", "2");

        run.ShouldEnd(ExitCode.Ok);
        string[] lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["room/1 21.5", @"room/2 line\x0aend \x1b[31m"], lines.Order(StringComparer.Ordinal));
        Assert.Contains("room/+: granted at QoS 1.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task The_client_inside_the_module_does_the_same(string module)
    {
        await using DemoBroker broker = await DemoBroker.StartAsync(IPAddress.Loopback);
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", module);
        string[] broking = ["--broker", $"127.0.0.1:{broker.Port}", "--port", simulated.Port, "--on-module"];
        string outbox = Path.Combine(Directory.CreateTempSubdirectory("modem-on-module-").FullName, "outbox.db");

        (await ToolRun.StartAsync([
            "mqtt", "pub", "room/1", "--message", "21.5 \"C\"", "--retain", "--outbox", outbox, .. broking])).ShouldEnd(ExitCode.Ok);
        ToolRun sub = await ToolRun.StartAsync(["mqtt", "sub", "room/+", "--count", "1", .. broking]);

        sub.ShouldEnd(ExitCode.Ok);
        Assert.Equal("room/1 21.5 \"C\"", sub.Out.Trim());
        Directory.Delete(Path.GetDirectoryName(outbox)!, recursive: true);
    }

    [Theory]
    [InlineData("--on-module goes with --port", "--direct")]
    [InlineData("--on-module speaks MQTT 3.1.1 only", "--port", "x", "--protocol", "5")]
    [InlineData("--cert is for TLS on this computer", "--port", "x", "--tls", "--cert", "x")]
    public async Task What_the_client_inside_a_module_cannot_do_is_said_before_it_is_tried(string said, params string[] arguments)
    {
        ToolRun run = await ToolRun.StartAsync(["mqtt", "sub", "a", "--on-module", "--broker", "x", .. arguments]);

        run.ShouldEnd(ExitCode.Usage);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_one_document_a_line()
    {
        await using DemoBroker broker = await DemoBroker.StartAsync(IPAddress.Loopback);
        await using BrokerEar peer = await BrokerEar.OpenAsync(broker.Port, "none");
        await peer.PublishAsync("a", "1", retain: true);
        await peer.PublishAsync("b", "", retain: false);
        await peer.PublishAsync("c", "\"2\"", retain: true);

        ToolRun run = await ToolRun.StartAsync(
            "mqtt", "sub", "#", "--broker", $"127.0.0.1:{broker.Port}", "--direct", "--qos", "2", "--count", "2", "--json");

        run.ShouldEnd(ExitCode.Ok);
        JsonElement[] documents =
        [
            .. run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .OrderBy(document => document.GetProperty("topic").GetString(), StringComparer.Ordinal),
        ];
        Assert.Equal(["a", "c"], documents.Select(document => document.GetProperty("topic").GetString()));
        Assert.Equal("\"2\"", documents[1].GetProperty("payload").GetString());
        Assert.Equal("IjIi", documents[1].GetProperty("payloadBase64").GetString());
        Assert.Equal(2, documents[0].GetProperty("qos").GetInt32());
        Assert.True(documents[0].GetProperty("retained").GetBoolean());
        Assert.False(documents[0].GetProperty("duplicate").GetBoolean());
    }

    [Fact]
    public async Task With_a_name_what_was_published_between_two_runs_comes_at_the_second()
    {
        await using DemoBroker broker = await DemoBroker.StartAsync(IPAddress.Loopback);
        await using BrokerEar peer = await BrokerEar.OpenAsync(broker.Port, "none");
        string[] arguments =
            ["mqtt", "sub", "x", "--broker", $"127.0.0.1:{broker.Port}", "--direct", "--client-id", "me"];
        await peer.PublishAsync("x", "before", retain: true);

        ToolRun first = await ToolRun.StartAsync([.. arguments, "--count", "1"]);
        await peer.PublishAsync("x", "", retain: true); // the broker keeps "before" no longer
        await peer.PublishAsync("x", "between");
        ToolRun second = await ToolRun.StartAsync([.. arguments, "--count", "2"]);

        first.ShouldEnd(ExitCode.Ok);
        second.ShouldEnd(ExitCode.Ok);
        Assert.Equal("x before\n", first.Out);
        Assert.Equal("x \nx between\n", second.Out);
    }

    [Fact]
    public async Task Ctrl_C_is_the_usual_end()
    {
        await using DemoBroker broker = await DemoBroker.StartAsync(IPAddress.Loopback);
        await using BrokerEar peer = await BrokerEar.OpenAsync(broker.Port, "none");
        await peer.PublishAsync("x", "1", retain: true);
        using var stop = new CancellationTokenSource();
        await using var text = new Signalling("x 1", stop.Cancel);

        ToolRun run = await ToolRun.StartAsync(
            text, stop.Token, "mqtt", "sub", "x", "--broker", $"127.0.0.1:{broker.Port}", "--direct");

        run.ShouldEnd(ExitCode.Ok);
    }

    [Fact]
    public async Task Messages_that_come_before_the_answer_to_SUBSCRIBE_do_not_hold_it_back()
    {
        const int Early = 500;
        await using var broker = new LoopbackServer(async (client, token) =>
        {
            byte[] buffer = new byte[512];
            await client.ReadAtLeastAsync(buffer, 2, cancellationToken: token);
            await client.WriteAsync(new byte[] { 0x20, 2, 0, 0 }, token);
            await client.ReadAtLeastAsync(buffer, 4, cancellationToken: token);
            // MQTT 3.1.1, 3.8.4: a broker may send what matches before SUBACK. PUBLISH of "1" to "a" at QoS 0.
            for (int i = 0; i < Early; i++)
            {
                await client.WriteAsync(new byte[] { 0x30, 4, 0, 1, (byte)'a', (byte)'1' }, token);
            }

            await client.WriteAsync(new byte[] { 0x90, 3, buffer[2], buffer[3], 1 }, token);
            await client.WriteAsync(new byte[] { 0x30, 4, 0, 1, (byte)'a', (byte)'2' }, token);
            await client.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false, token);
        });

        ToolRun run = await ToolRun.StartAsync(
            "mqtt", "sub", "a", "--broker", $"127.0.0.1:{broker.Port}", "--direct", "--count", $"{Early + 1}");

        run.ShouldEnd(ExitCode.Ok);
        Assert.Equal([.. Enumerable.Repeat("a 1", Early), "a 2"], run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("a: granted at QoS 1.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_the_broker_refuses_is_named_and_exit_code_1()
    {
        // CONNACK; SUBACK of MQTT 3.1.1, 3.9.3: the first filter granted at QoS 1, the second refused.
        await using var broker = new LoopbackServer(async (client, token) =>
        {
            byte[] buffer = new byte[512];
            await client.ReadAtLeastAsync(buffer, 2, cancellationToken: token);
            await client.WriteAsync(new byte[] { 0x20, 2, 0, 0 }, token);
            await client.ReadAtLeastAsync(buffer, 4, cancellationToken: token);
            await client.WriteAsync(new byte[] { 0x90, 4, buffer[2], buffer[3], 1, 0x80 }, token);
            // PUBLISH of "1" to "good" at QoS 0, so that the run has its message.
            await client.WriteAsync(new byte[] { 0x30, 7, 0, 4, (byte)'g', (byte)'o', (byte)'o', (byte)'d', (byte)'1' }, token);
            await client.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false, token);
        });

        ToolRun run = await ToolRun.StartAsync(
            "mqtt", "sub", "good", "bad", "--broker", $"127.0.0.1:{broker.Port}", "--direct", "--count", "1");

        run.ShouldEnd(ExitCode.Refused);
        Assert.Equal("good 1\n", run.Out);
        Assert.Contains("good: granted at QoS 1.", run.Error, StringComparison.Ordinal);
        Assert.Contains("bad: refused, UnspecifiedError.", run.Error, StringComparison.Ordinal);
    }
}
