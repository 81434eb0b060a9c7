using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Session;

/// <summary>What is subscribed, and the requests that wait for the broker's word.</summary>
internal sealed class SubscriptionTable
{
    // As many filters as brokers take in one packet without complaint.
    private const int FiltersPerReplay = 32;

    // The identifiers below are those of messages; see OutboxEntry.
    private const int FirstIdentifier = 60_001;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, MqttSubscription> _granted = new(StringComparer.Ordinal);
    private readonly List<SubscriptionRequest> _waiting = [];
    private readonly OrderedDictionary<ushort, SubscriptionRequest> _sent = [];
    private int _next = FirstIdentifier;
    private bool _isClosed;
    private Exception? _reason;

    /// <summary>Called when a request waits to be sent. Must only signal.</summary>
    public Action? Available { get; set; }

    /// <summary>The filters that the broker has granted, in the order of their subscription.</summary>
    public IReadOnlyList<string> Granted
    {
        get
        {
            lock (_gate)
            {
                return [.. _granted.Keys];
            }
        }
    }

    /// <summary>Queues a request.</summary>
    /// <exception cref="MqttClosedException">The client is closed.</exception>
    public void Add(SubscriptionRequest request)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new MqttClosedException(_reason);
            }

            _waiting.Add(request);
        }

        Available?.Invoke();
    }

    /// <summary>A connection begins: what was not answered on the last one is asked again.</summary>
    /// <param name="isPresent">Whether the broker still has the session, and with it the subscriptions.</param>
    public void Begin(bool isPresent)
    {
        lock (_gate)
        {
            // An OrderedDictionary, so in the order in which they were sent.
            _waiting.InsertRange(0, _sent.Values);
            _sent.Clear();
            if (isPresent)
            {
                // It may be the session of a connection that broke while it was being restored: the rest is still due.
                return;
            }

            _waiting.RemoveAll(request => request.IsReplay);
            int at = 0;
            foreach (MqttSubscription[] filters in _granted.Values.Chunk(FiltersPerReplay))
            {
                _waiting.Insert(at++, SubscriptionRequest.Replay(filters));
            }
        }
    }

    /// <summary>The packet of the next request, if there is one.</summary>
    public MqttPacketWithIdentifier? Next()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return null;
            }

            SubscriptionRequest request = _waiting[0];
            _waiting.RemoveAt(0);
            ushort identifier = NextIdentifier();
            _sent.Add(identifier, request);
            return request.ToPacket(identifier);
        }
    }

    /// <summary>SUBACK has come.</summary>
    /// <returns>Refused filters of a replay; <see langword="null"/> where the answer fits no request.</returns>
    public IReadOnlyList<MqttSubscribeResult>? Answered(MqttSubAckPacket answer)
    {
        SubscriptionRequest? request;
        MqttSubscribeResult[] results;
        lock (_gate)
        {
            if (!_sent.TryGetValue(answer.PacketIdentifier, out request) || request.Subscriptions is not { } asked
                || answer.ReasonCodes?.Count != asked.Count)
            {
                return null;
            }

            _sent.Remove(answer.PacketIdentifier);
            results = new MqttSubscribeResult[asked.Count];
            for (int i = 0; i < asked.Count; i++)
            {
                results[i] = new MqttSubscribeResult(asked[i].Filter, answer.ReasonCodes[i]);
                if (results[i].IsGranted)
                {
                    _granted[asked[i].Filter] = asked[i];
                }
                else
                {
                    _granted.Remove(asked[i].Filter);
                }
            }
        }

        request.Subscribed?.TrySetResult(results);
        return request.IsReplay ? [.. results.Where(result => !result.IsGranted)] : [];
    }

    /// <summary>UNSUBACK has come.</summary>
    /// <returns>Whether the answer fits a request.</returns>
    public bool Answered(MqttUnsubAckPacket answer)
    {
        SubscriptionRequest? request;
        MqttUnsubscribeResult[] results;
        lock (_gate)
        {
            // MQTT 3.1.1 has no codes.
            int? codes = answer.ReasonCodes is { Count: > 0 } given ? given.Count : null;
            if (!_sent.TryGetValue(answer.PacketIdentifier, out request) || request.Unsubscriptions is not { } asked
                || (codes is not null && codes != asked.Count))
            {
                return false;
            }

            _sent.Remove(answer.PacketIdentifier);
            results = new MqttUnsubscribeResult[asked.Count];
            for (int i = 0; i < asked.Count; i++)
            {
                MqttUnsubscribeReasonCode code = codes is null
                    ? MqttUnsubscribeReasonCode.Success
                    : answer.ReasonCodes![i]; // there are codes
                results[i] = new MqttUnsubscribeResult(asked[i], code);
                if (code <= MqttUnsubscribeReasonCode.NoSubscriptionExisted)
                {
                    _granted.Remove(asked[i]);
                }
            }
        }

        request.Unsubscribed?.TrySetResult(results);
        return true;
    }

    /// <summary>The client is closed.</summary>
    /// <param name="reason">Why, where it has ended by itself.</param>
    public void Close(Exception? reason = null)
    {
        SubscriptionRequest[] open;
        lock (_gate)
        {
            (_isClosed, _reason) = (true, reason);
            open = [.. _waiting, .. _sent.Values];
            _waiting.Clear();
            _sent.Clear();
        }

        foreach (SubscriptionRequest request in open)
        {
            request.Subscribed?.TrySetException(new MqttClosedException(reason));
            request.Unsubscribed?.TrySetException(new MqttClosedException(reason));
        }
    }

    private ushort NextIdentifier()
    {
        do
        {
            _next = _next == ushort.MaxValue ? FirstIdentifier : _next + 1;
        }
        while (_sent.ContainsKey((ushort)_next));

        return (ushort)_next;
    }
}
