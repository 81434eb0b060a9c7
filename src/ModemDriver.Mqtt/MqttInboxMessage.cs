using MQTTnet.Protocol;
using ModemDriver.Mqtt.Session;

namespace ModemDriver.Mqtt;

/// <summary>A message from the broker.</summary>
public sealed class MqttInboxMessage
{
    /// <summary>Makes one of a PUBLISH.</summary>
    internal MqttInboxMessage(
        string topic, ReadOnlyMemory<byte> payload, MqttQualityOfServiceLevel qualityOfService, ushort? packetIdentifier)
    {
        Topic = topic;
        Payload = payload;
        QualityOfService = qualityOfService;
        PacketIdentifier = packetIdentifier;
    }

    /// <summary>Where it was published.</summary>
    public string Topic { get; }

    /// <summary>The bytes; perhaps none.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The level at which the broker sent it.</summary>
    public MqttQualityOfServiceLevel QualityOfService { get; }

    /// <summary>The packet identifier; <see langword="null"/> at QoS 0, which has none.</summary>
    public ushort? PacketIdentifier { get; }

    /// <summary>Whether the broker had kept it from before the subscription.</summary>
    public bool IsRetained { get; internal init; }

    /// <summary>The DUP flag: the broker may have sent it before. At QoS 2 it is nevertheless given once only.</summary>
    public bool IsDuplicate { get; internal init; }

    /// <summary>MQTT 5: what kind of content it is; else <see langword="null"/>.</summary>
    public string? ContentType { get; internal init; }

    /// <summary>MQTT 5: the topic for a response; else <see langword="null"/>.</summary>
    public string? ResponseTopic { get; internal init; }

    /// <summary>MQTT 5: which request it belongs to; else empty.</summary>
    public ReadOnlyMemory<byte> CorrelationData { get; internal init; }

    /// <summary>MQTT 5: pairs of names and values of the publisher; else empty.</summary>
    public IReadOnlyList<MqttProperty> Properties { get; internal init; } = [];

    /// <summary>What it takes up in the inbox, in bytes.</summary>
    internal int Size => Payload.Length + Topic.Length;

    /// <summary>Whether it has been acknowledged; under the lock of the receiving side.</summary>
    internal bool IsAcknowledged { get; set; }

    /// <summary>The number of the connection on which it last came; under the same lock.</summary>
    internal int QueuedOn { get; set; }

    /// <summary>The receiving side, which acknowledges it.</summary>
    internal InboundSession? Session { get; init; }

    /// <summary>
    /// Tells the broker that the message has been dealt with. Only with <see cref="MqttAcknowledgement.Manual"/>; may be
    /// repeated; does nothing at QoS 0.
    /// </summary>
    /// <remarks>
    /// Acknowledgements leave in the order in which the messages came, as the standard demands (section 4.6): one that is
    /// held back holds back those of later messages. Returns at once. After the connection was lost in between, the broker
    /// sends a message of QoS 1 again; one of QoS 2 is known and not given twice.
    /// </remarks>
    public void Acknowledge() => Session?.Acknowledge(this);

    /// <summary>The topic, the level and the size; never the payload.</summary>
    public override string ToString() => $"{Topic} (QoS {(int)QualityOfService}, {Payload.Length} bytes)";
}
