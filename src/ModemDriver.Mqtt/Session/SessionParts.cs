using Microsoft.Extensions.Logging;
using ModemDriver.Mqtt.Diagnostics;
using ModemDriver.Mqtt.Outbox;

namespace ModemDriver.Mqtt.Session;

/// <summary>What outlives a connection, and what every connection needs.</summary>
internal sealed record SessionParts(
    ManagedMqttOptions Options,
    ILogger Log,
    MqttMetrics Metrics,
    OutboxQueue Outbox,
    InboundSession Inbound,
    Inbox Inbox,
    SubscriptionTable Subscriptions)
{
    /// <summary>Told of filters that the broker refused when they were asked for again.</summary>
    public Action<MqttSubscribeResult>? SubscriptionRefused { get; set; }

    /// <summary>The client has ended by itself: nobody waits for what will not come. The outbox still takes messages.</summary>
    public void End(Exception reason)
    {
        Subscriptions.Close(reason);
        Inbox.End(reason);
        Outbox.EndWaits(reason);
    }
}
