using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Threading.Channels;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.OnModule;

/// <summary>
/// Stands where the broker would be: what the packets of a client say is done by the MQTT client inside a module, and what comes
/// of it is told as the broker would tell it.
/// </summary>
/// <remarks>
/// Nothing is acknowledged before the broker has acknowledged it to the module. Whether the broker has kept a session the module
/// does not say, so the answer to CONNECT never says so either.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "What it has holds nothing outside of the process, and no timer.")]
internal sealed class ModuleBroker
{
    // So much is read ahead of the module, so that a ping behind it is answered in time.
    private const int ReadAhead = 64;
    private const int MostKeepAlive = 7200;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Func<ModuleMqttOptions, CancellationToken, Task<IModuleMqttClient>> _connect;
    private readonly ModuleMqttOptions _options;
    private readonly RefusedMessages _refused;
    private readonly MqttPacketFormatterAdapter _codec = new(new MqttBufferWriter(4096, 65_535));
    private readonly MqttChannelAdapter _adapter;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _dropped = new();
    private readonly Channel<MqttPacket> _work =
        System.Threading.Channels.Channel.CreateBounded<MqttPacket>(new BoundedChannelOptions(ReadAhead) { SingleReader = true });

    /// <summary>Serves one connection.</summary>
    public ModuleBroker(
        Func<ModuleMqttOptions, CancellationToken, Task<IModuleMqttClient>> connect,
        ModuleMqttOptions options,
        RefusedMessages refused,
        PipeChannel channel)
    {
        _connect = connect;
        _options = options;
        _refused = refused;
        _adapter = new MqttChannelAdapter(channel, _codec, MqttNetNullLogger.Instance);
    }

    /// <summary>The module's client, once it is connected.</summary>
    public IModuleMqttClient? Client { get; private set; }

    /// <summary>Told the topic of a message of QoS 0 that the module has refused: nobody else is told of it.</summary>
    public Action<string>? Refused { get; set; }

