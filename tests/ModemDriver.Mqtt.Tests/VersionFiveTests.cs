using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>What MQTT 5 adds.</summary>
public sealed class VersionFiveTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly ScriptedBroker _broker = new(MqttProtocolVersion.V500);
    private ManagedMqttClient? _client;

    [Fact]
    public async Task CONNECT_says_how_long_the_session_lasts_and_how_much_may_come()
    {
        await OpenAsync();
        BrokerLink link = await _broker.AcceptAsync();
        MqttConnectPacket connect = await link.ExpectAsync<MqttConnectPacket>();

        Assert.False(connect.CleanSession);
        Assert.Equal(7u * 24 * 3600, connect.SessionExpiryInterval);
        Assert.Equal(16u * 1024 * 1024, connect.MaximumPacketSize);
        Assert.Equal(64, connect.ReceiveMaximum);
    }

    [Fact]
    public async Task The_broker_is_told_what_is_left_of_an_expiry()
    {
        await OpenAsync();
        await _client!.PublishAsync(
            new MqttMessage("t", "x") { Expiry = TimeSpan.FromSeconds(100) }, TestContext.Current.CancellationToken);
        BrokerLink link = await _broker.AcceptAsync();
        await link.ExpectAsync<MqttConnectPacket>();
        _time.Advance(TimeSpan.FromSeconds(30));
        await link.SendAsync(BrokerLink.ConnAck(sessionPresent: false));

        Assert.Equal(70u, (await link.ExpectAsync<MqttPublishPacket>()).MessageExpiryInterval);
    }

    [Fact]
    public async Task The_brokers_keep_alive_and_window_hold()
    {
        await OpenAsync();
        BrokerLink link = await _broker.AcceptAsync();
        await link.ExpectAsync<MqttConnectPacket>();
        MqttConnAckPacket answer = BrokerLink.ConnAck(sessionPresent: false);
        answer.ServerKeepAlive = 20;
        answer.ReceiveMaximum = 1;
        await link.SendAsync(answer);
        await _client!.PublishAsync(new MqttMessage("t", "1"), TestContext.Current.CancellationToken);
        await _client.PublishAsync(new MqttMessage("t", "2"), TestContext.Current.CancellationToken);
        ushort first = (await link.ExpectAsync<MqttPublishPacket>()).PacketIdentifier;
        await _client.SubscribeAndAnswerAsync(link, "fence");
        Assert.False(link.HasPacket);
        await link.SendAsync(new MqttPubAckPacket { PacketIdentifier = first });
        await link.ExpectAsync<MqttPublishPacket>();

        await _time.PassAsync(TimeSpan.FromSeconds(10));
        await link.ExpectAsync<MqttPingReqPacket>();
    }

    [Fact]
    public async Task Properties_go_both_ways()
    {
        await OpenAsync();
        BrokerLink link = await _broker.AcceptAsync(sessionPresent: false);
        await _client!.PublishAsync(
            new MqttMessage("t", "x")
            {
                ContentType = "text/plain",
                ResponseTopic = "answer",
                CorrelationData = new byte[] { 1, 2 },
                Properties = [new MqttProperty("a", "1"), new MqttProperty("a", "ü")],
            },
            TestContext.Current.CancellationToken);
        MqttPublishPacket sent = await link.ExpectAsync<MqttPublishPacket>();

        sent.QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce;
        sent.PacketIdentifier = 0;
        await link.SendAsync(sent);
        MqttInboxMessage received = await _client.ReadOneAsync();

        Assert.Equal("text/plain", received.ContentType);
        Assert.Equal("answer", received.ResponseTopic);
        Assert.Equal(new byte[] { 1, 2 }, received.CorrelationData.ToArray());
        Assert.Equal([new MqttProperty("a", "1"), new MqttProperty("a", "ü")], received.Properties);
        Assert.Null(received.PacketIdentifier);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _time.RunAsync(_client.DisposeAsync().AsTask());
        }

        await _broker.DisposeAsync();
    }

    private async Task OpenAsync() => _client = await ManagedMqttClient.OpenAsync(
        ManagedMqttClientTests.Options(_broker) with { ProtocolVersion = MqttProtocolVersion.V500, TimeProvider = _time },
        TestContext.Current.CancellationToken);
}
