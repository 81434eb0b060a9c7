using ModemDriver.Mqtt.Session;
using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>When a lost connection is tried again, and when not.</summary>
public sealed class ReconnectTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly ScriptedBroker _broker = new();
    private readonly SwitchedAvailability _modem = new();
    private ManagedMqttClient? _client;

    [Fact]
    public async Task Pauses_double_up_to_the_longest()
    {
        _broker.Unreachable = new IOException("no route");
        await OpenAsync(options => options with
        {
            Reconnect = new MqttReconnectOptions { UseJitter = false, LongestDelay = TimeSpan.FromSeconds(5) },
        });

        foreach (int seconds in new[] { 1, 2, 4, 5, 5 })
        {
            await _time.PassAsync(TimeSpan.FromSeconds(seconds));
        }

        _broker.Unreachable = null;
        await _time.PassAsync(TimeSpan.FromSeconds(5));
        await _broker.AcceptAsync(sessionPresent: false);
        Assert.Equal(7, _broker.Attempts);
    }

    [Fact]
    public async Task A_connection_that_breaks_at_once_counts_as_failed_and_a_stable_one_is_replaced_at_once()
    {
        await OpenAsync(options => options with { Reconnect = new MqttReconnectOptions { UseJitter = false } });
        BrokerLink first = await _broker.AcceptAsync(sessionPresent: false);
        await ConnectedAsync();
        await first.DisposeAsync();
        await _time.PassAsync(TimeSpan.FromSeconds(1));
        BrokerLink second = await _broker.AcceptAsync(sessionPresent: false);
        await ConnectedAsync();
        _time.Advance(TimeSpan.FromSeconds(29));
        await second.DisposeAsync();
        await _time.PassAsync(TimeSpan.FromSeconds(2));
        BrokerLink third = await _broker.AcceptAsync(sessionPresent: false);
        await ConnectedAsync();
        _time.Advance(TimeSpan.FromSeconds(29));
        await _client!.SubscribeAndAnswerAsync(third, "sign of life");
        _time.Advance(TimeSpan.FromSeconds(1));
        await third.DisposeAsync();

        // Without any time passing.
        await _broker.AcceptAsync(sessionPresent: false);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, (int)MqttConnectReturnCode.ConnectionRefusedBadUsernameOrPassword, MqttConnectReasonCode.BadUserNameOrPassword, false)]
    [InlineData(MqttProtocolVersion.V311, (int)MqttConnectReturnCode.ConnectionRefusedNotAuthorized, MqttConnectReasonCode.NotAuthorized, false)]
    [InlineData(MqttProtocolVersion.V311, (int)MqttConnectReturnCode.ConnectionRefusedIdentifierRejected, MqttConnectReasonCode.ClientIdentifierNotValid, false)]
    [InlineData(MqttProtocolVersion.V311, (int)MqttConnectReturnCode.ConnectionRefusedUnacceptableProtocolVersion, MqttConnectReasonCode.UnsupportedProtocolVersion, false)]
    [InlineData(MqttProtocolVersion.V311, (int)MqttConnectReturnCode.ConnectionRefusedServerUnavailable, MqttConnectReasonCode.ServerUnavailable, true)]
    [InlineData(MqttProtocolVersion.V311, 99, MqttConnectReasonCode.UnspecifiedError, true)]
    [InlineData(MqttProtocolVersion.V500, (int)MqttConnectReasonCode.BadUserNameOrPassword, MqttConnectReasonCode.BadUserNameOrPassword, false)]
    [InlineData(MqttProtocolVersion.V500, (int)MqttConnectReasonCode.NotAuthorized, MqttConnectReasonCode.NotAuthorized, false)]
    [InlineData(MqttProtocolVersion.V500, (int)MqttConnectReasonCode.Banned, MqttConnectReasonCode.Banned, false)]
    [InlineData(MqttProtocolVersion.V500, (int)MqttConnectReasonCode.ServerBusy, MqttConnectReasonCode.ServerBusy, true)]
    [InlineData(MqttProtocolVersion.V500, (int)MqttConnectReasonCode.ConnectionRateExceeded, MqttConnectReasonCode.ConnectionRateExceeded, true)]
    public async Task A_refusal_has_its_reason_and_only_what_can_change_is_tried_again(
        MqttProtocolVersion version, int code, MqttConnectReasonCode reason, bool mayRetry)
    {
        await using ScriptedBroker broker = new(version);
        await OpenAsync(options => options with
        {
            Source = broker.Source,
            ProtocolVersion = version,
            Reconnect = new MqttReconnectOptions { UseJitter = false },
        });
        BrokerLink link = await broker.AcceptAsync();
        await link.ExpectAsync<MqttConnectPacket>();
        await link.SendAsync(version == MqttProtocolVersion.V500
            ? new MqttConnAckPacket { ReasonCode = (MqttConnectReasonCode)code }
            : new MqttConnAckPacket { ReturnCode = (MqttConnectReturnCode)code });

        if (mayRetry)
        {
            await _time.PassAsync(TimeSpan.FromSeconds(1));
            await broker.AcceptAsync(sessionPresent: false);
            await ConnectedAsync();
            return;
        }

        MqttRefusedException refused = await Assert.ThrowsAsync<MqttRefusedException>(
            () => _client!.WaitForStateAsync(
                MqttClientState.Connected, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(reason, refused.Code);
        Assert.False(refused.MayRetry);
        Assert.Equal(MqttClientState.Refused, _client!.State);
        _time.Advance(TimeSpan.FromHours(10));
        await _client.PublishAsync(new MqttMessage("a", "kept"), TestContext.Current.CancellationToken);
        Assert.Equal(1, broker.Attempts);

        _client.Reconnect();
        await broker.AcceptAsync(sessionPresent: false);
        await ConnectedAsync();
    }

    [Fact]
    public async Task While_the_modem_is_away_nothing_is_tried_and_when_it_is_back_at_once()
    {
        _modem.Set(Availability.Away);
        await OpenAsync(options => options);
        await _client!.WaitForStateAsync(
            MqttClientState.WaitingForModem, cancellationToken: TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _broker.Attempts);

        _modem.Set(Availability.Available);
        BrokerLink link = await _broker.AcceptAsync(sessionPresent: false);
        await ConnectedAsync();
        _modem.Set(Availability.Away);
        await link.DisposeAsync();
        await _client.WaitForStateAsync(
            MqttClientState.BackingOff, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(MqttDisconnectCause.ModemLost, Assert.IsType<MqttConnectionException>(_client.LastFailure).Cause);

        // In the middle of the pause, and without any time passing.
        _modem.Set(Availability.Available);
        await _broker.AcceptAsync(sessionPresent: false);
    }

    [Fact]
    public async Task A_modem_that_is_back_before_the_pause_has_begun_is_not_waited_for()
    {
        int attempts = 0;
        await OpenAsync(options => options with
        {
            Source = MqttStreamSource.ForStreams(
                "broker",
                token =>
                {
                    if (attempts++ > 0)
                    {
                        return _broker.OpenAsync(token);
                    }

                    _modem.Set(Availability.Away);
                    _modem.Set(Availability.Available);
                    throw new IOException("The modem was away for a moment.");
                },
                null,
                _modem),
        });

        // Without any time passing.
        await _broker.AcceptAsync(sessionPresent: false);
        await ConnectedAsync();
    }

    [Fact]
    public async Task Nobody_waits_for_what_a_modem_that_is_gone_will_not_bring_and_the_outbox_still_takes_messages()
    {
        _modem.Set(Availability.Away);
        await OpenAsync(options => options);
        CancellationToken token = TestContext.Current.CancellationToken;
        MqttReceipt receipt = await _client!.PublishAsync(new MqttMessage("a", "x"), token);
        Task[] waits =
        [
            receipt.WaitForDeliveryAsync(cancellationToken: token),
            _client.DrainAsync(cancellationToken: token),
            _client.SubscribeAsync([new MqttSubscription("a")], cancellationToken: token),
            _client.UnsubscribeAsync(["a"], cancellationToken: token),
            _client.ReadOneAsync(),
        ];

        _modem.Set(Availability.Gone);

        foreach (Task wait in waits)
        {
            await Assert.ThrowsAsync<MqttClosedException>(() => wait.WaitAsync(ScriptedBroker.Deadline, TimeProvider.System, token));
        }

        await _client.PublishAsync(new MqttMessage("a", "y"), token);
        Assert.Equal(2, _client.Statistics.Waiting);
        await Assert.ThrowsAsync<MqttClosedException>(() => _client.DrainAsync(cancellationToken: token));
    }

    [Fact]
    public async Task A_modem_that_is_gone_closes_the_client()
    {
        _modem.Set(Availability.Away);
        await OpenAsync(options => options);
        await _client!.WaitForStateAsync(
            MqttClientState.WaitingForModem, cancellationToken: TestContext.Current.CancellationToken);

        _modem.Set(Availability.Gone);

        await _client.WaitForStateAsync(MqttClientState.Closed, cancellationToken: TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<MqttClosedException>(() => _client.WaitForStateAsync(
            MqttClientState.Connected, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Reconnect_replaces_a_connection()
    {
        await OpenAsync(options => options);
        BrokerLink first = await _broker.AcceptAsync(sessionPresent: false);
        await ConnectedAsync();

        _client!.Reconnect();

        await first.ExpectEndAsync();
        await _broker.AcceptAsync(sessionPresent: true);
        await ConnectedAsync();
    }

    [Fact]
    public async Task A_broker_that_closes_after_CONNECT_is_tried_again_after_a_pause()
    {
        await OpenAsync(options => options with { Reconnect = new MqttReconnectOptions { UseJitter = false } });
        BrokerLink link = await _broker.AcceptAsync();
        await link.ExpectAsync<MqttConnectPacket>();
        await link.DisposeAsync();

        await _time.ArmedAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(MqttDisconnectCause.ClosedByBroker, Assert.IsType<MqttConnectionException>(_client!.LastFailure).Cause);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _broker.AcceptAsync(sessionPresent: false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _time.RunAsync(_client.DisposeAsync().AsTask());
        }

        await _broker.DisposeAsync();
    }

    private async Task OpenAsync(Func<ManagedMqttOptions, ManagedMqttOptions> change)
    {
        ManagedMqttOptions options = ManagedMqttClientTests.Options(_broker) with
        {
            Source = MqttStreamSource.ForStreams("broker", _broker.OpenAsync, null, _modem),
            TimeProvider = _time,
        };
        _client = await ManagedMqttClient.OpenAsync(change(options), TestContext.Current.CancellationToken);
    }

    private Task ConnectedAsync() => _client!.WaitForStateAsync(
        MqttClientState.Connected, cancellationToken: TestContext.Current.CancellationToken);

    private sealed class SwitchedAvailability : IAvailability
    {
        public event Action? Changed;

        public Availability Current { get; private set; } = Availability.Available;

        public void Set(Availability availability)
        {
            Current = availability;
            Changed?.Invoke();
        }
    }
}
