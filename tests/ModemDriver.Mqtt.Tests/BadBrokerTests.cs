using System.Security.Cryptography;
using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>Brokers that do what they must not, and messages at the borders of size.</summary>
public sealed class BadBrokerTests
{
    public static TheoryData<string, byte[]> Garbage() => new()
    {
        { "a line of text", "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray() },
        { "a length of five bytes", [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01] },
        { "a packet of 256 MiB", [0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0x00] },
        { "a PUBLISH whose topic is longer than itself", [0x30, 0x04, 0x00, 0x50, 0x61, 0x61] },
        { "a PUBLISH without a topic", [0x30, 0x02, 0x00, 0x00] },
        { "QoS 3", [0x36, 0x05, 0x00, 0x01, 0x61, 0x00, 0x01] },
        { "a PUBLISH of QoS 1 with identifier 0", [0x32, 0x05, 0x00, 0x01, 0x61, 0x00, 0x00] },
        { "a CONNECT", [0x10, 0x0C, 0x00, 0x04, 0x4D, 0x51, 0x54, 0x54, 0x04, 0x02, 0x00, 0x3C, 0x00, 0x00] },
        { "a second CONNACK", [0x20, 0x02, 0x00, 0x00] },
        { "an UNSUBACK that nobody asked for", [0xB0, 0x02, 0x00, 0x07] },
        { "packet type 0", [0x00, 0x00] },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task What_cannot_be_ends_the_connection_and_the_next_one_works(string what, byte[] bytes)
    {
        Assert.NotEmpty(what);
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        List<MqttDisconnectCause> causes = [];
        client.StateChanged += (_, change) => causes.Add(change.Cause);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        await client.WaitForStateAsync(MqttClientState.Connected, cancellationToken: TestContext.Current.CancellationToken);

        await link.Raw.WriteAsync(bytes, TestContext.Current.CancellationToken);

        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
        await client.SubscribeAndAnswerAsync(next, "works");
        Assert.Contains(MqttDisconnectCause.ProtocolError, causes);
    }

    [Fact]
    public async Task Random_bytes_instead_of_an_answer_to_CONNECT_are_survived()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        Random random = new(20_260_501);
        for (int i = 0; i < 50; i++)
        {
            BrokerLink link = await broker.AcceptAsync();
            byte[] bytes = new byte[random.Next(1, 300)];
            random.NextBytes(bytes);
            await link.Raw.WriteAsync(bytes, TestContext.Current.CancellationToken);
            await link.DisposeAsync();
        }

        await broker.AcceptAsync(sessionPresent: false);
        await client.WaitForStateAsync(MqttClientState.Connected, cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_session_that_was_not_asked_for_is_refused()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker, options => options with { CleanSession = true });
        BrokerLink link = await broker.AcceptAsync();
        Assert.True((await link.ExpectAsync<MqttConnectPacket>()).CleanSession);
        await link.SendAsync(BrokerLink.ConnAck(sessionPresent: true));

        await link.ExpectEndAsync();
        await broker.AcceptAsync(sessionPresent: false);
    }

    [Fact]
    public async Task An_acknowledgement_that_fits_nothing_is_ignored_and_PUBREC_is_answered()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);

        await link.SendAsync(new MqttPubAckPacket { PacketIdentifier = 7 });
        await link.SendAsync(new MqttPubCompPacket { PacketIdentifier = 7 });
        await link.SendAsync(new MqttPingRespPacket());
        await link.SendAsync(new MqttPubRecPacket { PacketIdentifier = 7 });

