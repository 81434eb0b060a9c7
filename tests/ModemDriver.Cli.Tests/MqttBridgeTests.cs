using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using ModemDriver.Cli.Demo;
using MQTTnet;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class MqttBridgeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("modem-cli-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Messages_go_over_the_module_in_both_directions_and_others_do_not()
    {
        await using DemoBroker far = await DemoBroker.StartAsync(IPAddress.Loopback);
        await using DemoBroker near = await DemoBroker.StartAsync(IPAddress.Loopback);
        await using BrokerEar farEar = await BrokerEar.OpenAsync(far.Port, "sensors/#");
        await using BrokerEar nearEar = await BrokerEar.OpenAsync(near.Port, "orders/#");
        await farEar.PublishAsync("orders/1", "go", retain: true);
        await farEar.PublishAsync("other", "stay", retain: true);
        await nearEar.PublishAsync("sensors/1", "21.5", retain: true);
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        using var stop = new CancellationTokenSource();
        await using var text = new StringWriter();

        Task<ToolRun> running = StartAsync(
            text,
            far,
            near,
            ["--port", simulated.Port, "--in", "orders/#", "--out", "sensors/#", "--json"],
            stop.Token);
        MqttApplicationMessage order = await nearEar.NextAsync();
        MqttApplicationMessage reading = await farEar.NextAsync();
        await stop.CancelAsync();
        ToolRun run = await running;

        run.ShouldEnd(ExitCode.Ok);
        Assert.Equal(("orders/1", "go"), (order.Topic, Encoding.UTF8.GetString(order.Payload.ToArray())));
        Assert.Equal(("sensors/1", "21.5"), (reading.Topic, Encoding.UTF8.GetString(reading.Payload.ToArray())));
        JsonElement report = JsonDocument.Parse(text.ToString()).RootElement;
        Assert.Equal(1, report.GetProperty("in").GetInt64());
        Assert.Equal(1, report.GetProperty("out").GetInt64());
    }

    [Fact]
    public async Task A_topic_that_goes_both_ways_goes_round_in_no_loop()
    {
        await using DemoBroker far = await DemoBroker.StartAsync(IPAddress.Loopback);
        await using DemoBroker near = await DemoBroker.StartAsync(IPAddress.Loopback);
        await using BrokerEar farEar = await BrokerEar.OpenAsync(far.Port);
        await using BrokerEar nearEar = await BrokerEar.OpenAsync(near.Port);
        await farEar.PublishAsync("a", "1", retain: true);
        using var stop = new CancellationTokenSource();
        await using var text = new StringWriter();

        Task<ToolRun> running = StartAsync(
            text, far, near, ["--direct", "--protocol", "5", "--in", "#", "--out", "#"], stop.Token);
        string[] heardNear = await nearEar.NextTextsAsync(1);
        await nearEar.PublishAsync("b", "2");
        string[] heardFar = await farEar.NextTextsAsync(2);

        // What went round would arrive before these.
        await farEar.PublishAsync("c", "3");
        await nearEar.NextTextsAsync(1); // its own "2"
        string[] last = await nearEar.NextTextsAsync(1);
        await stop.CancelAsync();
        (await running).ShouldEnd(ExitCode.Ok);

        Assert.Equal(["1"], heardNear);
        Assert.Equal(["1", "2"], heardFar);
        Assert.Equal(["3"], last);
    }

    [Fact]
    public async Task Messages_that_come_before_the_answer_to_SUBSCRIBE_do_not_hold_the_bridge_up()
    {
        const int Early = 500;
        // As a broker that has kept the session: what waited comes at once, at QoS 0, and SUBACK behind it.
        await using var far = new LoopbackServer(async (client, token) =>
        {
            byte[] buffer = new byte[512];
            await client.ReadAtLeastAsync(buffer, 2, cancellationToken: token);
            await client.WriteAsync(new byte[] { 0x20, 2, 0, 0 }, token);
            await client.ReadAtLeastAsync(buffer, 4, cancellationToken: token);
            for (int i = 0; i < Early; i++)
            {
                await client.WriteAsync(new byte[] { 0x30, 4, 0, 1, (byte)'a', (byte)'1' }, token);
            }

            await client.WriteAsync(new byte[] { 0x90, 3, buffer[2], buffer[3], 1 }, token);
            await client.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false, token);
        });
        await using DemoBroker near = await DemoBroker.StartAsync(IPAddress.Loopback);
        await using BrokerEar ear = await BrokerEar.OpenAsync(near.Port);
        using var stop = new CancellationTokenSource();
        await using var text = new StringWriter();

        Task<ToolRun> running = StartAsync(text, far.Port, near.Port, ["--direct", "--in", "a"], stop.Token);
        await ear.NextTextsAsync(Early);
        await stop.CancelAsync();

        (await running).ShouldEnd(ExitCode.Ok);
    }

    private Task<ToolRun> StartAsync(
        TextWriter text, DemoBroker far, DemoBroker near, string[] arguments, CancellationToken stop) =>
        StartAsync(text, far.Port, near.Port, arguments, stop);

    private Task<ToolRun> StartAsync(
        TextWriter text, int far, int near, string[] arguments, CancellationToken stop)
    {
        return ToolRun.StartAsync(
            text,
            stop,
            [
                "mqtt", "bridge", "--broker", $"127.0.0.1:{far}", "--local", $"127.0.0.1:{near}",
                "--outbox", Path.Combine(_directory, "far.db"), "--local-outbox", Path.Combine(_directory, "near.db"),
                .. arguments,
            ]);
    }
}
