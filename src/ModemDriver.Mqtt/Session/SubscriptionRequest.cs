using MQTTnet.Packets;

namespace ModemDriver.Mqtt.Session;

/// <summary>One SUBSCRIBE or UNSUBSCRIBE.</summary>
internal sealed class SubscriptionRequest
{
    public IReadOnlyList<MqttSubscription>? Subscriptions { get; private init; }

    public IReadOnlyList<string>? Unsubscriptions { get; private init; }

    /// <summary>Nobody waits for it: it restores what a new session of the broker does not have.</summary>
    public bool IsReplay { get; private init; }

    public TaskCompletionSource<IReadOnlyList<MqttSubscribeResult>>? Subscribed { get; private init; }

    public TaskCompletionSource<IReadOnlyList<MqttUnsubscribeResult>>? Unsubscribed { get; private init; }

    public static SubscriptionRequest Subscribe(IReadOnlyList<MqttSubscription> subscriptions) => new()
    {
        Subscriptions = subscriptions,
        Subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously),
    };

    public static SubscriptionRequest Unsubscribe(IReadOnlyList<string> filters) => new()
    {
        Unsubscriptions = filters,
        Unsubscribed = new(TaskCreationOptions.RunContinuationsAsynchronously),
    };

    public static SubscriptionRequest Replay(IReadOnlyList<MqttSubscription> subscriptions) =>
        new() { Subscriptions = subscriptions, IsReplay = true };

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
