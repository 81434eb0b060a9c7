using Microsoft.Extensions.Logging;
using ModemDriver.Mqtt.Diagnostics;
using ModemDriver.Mqtt.Outbox;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Session;

/// <summary>The writer: answers first, then requests, then messages in order.</summary>
internal sealed partial class MqttConnection
{
    private const int BatchMessages = 64;
    private const int BatchBytes = 256 * 1024;

    private readonly Lock _controlGate = new();
    private readonly Queue<MqttPacket> _control = [];
    private readonly AsyncSignal _work = new();
    private readonly AsyncSignal _controlWritten = new();
    private readonly List<OutboxEntry> _batch = new(BatchMessages);
    private readonly List<MqttMessage?> _messages = new(BatchMessages);
    private bool _isClosing;

    /// <summary>Hands a packet to the writer. From any thread; must only signal.</summary>
    private void Enqueue(MqttPacket packet)
    {
        lock (_controlGate)
        {
            _control.Enqueue(packet);
        }

        _work.Set();
    }

    private int ControlCount
    {
        get
        {
            lock (_controlGate)
            {
                return _control.Count;
            }
        }
    }

    private async Task SendLoopAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            await SendControlAsync().ConfigureAwait(false);
            if (Volatile.Read(ref _isClosing))
            {
                // The last packet of a client [MQTT-3.14.4-2].
                await WriteAsync(new MqttDisconnectPacket()).ConfigureAwait(false);
                await _channel.FlushAsync().ConfigureAwait(false);
                _reason.TrySetResult(null);
                return;
            }

            while (_parts.Subscriptions.Next() is { } request)
            {
                await WriteAsync(request).ConfigureAwait(false);
            }

            _parts.Outbox.Take(_batch, BatchMessages, BatchBytes, _limits.Window);
            if (_batch.Count > 0)
            {
                await SendBatchAsync().ConfigureAwait(false);
                continue;
            }

            await _channel.FlushAsync().ConfigureAwait(false);
            await _work.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Writes what has been handed over.</summary>
    private async ValueTask SendControlAsync()
    {
        while (true)
        {
            MqttPacket? packet;
            lock (_controlGate)
            {
                if (!_control.TryDequeue(out packet))
                {
                    break;
                }
            }

            if (packet is MqttPingReqPacket)
            {
                Volatile.Write(ref _pingWritten, _time.GetTimestamp());
            }

            await WriteAsync(packet).ConfigureAwait(false);
        }

        _controlWritten.Set();
    }

    private async Task SendBatchAsync()
    {
        try
        {
            await _parts.Outbox.LoadAsync(_batch, _messages).ConfigureAwait(false);
            await _parts.Outbox.ForgetUnansweredAsync(_batch).ConfigureAwait(false);
            for (int i = 0; i < _batch.Count; i++)
            {
                await SendMessageAsync(_batch[i], _messages[i]).ConfigureAwait(false);
                if (ControlCount > 0)
                {
                    await SendControlAsync().ConfigureAwait(false);
                }
            }

            await _channel.FlushAsync().ConfigureAwait(false);
            EndUnanswered(MqttDeliveryOutcome.Delivered);
        }
        finally
        {
            // After a failure; a message that was delivered is no longer touched by this.
            EndUnanswered(MqttDeliveryOutcome.Lost);
            _batch.Clear();
            _messages.Clear();
        }
    }

    private async ValueTask SendMessageAsync(OutboxEntry entry, MqttMessage? message)
    {
        if (message is null)
        {
            // The file no longer has it: it was damaged while it was open, or another program has changed it.
            _parts.Outbox.End(entry, new MqttDelivery(MqttDeliveryOutcome.Dropped));
            MqttLog.MessageMissing(_parts.Log, _parts.Options.Source.Name, entry.Sequence);
            return;
        }

        long now = _time.GetTimestamp();
        TimeSpan? expiry = IsVersion5 && entry.Expiry is { } whole
            ? whole - _time.GetElapsedTime(entry.AcceptedAt, now)
            : null;
        if ((_limits.Refuses(message, expiry) ?? (_stream as IRefusesMessages)?.Refuses(message)) is { } code)
        {
            _parts.Outbox.End(entry, new MqttDelivery(MqttDeliveryOutcome.Refused, code));
            MqttLog.MessageRefused(_parts.Log, _parts.Options.Source.Name, entry.Sequence, code);
            return;
        }

        entry.SentAt = now;
        bool isAnswered = entry.QualityOfService != MqttQualityOfServiceLevel.AtMostOnce;
        MqttPublishPacket packet = ConnectPackets.Publish(
            message, isAnswered ? entry.Identifier : (ushort)0, isAnswered && entry.MaybeSent, expiry);
        if (entry.NeedsRelease)
        {
            entry.NeedsRelease = false;
            await WriteAsync(new MqttPubRelPacket { PacketIdentifier = entry.Identifier }).ConfigureAwait(false);
        }

        entry.MaybeSent = isAnswered;
        _parts.Metrics.CountPublish(entry.QualityOfService);
        await WriteAsync(packet).ConfigureAwait(false);
    }

    private void EndUnanswered(MqttDeliveryOutcome outcome)
    {
        foreach (OutboxEntry entry in _batch)
        {
            if (entry.QualityOfService == MqttQualityOfServiceLevel.AtMostOnce)
            {
                _parts.Outbox.End(entry, new MqttDelivery(outcome));
            }
        }
    }

    private Task WriteAsync(MqttPacket packet)
    {
        if (_parts.Log.IsEnabled(LogLevel.Trace))
        {
            MqttLog.PacketSent(_parts.Log, _parts.Options.Source.Name, PacketText.Of(packet));
        }

        return _adapter.SendPacketAsync(packet, CancellationToken.None);
    }
}
