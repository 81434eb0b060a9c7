using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Session;

/// <summary>The receiving side of the session: what was acknowledged, in which order, and what must not come twice.</summary>
/// <remarks>
/// At QoS 2 an identifier is stored before PUBREC is sent, and forgotten before PUBCOMP is: a crash in between neither
/// gives a message twice nor takes the next one with the same identifier for a repetition.
/// </remarks>
internal sealed class InboundSession(IMqttOutboxStore store)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ushort> _received = [];

    // QoS 2, given to the reader and not yet acknowledged by him.
    private readonly Dictionary<ushort, MqttInboxMessage> _pending = [];

    // In order of arrival on this connection.
    private readonly Queue<(ushort Identifier, MqttInboxMessage Message)> _unacknowledged = [];
    private Task _answers = Task.CompletedTask;
    private Action<MqttPacket>? _send;
    private Action<Exception>? _fail;
    private int _answering;
    private int _connection;

    /// <summary>How many answers wait for the store.</summary>
    public int Answering => Volatile.Read(ref _answering);

    /// <summary>Takes over what was stored.</summary>
    public void Load(IReadOnlyList<ushort> received) => _received.UnionWith(received);

    /// <summary>A connection begins.</summary>
    /// <param name="isPresent">Whether the broker still has the session.</param>
    /// <param name="send">Sends a packet, in order.</param>
    /// <param name="fail">Ends the connection because the store failed.</param>
    public void Begin(bool isPresent, Action<MqttPacket> send, Action<Exception> fail)
    {
        lock (_gate)
        {
            (_send, _fail) = (send, fail);
            _connection++;
            _unacknowledged.Clear();
            if (!isPresent)
            {
                _received.Clear();
                _pending.Clear();
            }
        }
    }

    /// <summary>The connection has ended: acknowledgements find nobody to tell.</summary>
    public void End()
    {
        lock (_gate)
        {
            (_send, _fail) = (null, null);
            _unacknowledged.Clear();
        }
    }

    /// <summary>A message of QoS 1 or 2 has come.</summary>
    /// <returns>Whether it is to be given to the reader; else it is known already.</returns>
    public bool Arrived(MqttInboxMessage message)
    {
        ushort identifier = message.PacketIdentifier!.Value; // QoS 1 and 2 have one
        lock (_gate)
        {
            if (message.QualityOfService == MqttQualityOfServiceLevel.ExactlyOnce)
            {
                if (_received.Contains(identifier))
                {
                    // PUBREC was lost with the connection.
                    message.IsAcknowledged = true;
                    Queue(message, identifier);
                    SendAcknowledged();
                    return false;
                }

                if (_pending.TryGetValue(identifier, out MqttInboxMessage? first))
                {
                    // Once on a connection: a broker that sends it again and again makes nothing grow.
                    if (first.QueuedOn != _connection)
                    {
                        Queue(first, identifier);
                    }

                    return false;
                }

                _pending.Add(identifier, message);
            }

            Queue(message, identifier);
            return true;
        }
    }

    private void Queue(MqttInboxMessage message, ushort identifier)
    {
        message.QueuedOn = _connection;
        _unacknowledged.Enqueue((identifier, message));
    }

    /// <summary>The reader has dealt with a message.</summary>
    public void Acknowledge(MqttInboxMessage message)
    {
        if (message.PacketIdentifier is not { } identifier)
        {
            return;
        }

        lock (_gate)
        {
            if (message.IsAcknowledged)
            {
                return;
            }

            message.IsAcknowledged = true;
            if (message.QualityOfService == MqttQualityOfServiceLevel.ExactlyOnce
                && _pending.TryGetValue(identifier, out MqttInboxMessage? pending) && ReferenceEquals(pending, message))
            {
                _pending.Remove(identifier);
                _received.Add(identifier);
                if (_send is null || !ReferenceEquals(_unacknowledged.Count > 0 ? _unacknowledged.Peek().Message : null, message))
                {
                    // PUBREC cannot go yet, but the reader has the message: that must outlive the process.
                    Answer(store.AddReceivedAsync(identifier), null);
                }
            }

            SendAcknowledged();
        }
    }

    /// <summary>PUBREL has come: the exchange ends.</summary>
    public void Released(ushort identifier)
    {
        lock (_gate)
        {
            bool wasKnown = _received.Remove(identifier);
            MqttPubCompPacket answer = new()
            {
                PacketIdentifier = identifier,
                ReasonCode = wasKnown ? MqttPubCompReasonCode.Success : MqttPubCompReasonCode.PacketIdentifierNotFound,
            };
            Answer(wasKnown ? store.RemoveReceivedAsync(identifier) : default, answer);
        }
    }

    /// <summary>Sends the acknowledgements that are due. Under the lock, which keeps them in order.</summary>
    private void SendAcknowledged()
    {
        while (_send is not null && _unacknowledged.TryPeek(out (ushort Identifier, MqttInboxMessage Message) oldest)
            && oldest.Message.IsAcknowledged)
        {
            _unacknowledged.Dequeue();
            if (oldest.Message.QualityOfService == MqttQualityOfServiceLevel.ExactlyOnce)
            {
                MqttPubRecPacket answer = new() { PacketIdentifier = oldest.Identifier };
                Answer(store.AddReceivedAsync(oldest.Identifier), answer);
            }
            else
            {
                Answer(default, new MqttPubAckPacket { PacketIdentifier = oldest.Identifier });
            }
        }
    }

    /// <summary>Sends an answer once the store has what it stands for, and after all earlier ones. Under the lock.</summary>
    private void Answer(ValueTask storing, MqttPacket? answer)
    {
        if (_answers.IsCompleted && storing.IsCompletedSuccessfully)
        {
            if (answer is not null)
            {
                _send?.Invoke(answer);
            }

            return;
        }

        Interlocked.Increment(ref _answering);
        _answers = AnswerAsync(_answers, storing, answer, _send, _fail);
    }

    private async Task AnswerAsync(
        Task earlier, ValueTask storing, MqttPacket? answer, Action<MqttPacket>? send, Action<Exception>? fail)
    {
        await earlier.ConfigureAwait(false);
        try
        {
            await storing.ConfigureAwait(false);
        }
        catch (MqttOutboxException failure)
        {
            // Without a connection nothing was promised to the broker: it sends the message again.
            Interlocked.Decrement(ref _answering);
            fail?.Invoke(failure);
            return;
        }

        // First: the sending wakes a reader that waits for fewer.
        Interlocked.Decrement(ref _answering);
        if (answer is not null)
        {
            send?.Invoke(answer);
        }
    }
}
