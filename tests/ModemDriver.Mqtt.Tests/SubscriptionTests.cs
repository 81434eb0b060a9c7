using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>Subscriptions through lost connections and lost sessions.</summary>
public sealed class SubscriptionTests
{
    [Fact]
    public async Task Granted_filters_are_restored_in_one_SUBSCRIBE_when_the_session_is_gone_and_refused_ones_are_not()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        Task<IReadOnlyList<MqttSubscribeResult>> subscribing = client.SubscribeAsync(
            [new MqttSubscription("a"), new MqttSubscription("b"), new MqttSubscription("c")],
            cancellationToken: TestContext.Current.CancellationToken);
        MqttSubscribePacket asked = await link.ExpectAsync<MqttSubscribePacket>();
        await AnswerAsync(link, asked, MqttSubscribeReasonCode.GrantedQoS1, MqttSubscribeReasonCode.UnspecifiedError, MqttSubscribeReasonCode.GrantedQoS0);
        await subscribing;
        await link.DisposeAsync();

        BrokerLink next = await broker.AcceptAsync(sessionPresent: false);
        MqttSubscribePacket again = await next.ExpectAsync<MqttSubscribePacket>();

        Assert.Equal(["a", "c"], again.TopicFilters.Select(filter => filter.Topic));
    }

    [Fact]
    public async Task A_broker_that_has_the_session_is_not_asked_again()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        await client.SubscribeAndAnswerAsync(link, "a");
        await link.DisposeAsync();

        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
        await client.PublishAsync(new MqttMessage("fence", "x"), TestContext.Current.CancellationToken);

        await next.ExpectAsync<MqttPublishPacket>();
        Assert.Equal(["a"], client.Subscriptions);
    }

    [Fact]
    public async Task A_filter_that_is_refused_when_it_is_restored_is_reported_and_forgotten()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        TaskCompletionSource<MqttSubscribeResult> reported = new(TaskCreationOptions.RunContinuationsAsynchronously);
        client.SubscriptionRefused += (_, result) => reported.TrySetResult(result);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        await client.SubscribeAndAnswerAsync(link, "a", "b");
        await link.DisposeAsync();
        BrokerLink next = await broker.AcceptAsync(sessionPresent: false);

        await AnswerAsync(
            next,
            await next.ExpectAsync<MqttSubscribePacket>(),
            MqttSubscribeReasonCode.UnspecifiedError,
            MqttSubscribeReasonCode.GrantedQoS1);

        MqttSubscribeResult refused = await reported.Task.WaitAsync(ScriptedBroker.Deadline, TestContext.Current.CancellationToken);
        Assert.Equal(new MqttSubscribeResult("a", MqttSubscribeReasonCode.UnspecifiedError), refused);
        Assert.Equal(["b"], client.Subscriptions);
    }

    [Fact]
    public async Task A_SUBSCRIBE_that_was_cut_is_sent_on_the_next_connection_and_answered_to_its_caller()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        Task<IReadOnlyList<MqttSubscribeResult>> subscribing = client.SubscribeAsync(
            [new MqttSubscription("a")], cancellationToken: TestContext.Current.CancellationToken);
        await link.ExpectAsync<MqttSubscribePacket>();
        await link.DisposeAsync();

        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
        await AnswerAsync(next, await next.ExpectAsync<MqttSubscribePacket>(), MqttSubscribeReasonCode.GrantedQoS1);

        Assert.True(Assert.Single(await subscribing).IsGranted);
    }

    [Fact]
    public async Task Many_filters_are_restored_in_several_packets()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        string[] filters = [.. Enumerable.Range(0, 70).Select(i => $"f/{i}")];
        await client.SubscribeAndAnswerAsync(link, filters);
        await link.DisposeAsync();

        BrokerLink next = await broker.AcceptAsync(sessionPresent: false);
        List<string> restored = [];
        for (int i = 0; i < 3; i++)
        {
            restored.AddRange((await next.ExpectAsync<MqttSubscribePacket>()).TopicFilters.Select(filter => filter.Topic));
        }

        Assert.Equal(filters, restored);
    }

    [Fact]
    public async Task A_restoration_that_was_cut_goes_on_in_the_session_that_the_broker_then_has()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        string[] filters = [.. Enumerable.Range(0, 40).Select(i => $"f/{i}")];
        await client.SubscribeAndAnswerAsync(link, filters);
        await link.DisposeAsync();
        BrokerLink cut = await broker.AcceptAsync(sessionPresent: false);
        await AnswerAsync(
            cut,
            await cut.ExpectAsync<MqttSubscribePacket>(),
            [.. Enumerable.Repeat(MqttSubscribeReasonCode.GrantedQoS1, 32)]);
        await cut.ExpectAsync<MqttSubscribePacket>();
        await cut.DisposeAsync();

        // The session is that of the connection that was cut: it has the first packet's filters, and perhaps no others.
        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);

        MqttSubscribePacket rest = await next.ExpectAsync<MqttSubscribePacket>();
        Assert.Equal(filters[32..], rest.TopicFilters.Select(filter => filter.Topic));
    }

    [Fact]
    public async Task Every_code_of_UNSUBACK_is_reported_and_what_the_broker_keeps_stays()
    {
        await using ScriptedBroker broker = new(MqttProtocolVersion.V500);
        await using ManagedMqttClient client = await OpenAsync(broker, MqttProtocolVersion.V500);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        await client.SubscribeAndAnswerAsync(link, "a", "b");

        Task<IReadOnlyList<MqttUnsubscribeResult>> leaving = client.UnsubscribeAsync(
            ["a", "b", "c"], cancellationToken: TestContext.Current.CancellationToken);
        MqttUnsubscribePacket packet = await link.ExpectAsync<MqttUnsubscribePacket>();
        await link.SendAsync(new MqttUnsubAckPacket
        {
            PacketIdentifier = packet.PacketIdentifier,
            ReasonCodes =
            [
                MqttUnsubscribeReasonCode.Success,
                MqttUnsubscribeReasonCode.NotAuthorized,
                MqttUnsubscribeReasonCode.NoSubscriptionExisted,
            ],
        });

        Assert.Equal(
            [
                new MqttUnsubscribeResult("a", MqttUnsubscribeReasonCode.Success),
                new MqttUnsubscribeResult("b", MqttUnsubscribeReasonCode.NotAuthorized),
                new MqttUnsubscribeResult("c", MqttUnsubscribeReasonCode.NoSubscriptionExisted),
            ],
            await leaving);
        Assert.Equal(["b"], client.Subscriptions);
    }

    [Fact]
    public async Task UNSUBACK_of_MQTT_3_1_1_has_no_codes_and_means_yes()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        await client.SubscribeAndAnswerAsync(link, "a");

        Task<IReadOnlyList<MqttUnsubscribeResult>> leaving = client.UnsubscribeAsync(
            ["a"], cancellationToken: TestContext.Current.CancellationToken);
        MqttUnsubscribePacket packet = await link.ExpectAsync<MqttUnsubscribePacket>();
        await link.SendAsync(new MqttUnsubAckPacket { PacketIdentifier = packet.PacketIdentifier });

        Assert.Equal([new MqttUnsubscribeResult("a", MqttUnsubscribeReasonCode.Success)], await leaving);
        Assert.Empty(client.Subscriptions);
    }

    [Fact]
    public async Task A_SUBACK_with_another_number_of_codes_ends_the_connection()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        Task subscribing = client.SubscribeAsync(
            [new MqttSubscription("a"), new MqttSubscription("b")],
            cancellationToken: TestContext.Current.CancellationToken);
        await AnswerAsync(link, await link.ExpectAsync<MqttSubscribePacket>(), MqttSubscribeReasonCode.GrantedQoS1);

        await link.ExpectEndAsync();
        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
        await AnswerAsync(
            next,
            await next.ExpectAsync<MqttSubscribePacket>(),
            MqttSubscribeReasonCode.GrantedQoS1,
            MqttSubscribeReasonCode.GrantedQoS1);
        await subscribing;
    }

    [Theory]
    [InlineData("")]
    [InlineData("a#")]
    [InlineData("a/#/b")]
    [InlineData("a+/b")]
    public async Task A_filter_that_cannot_be_is_refused(string filter)
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);

        await Assert.ThrowsAsync<ArgumentException>(() => client.SubscribeAsync(
            [new MqttSubscription(filter)], cancellationToken: TestContext.Current.CancellationToken));
    }

    private static Task AnswerAsync(BrokerLink link, MqttSubscribePacket packet, params MqttSubscribeReasonCode[] codes) =>
        link.SendAsync(new MqttSubAckPacket { PacketIdentifier = packet.PacketIdentifier, ReasonCodes = [.. codes] });

    private static Task<ManagedMqttClient> OpenAsync(
        ScriptedBroker broker, MqttProtocolVersion version = MqttProtocolVersion.V311) =>
        ManagedMqttClient.OpenAsync(
            ManagedMqttClientTests.Options(broker) with
            {
                ProtocolVersion = version,
                Reconnect = new MqttReconnectOptions { FirstDelay = TimeSpan.FromMilliseconds(10) },
            },
            TestContext.Current.CancellationToken);
}
