using System.Collections.Concurrent;
using System.Text;
using ModemDriver.Mqtt;
using ModemDriver.Simulator;
using MQTTnet;
using MQTTnet.Protocol;

namespace ModemDriver.EndToEnd.Tests.Mqtt;

/// <summary>The managed client over links of a simulated module that starts anew in the middle of its work.</summary>
public sealed class ManagedMqttTests
{
    private const string BrokerAddress = "10.0.0.9";
    private const int BrokerPort = 1883;
    private const int Numbers = 60;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_module_that_starts_anew_loses_no_message_and_no_subscription()
    {
        using CancellationTokenSource deadline = new(Deadline, TimeProvider.System);
        CancellationToken token = deadline.Token;
        InMemoryNetwork network = new();
        await using StreamBroker broker = await StreamBroker.StartAsync();
        network.Serve(BrokerAddress, BrokerPort, broker.ServeAsync);
        await using MqttModem modem = await MqttModem.StartAsync(network, token);
        ManagedMqttOptions options = new(
            MqttStreamSource.ForModem(modem.Modem, BrokerAddress), MqttSignIn.Anonymous("managed"))
        {
            Outbox = new MqttOutboxOptions { Storage = MqttOutboxStorage.Memory },
        };
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(options, token);
        ConcurrentQueue<MqttClientStateChange> changes = [];
        client.StateChanged += (_, change) => changes.Enqueue(change);
        IReadOnlyList<MqttSubscribeResult> granted = await client.SubscribeAsync(
            [new MqttSubscription("down")], Deadline, token);
        Assert.All(granted, result => Assert.True(result.IsGranted));

        for (int i = 0; i < Numbers; i++)
        {
            await client.PublishAsync(new MqttMessage("up", $"{i}"), token);
            if (i == Numbers / 2)
            {
                await modem.Modem.ResetModuleAsync(token);
            }
        }

        await client.DrainAsync(Deadline, token);
        await client.WaitForStateAsync(MqttClientState.Connected, Deadline, token);
        Assert.Contains(changes, change => change.OldState == MqttClientState.Connected);
        Assert.Equal(Enumerable.Range(0, Numbers), await FirstsAsync(broker, token));
        await ReceivesAsync(client, broker, token);
    }

    private static async Task ReceivesAsync(ManagedMqttClient client, StreamBroker broker, CancellationToken token)
    {
        await broker.PublishAsync("down", "x"u8.ToArray(), MqttQualityOfServiceLevel.AtLeastOnce, token);
        await foreach (MqttInboxMessage message in client.ReadAllAsync(token))
        {
            Assert.Equal("x"u8.ToArray(), message.Payload.ToArray());
            break;
        }
    }

    /// <summary>The numbers in the order in which they first came; at QoS 1 they may come again.</summary>
    private static async Task<IEnumerable<int>> FirstsAsync(StreamBroker broker, CancellationToken token)
    {
        List<int> numbers = [];
        while (numbers.Distinct().Count() < Numbers)
        {
            MqttApplicationMessage message = await broker.Published.ReadAsync(token);
            numbers.Add(int.Parse(Encoding.UTF8.GetString(message.Payload.FirstSpan), System.Globalization.CultureInfo.InvariantCulture));
        }

        return numbers.Distinct();
    }
}
