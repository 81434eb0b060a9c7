using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>Exchanges that a lost connection or the end of the process has cut.</summary>
public sealed class ResumeTests : IDisposable
{
    private const MqttQualityOfServiceLevel Twice = MqttQualityOfServiceLevel.ExactlyOnce;

    private readonly string _folder = Directory.CreateTempSubdirectory("outbox-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_unacknowledged_message_is_sent_again_with_its_identifier_and_with_DUP_in_the_same_session(
        bool sessionPresent)
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        await PublishAsync(client, "1");
        await PublishAsync(client, "2");
        MqttPublishPacket first = await link.ExpectAsync<MqttPublishPacket>();
        await link.ExpectAsync<MqttPublishPacket>();
        await link.DisposeAsync();

        BrokerLink next = await broker.AcceptAsync(sessionPresent);
        MqttPublishPacket again = await next.ExpectAsync<MqttPublishPacket>();
        MqttPublishPacket second = await next.ExpectAsync<MqttPublishPacket>();

        Assert.Equal(first.PacketIdentifier, again.PacketIdentifier);
        Assert.Equal(sessionPresent, again.Dup);
        Assert.Equal(["1", "2"], new[] { again, second }.Select(Text));
    }

    [Fact]
    public async Task After_PUBREC_only_PUBREL_is_sent_also_after_a_new_start()
    {
        await using ScriptedBroker broker = new();
        ushort identifier;
        await using (ManagedMqttClient client = await OpenAsync(broker))
        {
            BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
            await PublishAsync(client, "1", Twice);
            identifier = (await link.ExpectAsync<MqttPublishPacket>()).PacketIdentifier;
            await link.SendAsync(new MqttPubRecPacket { PacketIdentifier = identifier });
            Assert.Equal(identifier, (await link.ExpectAsync<MqttPubRelPacket>()).PacketIdentifier);
            await link.DisposeAsync();
            BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
            Assert.Equal(identifier, (await next.ExpectAsync<MqttPubRelPacket>()).PacketIdentifier);
            Assert.Equal(1, client.Statistics.Waiting);
        }

        await using ManagedMqttClient anew = await OpenAsync(broker);
        BrokerLink third = await broker.AcceptAsync(sessionPresent: true);
        Assert.Equal(identifier, (await third.ExpectAsync<MqttPubRelPacket>()).PacketIdentifier);
        await third.SendAsync(new MqttPubCompPacket { PacketIdentifier = identifier });
        await anew.DrainAsync(cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task After_PUBREC_a_message_is_not_sent_again_when_the_broker_has_lost_the_session()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        MqttReceipt receipt = await PublishAsync(client, "1", Twice);
        ushort identifier = (await link.ExpectAsync<MqttPublishPacket>()).PacketIdentifier;
        await link.SendAsync(new MqttPubRecPacket { PacketIdentifier = identifier });
        await link.ExpectAsync<MqttPubRelPacket>();
        await link.DisposeAsync();

        BrokerLink next = await broker.AcceptAsync(sessionPresent: false);
        await client.SubscribeAndAnswerAsync(next, "fence");

        Assert.False(next.HasPacket);
        Assert.Equal(
            MqttDeliveryOutcome.Delivered,
            (await receipt.WaitForDeliveryAsync(cancellationToken: TestContext.Current.CancellationToken)).Outcome);
    }

    [Fact]
    public async Task A_message_in_flight_at_the_end_of_the_process_is_sent_again_with_DUP_and_its_identifier()
    {
        await using ScriptedBroker broker = new();
        ushort identifier;
        await using (ManagedMqttClient client = await OpenAsync(broker))
        {
            BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
            await PublishAsync(client, "1", Twice);
            identifier = (await link.ExpectAsync<MqttPublishPacket>()).PacketIdentifier;
        }

        await using ManagedMqttClient anew = await OpenAsync(broker);
        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
        MqttPublishPacket again = await next.ExpectAsync<MqttPublishPacket>();

        Assert.True(again.Dup);
        Assert.Equal(identifier, again.PacketIdentifier);
        Assert.Equal("1", Text(again));
    }

    [Fact]
    public async Task The_file_of_another_client_is_sent_as_new()
    {
        await using ScriptedBroker broker = new();
        await using (ManagedMqttClient client = await OpenAsync(broker))
        {
            BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
            await PublishAsync(client, "1");
            await link.ExpectAsync<MqttPublishPacket>();
        }

        await using ManagedMqttClient other = await ManagedMqttClient.OpenAsync(
            Options(broker) with { SignIn = MqttSignIn.Anonymous("other") }, TestContext.Current.CancellationToken);
        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);

        Assert.False((await next.ExpectAsync<MqttPublishPacket>()).Dup);
    }

    [Fact]
    public async Task In_a_session_that_the_outbox_does_not_know_an_identifier_of_QoS_2_is_freed_before_its_first_use()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: true);
        MqttReceipt receipt = await PublishAsync(client, "1", Twice);
        ushort identifier = (await link.ExpectAsync<MqttPubRelPacket>()).PacketIdentifier;
        Assert.Equal(identifier, (await link.ExpectAsync<MqttPublishPacket>()).PacketIdentifier);
        await link.SendAsync(new MqttPubCompPacket { PacketIdentifier = identifier });
        await client.SubscribeAndAnswerAsync(link, "fence");
        Assert.Equal(1, client.Statistics.Waiting);
        await link.DisposeAsync();

        // Not again: now the broker holds it for this very message.
        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
        Assert.True((await next.ExpectAsync<MqttPublishPacket>()).Dup);
        await next.SendAsync(new MqttPubRecPacket { PacketIdentifier = identifier });
        await next.ExpectAsync<MqttPubRelPacket>();
        await next.SendAsync(new MqttPubCompPacket { PacketIdentifier = identifier });
        MqttDelivery delivery = await receipt.WaitForDeliveryAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(MqttDeliveryOutcome.Delivered, delivery.Outcome);
    }

    [Fact]
    public async Task What_another_client_had_received_at_QoS_2_does_not_hide_a_message()
    {
        await using ScriptedBroker broker = new();
        await using (ManagedMqttClient client = await OpenAsync(broker))
        {
            BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
            await link.SendAsync(Incoming(5, "x", Twice));
            await client.ReadOneAsync();
            await link.ExpectAsync<MqttPubRecPacket>();
        }

        await using ManagedMqttClient other = await ManagedMqttClient.OpenAsync(
            Options(broker) with { SignIn = MqttSignIn.Anonymous("other") }, TestContext.Current.CancellationToken);
        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
        await next.SendAsync(Incoming(5, "y", Twice));

        Assert.Equal("y"u8.ToArray(), (await other.ReadOneAsync()).Payload.ToArray());
    }

    [Fact]
    public async Task A_received_message_of_QoS_2_is_given_once_through_a_lost_connection_and_a_new_start()
    {
        await using ScriptedBroker broker = new();
        await using (ManagedMqttClient client = await OpenAsync(broker))
        {
            BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
            await link.SendAsync(Incoming(5, "x", Twice));
            Assert.Equal("x"u8.ToArray(), (await client.ReadOneAsync()).Payload.ToArray());
            await link.ExpectAsync<MqttPubRecPacket>();
        }

        await using ManagedMqttClient anew = await OpenAsync(broker);
        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
        await next.SendAsync(Incoming(5, "x", Twice, isDuplicate: true));
        Assert.Equal(5, (await next.ExpectAsync<MqttPubRecPacket>()).PacketIdentifier);
        await next.SendAsync(new MqttPubRelPacket { PacketIdentifier = 5 });
        await next.ExpectAsync<MqttPubCompPacket>();
        await next.SendAsync(Incoming(5, "y", Twice));

        Assert.Equal("y"u8.ToArray(), (await anew.ReadOneAsync()).Payload.ToArray());
    }

    [Fact]
    public async Task What_nobody_has_read_at_the_end_is_not_given_then_but_when_the_broker_sends_it_again()
    {
        await using ScriptedBroker broker = new();
        ManagedMqttClient client = await OpenAsync(broker);
        await using (client)
        {
            BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
            await link.SendAsync(Incoming(5, "x", Twice));
            await client.SubscribeAndAnswerAsync(link, "fence");
            Assert.Equal(1, client.Statistics.InboxWaiting);
        }

        await foreach (MqttInboxMessage late in client.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Assert.Fail($"It cannot be acknowledged any more, so it would come twice: {late}");
        }

        await using ManagedMqttClient anew = await OpenAsync(broker);
        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
        await next.SendAsync(Incoming(5, "x", Twice, isDuplicate: true));
        Assert.Equal("x"u8.ToArray(), (await anew.ReadOneAsync()).Payload.ToArray());
    }

    [Fact]
    public async Task Manual_acknowledgements_leave_in_the_order_of_arrival()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(
            Options(broker) with { Acknowledgement = MqttAcknowledgement.Manual }, TestContext.Current.CancellationToken);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        await link.SendAsync(Incoming(1, "1", MqttQualityOfServiceLevel.AtLeastOnce));
        await link.SendAsync(Incoming(2, "2", Twice));
        MqttInboxMessage first = await client.ReadOneAsync();
        MqttInboxMessage second = await client.ReadOneAsync();

        second.Acknowledge();
        second.Acknowledge();
        await client.SubscribeAndAnswerAsync(link, "fence");
        Assert.False(link.HasPacket);
        first.Acknowledge();

        Assert.Equal(1, (await link.ExpectAsync<MqttPubAckPacket>()).PacketIdentifier);
        Assert.Equal(2, (await link.ExpectAsync<MqttPubRecPacket>()).PacketIdentifier);
    }

    [Fact]
    public async Task A_message_of_QoS_2_that_is_being_worked_on_is_not_given_again_after_a_lost_connection()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(
            Options(broker) with { Acknowledgement = MqttAcknowledgement.Manual }, TestContext.Current.CancellationToken);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        await link.SendAsync(Incoming(3, "x", Twice));
        MqttInboxMessage message = await client.ReadOneAsync();
        await link.DisposeAsync();
        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
        await next.SendAsync(Incoming(3, "x", Twice, isDuplicate: true));
        await next.SendAsync(Incoming(4, "y", Twice));
        Assert.Equal((ushort)4, (await client.ReadOneAsync()).PacketIdentifier);

        message.Acknowledge();

        Assert.Equal(3, (await next.ExpectAsync<MqttPubRecPacket>()).PacketIdentifier);
    }

    private static MqttPublishPacket Incoming(
        ushort identifier, string text, MqttQualityOfServiceLevel level, bool isDuplicate = false) => new()
        {
            Topic = "in",
            PayloadSegment = System.Text.Encoding.UTF8.GetBytes(text),
            QualityOfServiceLevel = level,
            PacketIdentifier = identifier,
            Dup = isDuplicate,
        };

    private static ValueTask<MqttReceipt> PublishAsync(
        ManagedMqttClient client, string text, MqttQualityOfServiceLevel level = MqttQualityOfServiceLevel.AtLeastOnce) =>
        client.PublishAsync(
            new MqttMessage("out", text) { QualityOfService = level }, TestContext.Current.CancellationToken);

    private static string Text(MqttPublishPacket packet) => System.Text.Encoding.UTF8.GetString(packet.Payload.FirstSpan);

    private ManagedMqttOptions Options(ScriptedBroker broker) => new(broker.Source, MqttSignIn.Anonymous("test"))
    {
        Outbox = new MqttOutboxOptions { Path = Path.Combine(_folder, "outbox.db") },
        Reconnect = new MqttReconnectOptions { FirstDelay = TimeSpan.FromMilliseconds(10) },
    };

    private Task<ManagedMqttClient> OpenAsync(ScriptedBroker broker) =>
        ManagedMqttClient.OpenAsync(Options(broker), TestContext.Current.CancellationToken);
}
