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
}
