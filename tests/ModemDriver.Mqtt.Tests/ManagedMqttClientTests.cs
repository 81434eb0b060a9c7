using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>The thin path: connect, publish, subscribe, receive.</summary>
public sealed class ManagedMqttClientTests
{
    [Fact]
    public async Task CONNECT_asks_for_a_persistent_session_and_says_who_and_with_which_will()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(Options(broker) with
        {
            SignIn = MqttSignIn.Password("meter-7", "user", "secret"),
            KeepAlive = TimeSpan.FromSeconds(30),
            Will = new MqttMessage("meter/7/state", "gone") { Retain = true },
        }, TestContext.Current.CancellationToken);

        BrokerLink link = await broker.AcceptAsync();
        MqttConnectPacket connect = await link.ExpectAsync<MqttConnectPacket>();

        Assert.False(connect.CleanSession);
        Assert.Equal("meter-7", connect.ClientId);
        Assert.Equal("user", connect.Username);
        Assert.Equal("secret"u8.ToArray(), connect.Password);
        Assert.Equal(30, connect.KeepAlivePeriod);
        Assert.True(connect.WillFlag);
        Assert.Equal("meter/7/state", connect.WillTopic);
        Assert.Equal("gone"u8.ToArray(), connect.WillMessage);
        Assert.Equal(MqttQualityOfServiceLevel.AtLeastOnce, connect.WillQoS);
        Assert.True(connect.WillRetain);
    }

    [Fact]
    public async Task A_message_accepted_before_the_connection_is_sent_when_there_is_one()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        MqttReceipt receipt = await client.PublishAsync(
            new MqttMessage("a", "1") { Retain = true }, TestContext.Current.CancellationToken);

        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        MqttPublishPacket publish = await link.ExpectAsync<MqttPublishPacket>();
        Assert.Equal(1, client.Statistics.Waiting);
        await link.SendAsync(new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier });

        MqttDelivery delivery = await receipt.WaitForDeliveryAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(MqttDeliveryOutcome.Delivered, delivery.Outcome);
        Assert.Equal("a", publish.Topic);
        Assert.True(publish.Retain);
        Assert.False(publish.Dup);
        Assert.Equal(0, client.Statistics.Waiting);
        Assert.Equal(1, client.Statistics.Delivered);
    }

    [Fact]
    public async Task Messages_go_in_order_and_no_more_than_the_window_awaits_acknowledgement()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client =
            await ManagedMqttClient.OpenAsync(Options(broker) with { MaxInFlight = 2 }, TestContext.Current.CancellationToken);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        for (int i = 0; i < 4; i++)
        {
            await client.PublishAsync(new MqttMessage("a", $"{i}"), TestContext.Current.CancellationToken);
        }

        MqttPublishPacket first = await link.ExpectAsync<MqttPublishPacket>();
        MqttPublishPacket second = await link.ExpectAsync<MqttPublishPacket>();
        await client.SubscribeAndAnswerAsync(link, "fence");
        Assert.False(link.HasPacket);
        await link.SendAsync(new MqttPubAckPacket { PacketIdentifier = first.PacketIdentifier });
        MqttPublishPacket third = await link.ExpectAsync<MqttPublishPacket>();

        Assert.Equal(["0", "1", "2"], new[] { first, second, third }.Select(Text));
    }

    [Fact]
    public async Task A_message_of_QoS_0_is_delivered_when_it_is_written()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);

        MqttReceipt receipt = await client.PublishAsync(
            new MqttMessage("a", "1") { QualityOfService = MqttQualityOfServiceLevel.AtMostOnce },
            TestContext.Current.CancellationToken);

        Assert.Equal(MqttQualityOfServiceLevel.AtMostOnce, (await link.ExpectAsync<MqttPublishPacket>()).QualityOfServiceLevel);
        MqttDelivery delivery = await receipt.WaitForDeliveryAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(MqttDeliveryOutcome.Delivered, delivery.Outcome);
    }

    [Fact]
    public async Task Several_filters_go_in_one_SUBSCRIBE_and_each_has_its_code()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);

        Task<IReadOnlyList<MqttSubscribeResult>> subscribing = client.SubscribeAsync(
            [new MqttSubscription("a/+"), new MqttSubscription("b/#") { QualityOfService = MqttQualityOfServiceLevel.ExactlyOnce }],
            cancellationToken: TestContext.Current.CancellationToken);
        MqttSubscribePacket packet = await link.ExpectAsync<MqttSubscribePacket>();
        await link.SendAsync(new MqttSubAckPacket
        {
            PacketIdentifier = packet.PacketIdentifier,
            ReasonCodes = [MqttSubscribeReasonCode.GrantedQoS1, MqttSubscribeReasonCode.UnspecifiedError],
        });

        Assert.Equal(["a/+", "b/#"], packet.TopicFilters.Select(filter => filter.Topic));
        Assert.Equal(
            [
                new MqttSubscribeResult("a/+", MqttSubscribeReasonCode.GrantedQoS1),
                new MqttSubscribeResult("b/#", MqttSubscribeReasonCode.UnspecifiedError),
            ],
            await subscribing);
        Assert.Equal(["a/+"], client.Subscriptions);
    }

    [Fact]
    public async Task A_received_message_shows_identifier_retain_and_DUP_and_is_acknowledged_when_it_is_taken()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);

        await link.SendAsync(new MqttPublishPacket
        {
            Topic = "a",
            PayloadSegment = "x"u8.ToArray(),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            PacketIdentifier = 77,
            Retain = true,
            Dup = true,
        });
        MqttInboxMessage message = await client.ReadOneAsync();

        Assert.Equal("a", message.Topic);
        Assert.Equal("x"u8.ToArray(), message.Payload.ToArray());
        Assert.Equal((ushort)77, message.PacketIdentifier);
        Assert.True(message.IsRetained);
        Assert.True(message.IsDuplicate);
        Assert.Equal(77, (await link.ExpectAsync<MqttPubAckPacket>()).PacketIdentifier);
    }

    [Fact]
    public async Task Closing_says_DISCONNECT()
    {
        await using ScriptedBroker broker = new();
        ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        await client.WaitForStateAsync(MqttClientState.Connected, cancellationToken: TestContext.Current.CancellationToken);

        await client.DisposeAsync();

        await link.ExpectAsync<MqttDisconnectPacket>();
        await link.ExpectEndAsync();
        Assert.Equal(MqttClientState.Closed, client.State);
        Assert.Equal(1, broker.Attempts);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await client.PublishAsync(new MqttMessage("a", "1"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/+/b")]
    [InlineData("a/#")]
    [InlineData("a\0b")]
    public async Task A_topic_that_cannot_be_published_to_is_refused_before_anything_is_stored(string topic)
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);

        await Assert.ThrowsAsync<ArgumentException>(
            async () => await client.PublishAsync(new MqttMessage(topic, "x"), TestContext.Current.CancellationToken));
        Assert.Equal(0, client.Statistics.Accepted);
    }

    public static TheoryData<string, MqttMessage> Unsendable()
    {
        string longText = new('x', 65_536);
        MqttMessage message = new("a", "x");
        return new()
        {
            { "Topic", message with { Topic = longText } },
            { "surrogate", message with { Topic = "a\ud83d" } },
            { "ContentType", message with { ContentType = longText } },
            { "ContentType", message with { ContentType = "a\0" } },
            { "CorrelationData", message with { CorrelationData = new byte[65_536] } },
            { "Properties", message with { Properties = [new MqttProperty(longText, "x")] } },
            { "Properties", message with { Properties = [new MqttProperty("x", longText)] } },
            { "Payload", message with { Payload = new byte[268_435_456] } },
        };
    }

    [Theory]
    [MemberData(nameof(Unsendable))]
    public async Task What_fits_into_no_packet_is_refused_before_it_holds_up_what_is_behind_it(string what, MqttMessage message)
    {
        Assert.NotEmpty(what);
        await using ScriptedBroker broker = new(MqttProtocolVersion.V500);
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(
            Options(broker) with { ProtocolVersion = MqttProtocolVersion.V500 }, TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await client.PublishAsync(message, TestContext.Current.CancellationToken));
        await client.PublishAsync(new MqttMessage("a", "next"), TestContext.Current.CancellationToken);

        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        Assert.Equal("next", Text(await link.ExpectAsync<MqttPublishPacket>()));
    }

    internal static ManagedMqttOptions Options(ScriptedBroker broker) =>
        new(broker.Source, MqttSignIn.Anonymous("test"))
        {
            Outbox = new MqttOutboxOptions { Storage = MqttOutboxStorage.Memory },
        };

    private static Task<ManagedMqttClient> OpenAsync(ScriptedBroker broker) =>
        ManagedMqttClient.OpenAsync(Options(broker), TestContext.Current.CancellationToken);

    private static string Text(MqttPublishPacket packet) => System.Text.Encoding.UTF8.GetString(packet.Payload.FirstSpan);
}