        Assert.Equal(7, (await link.ExpectAsync<MqttPubRelPacket>()).PacketIdentifier);
        Assert.Equal(MqttClientState.Connected, client.State);
    }

    [Fact]
    public async Task DISCONNECT_of_MQTT_5_has_its_code()
    {
        await using ScriptedBroker broker = new(MqttProtocolVersion.V500);
        await using ManagedMqttClient client = await OpenAsync(
            broker, options => options with { ProtocolVersion = MqttProtocolVersion.V500 });
        TaskCompletionSource<Exception?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        client.StateChanged += (_, change) =>
        {
            if (change.Reason is not null)
            {
                ended.TrySetResult(change.Reason);
            }
        };
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        await client.WaitForStateAsync(MqttClientState.Connected, cancellationToken: TestContext.Current.CancellationToken);

        await link.SendAsync(new MqttDisconnectPacket { ReasonCode = MqttDisconnectReasonCode.ServerShuttingDown });

        MqttConnectionException reason = Assert.IsType<MqttConnectionException>(
            await ended.Task.WaitAsync(ScriptedBroker.Deadline, TestContext.Current.CancellationToken));
        Assert.Equal(MqttDisconnectCause.ClosedByBroker, reason.Cause);
        Assert.Equal(MqttDisconnectReasonCode.ServerShuttingDown, reason.BrokerCode);
    }

    [Theory]
    [InlineData(MqttQualityOfServiceLevel.AtLeastOnce)]
    [InlineData(MqttQualityOfServiceLevel.ExactlyOnce)]
    public async Task A_message_that_a_broker_of_MQTT_5_refuses_is_dropped_with_its_code(MqttQualityOfServiceLevel level)
    {
        await using ScriptedBroker broker = new(MqttProtocolVersion.V500);
        await using ManagedMqttClient client = await OpenAsync(
            broker, options => options with { ProtocolVersion = MqttProtocolVersion.V500 });
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        MqttReceipt receipt = await client.PublishAsync(
            new MqttMessage("a", "x") { QualityOfService = level }, TestContext.Current.CancellationToken);
        ushort identifier = (await link.ExpectAsync<MqttPublishPacket>()).PacketIdentifier;
        await link.SendAsync(level == MqttQualityOfServiceLevel.AtLeastOnce
            ? new MqttPubAckPacket { PacketIdentifier = identifier, ReasonCode = MqttPubAckReasonCode.NotAuthorized }
            : new MqttPubRecPacket { PacketIdentifier = identifier, ReasonCode = MqttPubRecReasonCode.NotAuthorized });

        Assert.Equal(
            new MqttDelivery(MqttDeliveryOutcome.Refused, MqttPubAckReasonCode.NotAuthorized),
            await receipt.WaitForDeliveryAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(1, client.Statistics.Refused);
        Assert.Equal(0, client.Statistics.Waiting);
    }

    [Fact]
    public async Task What_a_broker_of_MQTT_5_cannot_take_is_not_sent()
    {
        await using ScriptedBroker broker = new(MqttProtocolVersion.V500);
        await using ManagedMqttClient client = await OpenAsync(
            broker, options => options with { ProtocolVersion = MqttProtocolVersion.V500 });
        MqttReceipt large = await client.PublishAsync(
            new MqttMessage("a", new byte[2000]), TestContext.Current.CancellationToken);
        MqttReceipt retained = await client.PublishAsync(
            new MqttMessage("a", "x") { Retain = true }, TestContext.Current.CancellationToken);
        MqttReceipt exact = await client.PublishAsync(
            new MqttMessage("a", "x") { QualityOfService = MqttQualityOfServiceLevel.ExactlyOnce },
            TestContext.Current.CancellationToken);
        await client.PublishAsync(new MqttMessage("a", "fits"), TestContext.Current.CancellationToken);
        BrokerLink link = await broker.AcceptAsync();
        await link.ExpectAsync<MqttConnectPacket>();
        MqttConnAckPacket answer = BrokerLink.ConnAck(sessionPresent: false);
        answer.MaximumPacketSize = 1000;
        answer.RetainAvailable = false;
        answer.MaximumQoS = MqttQualityOfServiceLevel.AtLeastOnce;
        await link.SendAsync(answer);

        Assert.Equal("fits"u8.ToArray(), (await link.ExpectAsync<MqttPublishPacket>()).Payload.FirstSpan.ToArray());
        foreach (MqttReceipt receipt in new[] { large, retained, exact })
        {
            MqttDelivery delivery = await receipt.WaitForDeliveryAsync(
                cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(MqttDeliveryOutcome.Refused, delivery.Outcome);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10 * 1024 * 1024)]
    public async Task Payloads_of_no_bytes_and_of_10_MiB_go_both_ways(int length)
    {
        byte[] payload = new byte[length];
        RandomNumberGenerator.Fill(payload);
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);

        await client.PublishAsync(new MqttMessage("up", payload), TestContext.Current.CancellationToken);
        MqttPublishPacket sent = await link.ExpectAsync<MqttPublishPacket>();
        await link.SendAsync(new MqttPublishPacket { Topic = "down", PayloadSegment = payload });

        Assert.Equal(payload, System.Buffers.BuffersExtensions.ToArray(sent.Payload));
        Assert.Equal(payload, (await client.ReadOneAsync()).Payload.ToArray());
    }

    [Fact]
    public async Task A_slow_reader_slows_the_broker_and_not_the_memory()
    {
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await OpenAsync(broker, options => options with { InboxMessages = 4 });
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        const int Count = 2000;
        Task sending = SendAsync();

        // The pipe between them holds 64 KiB, the inbox four messages of 1 KiB: the rest waits at the broker.
        for (int i = 0; i < Count; i++)
        {
            MqttInboxMessage message = await client.ReadOneAsync();
            Assert.Equal(i, BitConverter.ToInt32(message.Payload.Span));
            Assert.True(client.Statistics.InboxWaiting <= 4);
            Assert.True(sending.IsCompleted || Volatile.Read(ref _sent) - i < 200, $"{Volatile.Read(ref _sent)} sent, {i} read");
        }

        await sending;

        async Task SendAsync()
        {
            for (int i = 0; i < Count; i++)
            {
                byte[] payload = new byte[1024];
                BitConverter.TryWriteBytes(payload, i);
                await link.SendAsync(new MqttPublishPacket { Topic = "in", PayloadSegment = payload });
                Interlocked.Increment(ref _sent);
            }
        }
    }

    private int _sent;

    private static Task<ManagedMqttClient> OpenAsync(
        ScriptedBroker broker, Func<ManagedMqttOptions, ManagedMqttOptions>? change = null)
    {
        ManagedMqttOptions options = ManagedMqttClientTests.Options(broker) with
        {
            Reconnect = new MqttReconnectOptions { FirstDelay = TimeSpan.FromMilliseconds(1), LongestDelay = TimeSpan.FromMilliseconds(5) },
        };
        return ManagedMqttClient.OpenAsync(change?.Invoke(options) ?? options, TestContext.Current.CancellationToken);
    }
}