    /// <summary>Serves until the client says goodbye, or either side ends; then the module's client is free again.</summary>
    /// <exception cref="IOException">The connection of the module could not be made, or has ended.</exception>
    public async Task RunAsync()
    {
        if (await _adapter.ReceivePacketAsync(CancellationToken.None).ConfigureAwait(false) is not MqttConnectPacket hello)
        {
            return; // nobody wants it any more
        }

        if (_codec.ProtocolVersion == MqttProtocolVersion.V500)
        {
            await SendAsync(new MqttConnAckPacket { ReasonCode = MqttConnectReasonCode.UnsupportedProtocolVersion }).ConfigureAwait(false);
            return;
        }

        IModuleMqttClient client = await _connect(ToOptions(hello), _dropped.Token).ConfigureAwait(false);
        await using (client.ConfigureAwait(false))
        {
            Client = client;
            await SendAsync(new MqttConnAckPacket { ReturnCode = MqttConnectReturnCode.ConnectionAccepted }).ConfigureAwait(false);
            using var ended = new CancellationTokenSource();
            Task[] tasks =
            [
                ReadAsync(client, ended.Token), WorkAsync(client, ended.Token), TellAsync(client, ended.Token),
            ];
            try
            {
                await (await Task.WhenAny(tasks).ConfigureAwait(false)).ConfigureAwait(false);
            }
            finally
            {
                await ended.CancelAsync().ConfigureAwait(false);
                _work.Writer.TryComplete();
                await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>The client reads no more; what it has written before a DISCONNECT is still done.</summary>
    public void Drop() => _dropped.Cancel();

    private ModuleMqttOptions ToOptions(MqttConnectPacket hello) => _options with
    {
        ClientId = hello.ClientId,
        User = hello.Username,
        Password = hello.Password is { } password ? Strict.GetString(password) : null,
        KeepAlive = TimeSpan.FromSeconds(Math.Clamp((int)hello.KeepAlivePeriod, 1, MostKeepAlive)),
        CleanSession = hello.CleanSession,
        Will = hello.WillFlag
            ? new ModuleMqttWill(hello.WillTopic, Strict.GetString(hello.WillMessage ?? []))
            {
                Qos = (ModuleMqttQos)hello.WillQoS,
                Retain = hello.WillRetain,
            }
            : null,
    };

    // Ends at the end of what the client writes; behind a DISCONNECT when all before it was done. A ping is a question whether
    // there is a session: the module itself asks the broker.
    private async Task ReadAsync(IModuleMqttClient client, CancellationToken ended)
    {
        bool isGoodbye = false;
        while (!isGoodbye && await _adapter.ReceivePacketAsync(ended).ConfigureAwait(false) is { } packet)
        {
            isGoodbye = packet is MqttDisconnectPacket;
            if (packet is not MqttPingReqPacket)
            {
                await _work.Writer.WriteAsync(packet, ended).ConfigureAwait(false);
            }
            else if (client.IsConnected)
            {
                await SendAsync(new MqttPingRespPacket()).ConfigureAwait(false);
            }
        }

        if (isGoodbye)
        {
            _work.Writer.TryComplete();
            await _work.Reader.Completion.WaitAsync(ended).ConfigureAwait(false);
        }
    }

    // Ends with DISCONNECT.
    private async Task WorkAsync(IModuleMqttClient client, CancellationToken ended)
    {
        await foreach (MqttPacket packet in _work.Reader.ReadAllAsync(ended).ConfigureAwait(false))
        {
            switch (packet)
            {
                case MqttPublishPacket publish:
                    await PublishAsync(client, publish, ended).ConfigureAwait(false);
                    break;
                case MqttPubRelPacket release:
                    await SendAsync(new MqttPubCompPacket { PacketIdentifier = release.PacketIdentifier }).ConfigureAwait(false);
                    break;
                case MqttSubscribePacket subscribe:
                    await SubscribeAsync(client, subscribe, ended).ConfigureAwait(false);
                    break;
                case MqttUnsubscribePacket unsubscribe:
                    await UnsubscribeAsync(client, unsubscribe, ended).ConfigureAwait(false);
                    break;
                case MqttDisconnectPacket:
                    return;
            }
        }
    }

    private async Task PublishAsync(IModuleMqttClient client, MqttPublishPacket publish, CancellationToken ended)
    {
        byte[] payload = publish.Payload.ToArray();
        var qos = (ModuleMqttQos)publish.QualityOfServiceLevel;
        try
        {
            await client.PublishAsync(publish.Topic, payload, qos, publish.Retain, ended).ConfigureAwait(false);
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            if (qos == ModuleMqttQos.AtMostOnce)
            {
                Refused?.Invoke(publish.Topic);
                return;
            }

            // MQTT 3.1.1 has no answer that says so: it is not sent again by the next connection, or the one after it.
            _refused.Add(publish.Topic, payload, qos);
            throw;
        }

        _refused.Remove(publish.Topic, payload, qos);
        switch (publish.QualityOfServiceLevel)
        {
            case MqttQualityOfServiceLevel.AtLeastOnce:
                await SendAsync(new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier }).ConfigureAwait(false);
                break;
            case MqttQualityOfServiceLevel.ExactlyOnce:
                // The broker has it, and knows that it comes no more.
                await SendAsync(new MqttPubRecPacket { PacketIdentifier = publish.PacketIdentifier }).ConfigureAwait(false);
                break;
        }
    }

    private async Task SubscribeAsync(IModuleMqttClient client, MqttSubscribePacket subscribe, CancellationToken ended)
    {
        var codes = new List<MqttSubscribeReasonCode>();
        foreach (var filter in subscribe.TopicFilters)
        {
            try
            {
                await client.SubscribeAsync(filter.Topic, (ModuleMqttQos)filter.QualityOfServiceLevel, ended).ConfigureAwait(false);
                codes.Add((MqttSubscribeReasonCode)filter.QualityOfServiceLevel);
            }
            catch (Exception refused) when (IsRefusal(refused))
            {
                codes.Add(MqttSubscribeReasonCode.UnspecifiedError);
            }
        }

        await SendAsync(new MqttSubAckPacket { PacketIdentifier = subscribe.PacketIdentifier, ReasonCodes = codes }).ConfigureAwait(false);
    }

    private async Task UnsubscribeAsync(IModuleMqttClient client, MqttUnsubscribePacket unsubscribe, CancellationToken ended)
    {
        foreach (string filter in unsubscribe.TopicFilters)
        {
            try
            {
                await client.UnsubscribeAsync(filter, ended).ConfigureAwait(false);
            }
            catch (Exception refused) when (IsRefusal(refused))
            {
                // MQTT 3.1.1 has no refusal of this: there was no such subscription.
            }
        }

        await SendAsync(new MqttUnsubAckPacket { PacketIdentifier = unsubscribe.PacketIdentifier }).ConfigureAwait(false);
    }

    // The module cannot take it, or it or the broker has said no; the session stands.
    private static bool IsRefusal(Exception failure) =>
        failure is ArgumentException or ModuleMqttException { Reason: ModuleMqttFailure.Refused };

    // Ends, by its exception, when the session was lost.
    private async Task TellAsync(IModuleMqttClient client, CancellationToken ended)
    {
        await foreach (ModuleMqttMessage message in client.ReadMessagesAsync(ended).ConfigureAwait(false))
        {
            await SendAsync(new MqttPublishPacket
            {
                Topic = message.Topic,
                Payload = new ReadOnlySequence<byte>(message.Payload),
            }).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(MqttPacket packet)
    {
        await _sending.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_dropped.IsCancellationRequested)
            {
                await _adapter.SendPacketAsync(packet, _dropped.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_dropped.IsCancellationRequested)
        {
            // Nobody reads it any more.
        }
        finally
        {
            _sending.Release();
        }
    }
}
