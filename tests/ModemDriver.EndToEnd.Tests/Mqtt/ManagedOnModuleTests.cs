using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ModemDriver.Mqtt;
using ModemDriver.Simulator;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace ModemDriver.EndToEnd.Tests.Mqtt;

/// <summary>The managed client over the MQTT client inside a module, against a broker that was not written here.</summary>
public sealed class ManagedOnModuleTests
{
    private static readonly byte[] AllBytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task Messages_of_every_quality_of_service_are_delivered_and_come_back(string module)
    {
        Mosquitto.SkipUnlessInstalled();
        await using Mosquitto broker = await Mosquitto.StartAsync(Token, ("user", "secret"));
        await using Rig rig = await OpenAsync(module);
        await using ManagedMqttClient client = await OpenClientAsync(rig, broker.Port, MqttSignIn.Password("module", "user", "secret"));
        IReadOnlyList<MqttSubscribeResult> granted = await client.SubscribeAsync(
            [new MqttSubscription("t/#"), new MqttSubscription(new string('x', 300))], Limit, Token);
        Assert.Equal([true, false], granted.Select(result => result.IsGranted));

        await using IAsyncEnumerator<MqttInboxMessage> inbox = client.ReadAllAsync(Token).GetAsyncEnumerator(Token);
        foreach (MqttQualityOfServiceLevel level in Enum.GetValues<MqttQualityOfServiceLevel>())
        {
            MqttReceipt receipt = await client.PublishAsync(
                new MqttMessage($"t/{level}", AllBytes) { QualityOfService = level }, Token);
            Assert.Equal(MqttDeliveryOutcome.Delivered, (await receipt.WaitForDeliveryAsync(Limit, Token)).Outcome);
            Assert.True(await inbox.MoveNextAsync().Within(Token));
            Assert.Equal($"t/{level}", inbox.Current.Topic);
            Assert.Equal(AllBytes, inbox.Current.Payload.ToArray());
        }

        // What the module cannot take does not hold up what is behind it.
        MqttReceipt tooLong = await client.PublishAsync(new MqttMessage("t/long", new byte[5000]), Token);
        MqttReceipt next = await client.PublishAsync(new MqttMessage("t/next", "x"), Token);
        Assert.Equal(MqttDeliveryOutcome.Refused, (await tooLong.WaitForDeliveryAsync(Limit, Token)).Outcome);
        Assert.Equal(MqttDeliveryOutcome.Delivered, (await next.WaitForDeliveryAsync(Limit, Token)).Outcome);
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task A_module_that_starts_anew_loses_no_message_and_no_subscription(string module)
    {
        Mosquitto.SkipUnlessInstalled();
        const int Messages = 40;
        await using Mosquitto broker = await Mosquitto.StartAsync(Token);
        await using Peer peer = await Peer.ConnectAsync(broker.Port, "t");
        await using Rig rig = await OpenAsync(module);
        await using ManagedMqttClient client = await OpenClientAsync(rig, broker.Port, MqttSignIn.Anonymous("module"));
        ConcurrentQueue<MqttClientStateChange> changes = [];
        client.StateChanged += (_, change) => changes.Enqueue(change);
        await client.SubscribeAsync([new MqttSubscription("t")], Limit, Token);
        for (int i = 0; i < Messages; i++)
        {
            await client.PublishAsync(new MqttMessage("t", $"{i}"), Token);
            if (i == Messages / 2)
            {
                await rig.Modem.ResetModuleAsync(Token);
            }
        }

        await client.DrainAsync(Limit, Token);
        await client.WaitForStateAsync(MqttClientState.Connected, Limit, Token);
        Assert.Contains(changes, change => change.OldState == MqttClientState.Connected);
        await client.PublishAsync(new MqttMessage("t", $"{Messages}"), Token);
        SortedSet<int> received = [];
        await foreach (MqttInboxMessage message in client.ReadAllAsync(Token))
        {
            received.Add(int.Parse(Encoding.UTF8.GetString(message.Payload.Span), CultureInfo.InvariantCulture));
            if (received.Max == Messages)
            {
                break; // the subscription stands again
            }
        }

        Assert.Superset(Enumerable.Range(0, Messages).ToHashSet(), (await peer.AllAsync(Messages)).ToHashSet());
    }

    [Fact]
    public async Task A_refused_session_is_tried_again_and_mqtt_5_is_refused_for_good()
    {
        Mosquitto.SkipUnlessInstalled();
        await using Mosquitto broker = await Mosquitto.StartAsync(Token, ("user", "secret"));
        await using Rig rig = await OpenAsync("air780");
        await using (ManagedMqttClient wrong = await OpenClientAsync(rig, broker.Port, MqttSignIn.Password("module", "user", "wrong")))
        {
            await wrong.WaitForStateAsync(MqttClientState.BackingOff, Limit, Token);
            ModuleMqttException? reason = wrong.LastFailure?.InnerException as ModuleMqttException
                ?? wrong.LastFailure?.InnerException?.InnerException as ModuleMqttException;
            Assert.Equal(ModuleMqttFailure.SessionRefused, reason?.Reason);
        }

        await using ManagedMqttClient five = await OpenClientAsync(
            rig, broker.Port, MqttSignIn.Password("module", "user", "secret"), MqttProtocolVersion.V500);
        await five.WaitForStateAsync(MqttClientState.Refused, Limit, Token);
        Assert.Equal(
            MqttConnectReasonCode.UnsupportedProtocolVersion, Assert.IsType<MqttRefusedException>(five.LastFailure).Code);
    }

    private static Task<Rig> OpenAsync(string module) =>
        Rig.OpenAsync(module, simulate: options => options with { Network = new HostNetwork() });

    private static Task<ManagedMqttClient> OpenClientAsync(
        Rig rig, int port, MqttSignIn signIn, MqttProtocolVersion version = MqttProtocolVersion.V311) => ManagedMqttClient.OpenAsync(
        new ManagedMqttOptions(MqttStreamSource.ForModule(rig.Modem, "127.0.0.1", port), signIn)
        {
            ProtocolVersion = version,
            Outbox = new MqttOutboxOptions { Storage = MqttOutboxStorage.Memory },
        },
        Token);
}
