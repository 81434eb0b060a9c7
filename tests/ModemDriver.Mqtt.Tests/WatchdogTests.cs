using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>Silence is noticed within the keep-alive, which is 60 seconds here.</summary>
public sealed class WatchdogTests : IAsyncDisposable
{
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly ScriptedBroker _broker = new();
    private readonly List<MqttClientStateChange> _changes = [];
    private ManagedMqttClient? _client;

    [Fact]
    public async Task Half_the_keep_alive_of_silence_is_asked_about_and_the_whole_of_it_is_the_end()
    {
        BrokerLink link = await ConnectAsync();

        await _time.PassAsync(Half);
        await link.ExpectAsync<MqttPingReqPacket>();
        await _time.PassAsync(Half);

        await link.ExpectEndAsync();
        await EndedBySilenceAsync();
    }

    [Fact]
    public async Task An_answered_PINGREQ_keeps_the_connection()
    {
        BrokerLink link = await ConnectAsync();
        for (int i = 0; i < 5; i++)
        {
            await _time.PassAsync(Half);
            await link.ExpectAsync<MqttPingReqPacket>();
            await link.SendAsync(new MqttPingRespPacket());
            await FenceAsync(link);
        }

        Assert.Equal(MqttClientState.Connected, _client!.State);
    }

    [Fact]
    public async Task A_late_answer_within_the_keep_alive_keeps_the_connection()
    {
        BrokerLink link = await ConnectAsync();
        await _time.PassAsync(Half);
        await link.ExpectAsync<MqttPingReqPacket>();
        await _time.ArmedAsync(Half);
        _time.Advance(Half - TimeSpan.FromSeconds(1));
        await link.SendAsync(new MqttPingRespPacket());
        await FenceAsync(link);
        _time.Advance(TimeSpan.FromSeconds(1));

        await _time.PassAsync(Half - TimeSpan.FromSeconds(1));
        await link.ExpectAsync<MqttPingReqPacket>();
        Assert.Equal(MqttClientState.Connected, _client!.State);
    }

    [Fact]
    public async Task A_dead_link_is_noticed_also_while_messages_of_QoS_0_are_published()
    {
        BrokerLink link = await ConnectAsync();
        await _time.ArmedAsync(Half);
        int pings = 0;
        for (int second = 0; second < 59; second++)
        {
            await _client!.PublishAsync(
                new MqttMessage("a", "x") { QualityOfService = MqttQualityOfServiceLevel.AtMostOnce },
                TestContext.Current.CancellationToken);
            await link.ExpectAsync<MqttPublishPacket>();
            _time.Advance(TimeSpan.FromSeconds(1));
            if (second == 29)
            {
                await link.ExpectAsync<MqttPingReqPacket>();
                pings++;
                await _time.ArmedAsync(Half);
            }
        }

        Assert.Equal(MqttClientState.Connected, _client!.State);
        _time.Advance(TimeSpan.FromSeconds(1));

        await link.ExpectEndAsync();
        await EndedBySilenceAsync();
        Assert.Equal(1, pings);
    }

    [Fact]
    public async Task A_broker_that_sends_messages_but_no_PINGRESP_is_left()
    {
        BrokerLink link = await ConnectAsync();
        await _time.PassAsync(Half);
        await link.ExpectAsync<MqttPingReqPacket>();
        for (int i = 0; i < 2; i++)
        {
            await _time.ArmedAsync(Half);
            await link.SendAsync(Incoming());
            await _client!.ReadOneAsync();
            _time.Advance(Half);
        }

        await link.ExpectEndAsync();
        await EndedBySilenceAsync();
    }

    [Fact]
    public async Task A_reader_that_holds_up_the_connection_does_not_end_it()
    {
        BrokerLink link = await ConnectAsync(options => options with { InboxMessages = 1 });
        for (int i = 0; i < 3; i++)
        {
            await link.SendAsync(Incoming());
        }

        // The first is in the inbox, and the next one finds it full, before time passes.
        using (CancellationTokenSource deadline = new(ScriptedBroker.Deadline, TimeProvider.System))
        {
            while (_client!.Statistics.InboxWaiting == 0)
            {
                deadline.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        // The answers stand behind messages for which there is no room: they are read when there is. The broker, for its
        // part, must hear something all the while.
        for (int i = 0; i < 10; i++)
        {
            await _time.PassAsync(Half);
            await link.ExpectAsync<MqttPingReqPacket>();
            await link.SendAsync(new MqttPingRespPacket());
        }

        Assert.Equal(MqttClientState.Connected, _client!.State);
        for (int i = 0; i < 3; i++)
        {
            await _client.ReadOneAsync();
        }

        await FenceAsync(link);
        Assert.Equal(MqttClientState.Connected, _client.State);
    }

    [Fact]
    public async Task A_link_that_takes_no_bytes_is_left()
    {
        BrokerLink link = await ConnectAsync();
        link.StopReading();
        await _time.ArmedAsync(Half);
        await _client!.PublishAsync(
            new MqttMessage("a", new byte[1024 * 1024]), TestContext.Current.CancellationToken);

        // The message cannot be written to its end, and so neither can a PINGREQ.
        await link.StalledAsync();
        _time.Advance(Half);
        await _time.ArmedAsync(Half);
        _time.Advance(Half);

        await EndedBySilenceAsync();
    }

    [Fact]
    public async Task No_answer_to_CONNECT_is_waited_for_no_longer_than_the_limit()
    {
        await OpenAsync(options => options);
        BrokerLink link = await _broker.AcceptAsync();
        await link.ExpectAsync<MqttConnectPacket>();
        _time.Advance(TimeSpan.FromSeconds(60));

        await link.ExpectEndAsync();
        await _client!.WaitForStateAsync(
            MqttClientState.BackingOff, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(MqttDisconnectCause.NoAnswer, Assert.IsType<MqttConnectionException>(_client.LastFailure).Cause);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _time.RunAsync(_client.DisposeAsync().AsTask());
        }

        await _broker.DisposeAsync();
    }

    private static MqttPublishPacket Incoming() => new() { Topic = "in", PayloadSegment = new byte[] { 1 } };

    private async Task OpenAsync(Func<ManagedMqttOptions, ManagedMqttOptions> change)
    {
        ManagedMqttOptions options = ManagedMqttClientTests.Options(_broker) with { TimeProvider = _time };
        _client = await ManagedMqttClient.OpenAsync(change(options), TestContext.Current.CancellationToken);
        _client.StateChanged += (_, change) => _changes.Add(change);
    }

    private async Task<BrokerLink> ConnectAsync(Func<ManagedMqttOptions, ManagedMqttOptions>? change = null)
    {
        await OpenAsync(change ?? (options => options));
        BrokerLink link = await _broker.AcceptAsync(sessionPresent: false);
        await _client!.WaitForStateAsync(
            MqttClientState.Connected, cancellationToken: TestContext.Current.CancellationToken);
        return link;
    }

    /// <summary>The client has read what was sent to it before.</summary>
    private async Task FenceAsync(BrokerLink link) => await _client!.SubscribeAndAnswerAsync(link, "fence");

    /// <summary>The connection had been stable, so the next one follows at once.</summary>
    private async Task EndedBySilenceAsync()
    {
        await _broker.AcceptAsync();
        Assert.Equal(MqttDisconnectCause.Silence, _changes[^1].Cause);
        Assert.Equal(MqttDisconnectCause.Silence, Assert.IsType<MqttConnectionException>(_client!.LastFailure).Cause);
    }
}
