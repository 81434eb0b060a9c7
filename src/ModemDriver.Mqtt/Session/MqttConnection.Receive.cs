using Microsoft.Extensions.Logging;
using ModemDriver.Mqtt.Diagnostics;
using ModemDriver.Mqtt.Outbox;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Session;

/// <summary>The reader.</summary>
internal sealed partial class MqttConnection
{
    // Answers that the writer has yet to take. A broker that sends faster than it reads is not read further.
    private const int MaxControl = 1024;

    private Task _releases = Task.CompletedTask;
    private int _releasing;

    private async Task ReceiveLoopAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            MqttPacket? packet = await ReceiveAsync(_ended.Token).ConfigureAwait(false);
            if (packet is null)
            {
                throw new MqttConnectionException(
                    MqttDisconnectCause.ClosedByBroker, "The broker closed the connection.");
            }

            if (_ended.IsCancellationRequested)
            {
                // A Stream that did not end its read in time: another connection has the session by now.
                return;
            }

            await HandleAsync(packet).ConfigureAwait(false);
            await WaitForWriterAsync().ConfigureAwait(false);
        }
    }

    private async Task<MqttPacket?> ReceiveAsync(CancellationToken cancellationToken)
    {
        // Null at the end of the Stream, and when the token has fired.
        MqttPacket? packet = await _adapter.ReceivePacketAsync(cancellationToken).ConfigureAwait(false);
        if (packet is not null && _parts.Log.IsEnabled(LogLevel.Trace))
        {
            MqttLog.PacketReceived(_parts.Log, _parts.Options.Source.Name, PacketText.Of(packet));
        }

        return packet;
    }

    private ValueTask HandleAsync(MqttPacket packet)
    {
        switch (packet)
        {
            case MqttPublishPacket publish:
                return PublishedAsync(publish);
            case MqttPubAckPacket answer:
                Acknowledged(answer.PacketIdentifier, MqttQualityOfServiceLevel.AtLeastOnce, answer.ReasonCode);
                return default;
            case MqttPubRecPacket answer:
                Received(answer);
                return default;
            case MqttPubCompPacket answer:
                Completed(answer.PacketIdentifier);
                return default;
            case MqttPubRelPacket release:
                _parts.Inbound.Released(release.PacketIdentifier);
                return default;
            case MqttSubAckPacket answer:
                Subscribed(answer);
                return default;
            case MqttUnsubAckPacket answer when _parts.Subscriptions.Answered(answer):
                return default;
            case MqttUnsubAckPacket:
                throw Protocol("UNSUBACK fits no UNSUBSCRIBE.");
            case MqttPingRespPacket:
                PingAnswered();
                return default;
            case MqttDisconnectPacket disconnect when IsVersion5:
                throw new MqttConnectionException(
                    MqttDisconnectCause.ClosedByBroker, $"The broker said DISCONNECT: {disconnect.ReasonCode}.")
                {
                    BrokerCode = disconnect.ReasonCode,
                };
            default:
                throw Protocol($"A broker does not send {packet.GetRfcName()} here.");
        }
    }

    private bool IsVersion5 => _parts.Options.ProtocolVersion == MqttProtocolVersion.V500;

    private async ValueTask PublishedAsync(MqttPublishPacket packet)
    {
        bool isAnswered = packet.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce;
        if (string.IsNullOrEmpty(packet.Topic) || (isAnswered && packet.PacketIdentifier == 0))
        {
            throw Protocol("A PUBLISH without a topic or without its identifier came.");
        }

        MqttInboxMessage message = ConnectPackets.Message(packet, _parts.Inbound);
        if (isAnswered && !_parts.Inbound.Arrived(message))
        {
            return;
        }

        _parts.Metrics.CountReceived(packet.QualityOfServiceLevel);
        if (_parts.Inbox.TryAdd(message))
        {
            return;
        }

        Volatile.Write(ref _isHeldUp, true);
        while (!_ended.IsCancellationRequested && !_parts.Inbox.TryAdd(message))
        {
            await _parts.Inbox.WaitForRoomAsync().ConfigureAwait(false);
        }

        _channel.Touch();
        Volatile.Write(ref _isHeldUp, false);
    }

    /// <summary>Holds up the reader while more answers wait, for the writer or for the disk, than may.</summary>
    private async ValueTask WaitForWriterAsync()
    {
        while (ControlCount + _parts.Inbound.Answering + Volatile.Read(ref _releasing) > MaxControl
            && !_ended.IsCancellationRequested)
        {
            await _controlWritten.WaitAsync().ConfigureAwait(false);
        }
    }

    private void Acknowledged(ushort identifier, MqttQualityOfServiceLevel level, MqttPubAckReasonCode code)
    {
        OutboxEntry? entry = _parts.Outbox.Acknowledge(identifier, level, IsVersion5 ? code : null);
        if (entry is null)
        {
            // Late, or doubled: nothing waits for it.
            MqttLog.StrayAnswer(_parts.Log, _parts.Options.Source.Name, identifier);
            return;
        }

        if (entry.Delivery is { Outcome: MqttDeliveryOutcome.Refused })
        {
            MqttLog.MessageRefused(_parts.Log, _parts.Options.Source.Name, entry.Sequence, code);
        }

        Answered(entry);
    }

    private void Received(MqttPubRecPacket answer)
    {
        if (IsVersion5 && answer.ReasonCode >= MqttPubRecReasonCode.UnspecifiedError)
        {
            // MQTT 5 section 4.3.3: a PUBREC that refuses ends the exchange. The codes are those of PUBACK.
            Acknowledged(
                answer.PacketIdentifier,
                MqttQualityOfServiceLevel.ExactlyOnce,
                (MqttPubAckReasonCode)(int)answer.ReasonCode);
            return;
        }

        ValueTask<OutboxEntry?> releasing = _parts.Outbox.ReleaseAsync(answer.PacketIdentifier);
        if (_releases.IsCompleted && releasing.IsCompletedSuccessfully)
        {
            Release(answer.PacketIdentifier, releasing.Result);
            return;
        }

        // The reader goes on while the disk works; PUBREL follows when it is done, in the order of PUBREC [MQTT-4.6.0-4].
        Interlocked.Increment(ref _releasing);
        _releases = ReleaseLaterAsync(_releases, answer.PacketIdentifier, releasing);
    }

    private async Task ReleaseLaterAsync(Task earlier, ushort identifier, ValueTask<OutboxEntry?> releasing)
    {
        await GuardAsync(async () =>
        {
            await earlier.ConfigureAwait(false);
            Release(identifier, await releasing.ConfigureAwait(false));
        }).ConfigureAwait(false);
        Interlocked.Decrement(ref _releasing);
        _controlWritten.Set();
    }

    private void Release(ushort identifier, OutboxEntry? entry)
    {
        if (entry is null)
        {
            MqttLog.StrayAnswer(_parts.Log, _parts.Options.Source.Name, identifier);
        }

        // Also for an unknown one: else the broker keeps the identifier for ever.
        Enqueue(new MqttPubRelPacket
        {
            PacketIdentifier = identifier,
            ReasonCode = entry is null ? MqttPubRelReasonCode.PacketIdentifierNotFound : MqttPubRelReasonCode.Success,
        });
    }

    private void Completed(ushort identifier)
    {
        if (_parts.Outbox.Complete(identifier) is { } entry)
        {
            Answered(entry);
        }
        else
        {
            MqttLog.StrayAnswer(_parts.Log, _parts.Options.Source.Name, identifier);
        }
    }

    private void Answered(OutboxEntry entry)
    {
        if (entry.Delivery is { Outcome: MqttDeliveryOutcome.Delivered })
        {
            _parts.Metrics.CountAcknowledgement(entry.QualityOfService);
        }

        // Not for PUBLISH of an earlier process.
        if (entry.SentAt != 0)
        {
            _parts.Metrics.RecordRoundTrip(entry.QualityOfService, _time.GetElapsedTime(entry.SentAt));
        }

        _work.Set();
    }

    private void Subscribed(MqttSubAckPacket answer)
    {
        IReadOnlyList<MqttSubscribeResult> refused = _parts.Subscriptions.Answered(answer)
            ?? throw Protocol("SUBACK fits no SUBSCRIBE, or has another number of codes.");
        foreach (MqttSubscribeResult result in refused)
        {
            MqttLog.SubscriptionRefused(_parts.Log, _parts.Options.Source.Name, result.Filter, result.Code);
            _parts.SubscriptionRefused?.Invoke(result);
        }
    }
}
