using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>What the Meter shows.</summary>
public sealed class MetricsTests
{
    private const string Client = "metrics-test";

    [Fact]
    public async Task Queue_publishes_acknowledgements_round_trips_and_reconnects_are_measured()
    {
        ConcurrentQueue<(string Name, double Value, string Tags)> measured = [];
        using MeterListener listener = Listen(measured);
        ManualTime time = new();
        await using ScriptedBroker broker = new();
        ManagedMqttClient client = await ManagedMqttClient.OpenAsync(
            ManagedMqttClientTests.Options(broker) with
            {
                SignIn = MqttSignIn.Anonymous(Client),
                TimeProvider = time,
                Reconnect = new MqttReconnectOptions { UseJitter = false },
            },
            TestContext.Current.CancellationToken);
        MqttReceipt receipt = await client.PublishAsync(
            new MqttMessage("t", new byte[9]), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(4));
        listener.RecordObservableInstruments();
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        ushort identifier = (await link.ExpectAsync<MqttPublishPacket>()).PacketIdentifier;
        time.Advance(TimeSpan.FromSeconds(2));
        await link.SendAsync(new MqttPubAckPacket { PacketIdentifier = identifier });
        await receipt.WaitForDeliveryAsync(cancellationToken: TestContext.Current.CancellationToken);
        await client.SubscribeAndAnswerAsync(link, "fence");
        await link.DisposeAsync();
        await time.PassAsync(TimeSpan.FromSeconds(1));
        await broker.AcceptAsync(sessionPresent: true);
        await client.WaitForStateAsync(MqttClientState.Connected, cancellationToken: TestContext.Current.CancellationToken);
        await time.RunAsync(client.DisposeAsync().AsTask());

        Assert.Equal([1], Values(measured, "mqtt.outbox.messages"));
        Assert.Equal([10], Values(measured, "mqtt.outbox.bytes"));
        Assert.Equal([4], Values(measured, "mqtt.outbox.oldest"));
        Assert.Equal([1], Values(measured, "mqtt.publishes", "qos=1"));
        Assert.Equal([1], Values(measured, "mqtt.acknowledgements", "qos=1"));
        Assert.Equal([2], Values(measured, "mqtt.publish.duration", "qos=1"));
        Assert.Equal([1, 1], Values(measured, "mqtt.connects"));
        Assert.Equal([1], Values(measured, "mqtt.disconnects", "cause=ClosedByBroker"));
    }

    [Fact]
    public async Task An_exchange_that_an_earlier_process_began_counts_and_a_refusal_does_not()
    {
        string folder = Directory.CreateTempSubdirectory("outbox-").FullName;
        try
        {
            ConcurrentQueue<(string Name, double Value, string Tags)> measured = [];
            using MeterListener listener = Listen(measured);
            await using ScriptedBroker broker = new(MqttProtocolVersion.V500);
            ManagedMqttOptions options = ManagedMqttClientTests.Options(broker) with
            {
                SignIn = MqttSignIn.Anonymous(Client),
                ProtocolVersion = MqttProtocolVersion.V500,
                Outbox = new MqttOutboxOptions { Path = Path.Combine(folder, "outbox.db") },
            };
            MqttMessage twice = new("t", "x") { QualityOfService = MqttQualityOfServiceLevel.ExactlyOnce };
            ushort identifier;
            await using (ManagedMqttClient client = await ManagedMqttClient.OpenAsync(
                             options, TestContext.Current.CancellationToken))
            {
                BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
                await client.PublishAsync(twice, TestContext.Current.CancellationToken);
                identifier = (await link.ExpectAsync<MqttPublishPacket>()).PacketIdentifier;
                await link.SendAsync(new MqttPubRecPacket { PacketIdentifier = identifier });
                await link.ExpectAsync<MqttPubRelPacket>();
            }

            await using ManagedMqttClient anew = await ManagedMqttClient.OpenAsync(
                options, TestContext.Current.CancellationToken);
            BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
            await next.ExpectAsync<MqttPubRelPacket>();
            await next.SendAsync(new MqttPubCompPacket { PacketIdentifier = identifier });
            await anew.PublishAsync(twice, TestContext.Current.CancellationToken);
            await next.SendAsync(new MqttPubRecPacket
            {
                PacketIdentifier = (await next.ExpectAsync<MqttPublishPacket>()).PacketIdentifier,
                ReasonCode = MqttPubRecReasonCode.NotAuthorized,
            });
            await anew.SubscribeAndAnswerAsync(next, "fence");

            Assert.Equal([1], Values(measured, "mqtt.acknowledgements", "qos=2"));
            Assert.Single(Values(measured, "mqtt.publish.duration", "qos=2"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<double> Values(
        ConcurrentQueue<(string Name, double Value, string Tags)> measured, string name, string tag = "") =>
        measured.Where(one => one.Name == name && one.Tags.Contains(tag, StringComparison.Ordinal)).Select(one => one.Value);

    private static MeterListener Listen(ConcurrentQueue<(string Name, double Value, string Tags)> measured)
    {
        MeterListener listener = new()
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "ModemDriver.Mqtt")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        return listener;

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string text = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            // Other tests run beside this one.
            if (text.Contains($"client={Client}", StringComparison.Ordinal))
            {
                measured.Enqueue((instrument.Name, value, text));
            }
        }
    }
}
