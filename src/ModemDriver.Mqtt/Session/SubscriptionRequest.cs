using MQTTnet.Packets;

namespace ModemDriver.Mqtt.Session;

/// <summary>One SUBSCRIBE or UNSUBSCRIBE.</summary>
internal sealed class SubscriptionRequest
{
    /// <summary>What to subscribe to; else <see langword="null"/>.</summary>
    public IReadOnlyList<MqttSubscription>? Subscriptions { get; private init; }

    /// <summary>What to leave; else <see langword="null"/>.</summary>
    public IReadOnlyList<string>? Unsubscriptions { get; private init; }

    /// <summary>Nobody waits for it: it restores what a new session of the broker does not have.</summary>
    public bool IsReplay { get; private init; }

    /// <summary>Told of the answer to SUBSCRIBE.</summary>
    public TaskCompletionSource<IReadOnlyList<MqttSubscribeResult>>? Subscribed { get; private init; }

    /// <summary>Told of the answer to UNSUBSCRIBE.</summary>
    public TaskCompletionSource<IReadOnlyList<MqttUnsubscribeResult>>? Unsubscribed { get; private init; }

    /// <summary>A caller's SUBSCRIBE.</summary>
    public static SubscriptionRequest Subscribe(IReadOnlyList<MqttSubscription> subscriptions) => new()
    {
        Subscriptions = subscriptions,
        Subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously),
    };

    /// <summary>A caller's UNSUBSCRIBE.</summary>
    public static SubscriptionRequest Unsubscribe(IReadOnlyList<string> filters) => new()
    {
        Unsubscriptions = filters,
        Unsubscribed = new(TaskCreationOptions.RunContinuationsAsynchronously),
    };

    /// <summary>A SUBSCRIBE that restores filters.</summary>
    public static SubscriptionRequest Replay(IReadOnlyList<MqttSubscription> subscriptions) =>
        new() { Subscriptions = subscriptions, IsReplay = true };

    /// <summary>The request as a packet.</summary>
    public MqttPacketWithIdentifier ToPacket(ushort identifier)
    {
        if (Unsubscriptions is not null)
        {
            return new MqttUnsubscribePacket { PacketIdentifier = identifier, TopicFilters = [.. Unsubscriptions] };
        }

        MqttSubscribePacket packet = new() { PacketIdentifier = identifier };
        foreach (MqttSubscription subscription in Subscriptions!) // a request has one of the two lists
        {
            packet.TopicFilters.Add(new MqttTopicFilter
            {
                Topic = subscription.Filter,
                QualityOfServiceLevel = subscription.QualityOfService,
                NoLocal = subscription.NoLocal,
                RetainAsPublished = subscription.RetainAsPublished,
                RetainHandling = subscription.RetainHandling,
            });
        }

        return packet;
    }
}
