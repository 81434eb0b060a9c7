using System.Text;
using ModemDriver.Mqtt.Session;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt;

/// <summary>A message to publish. Immutable; vary it with <c>with</c>.</summary>
/// <param name="Topic">Where to: 1 to 65,535 bytes in UTF-8, without the wildcards <c>+</c> and <c>#</c>.</param>
/// <param name="Payload">What: any bytes, also none. Not copied, so it must not be changed any more.</param>
public sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The highest time that MQTT 5 can carry as an expiry.</summary>
    internal static readonly TimeSpan LongestExpiry = TimeSpan.FromSeconds(uint.MaxValue);

    /// <summary>A message of text, in UTF-8.</summary>
    /// <param name="topic">As for the other constructor.</param>
    /// <param name="text">The payload.</param>
    public MqttMessage(string topic, string text)
        : this(topic, Encoding.UTF8.GetBytes(text))
    {
    }

    /// <summary>How surely it is handed over. Default at least once (QoS 1).</summary>
    public MqttQualityOfServiceLevel QualityOfService { get; init; } = MqttQualityOfServiceLevel.AtLeastOnce;

    /// <summary>Whether the broker keeps it for later subscribers of the topic. Default false.</summary>
    public bool Retain { get; init; }

    /// <summary>
    /// How long it is worth sending, from the moment it is accepted. Above zero, at most 2^32 - 1 seconds. Default
    /// <see langword="null"/>: only <see cref="MqttOutboxOptions.MaxAge"/> counts. A message that has expired in the
    /// outbox is dropped and counted; with MQTT 5 the broker is told what is left of the time.
    /// </summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>
    /// The caller's name for it, 1 to 256 characters: a second message with a name that is already stored is accepted
    /// without being stored again, for <see cref="MqttOutboxOptions.KeyRetention"/>. Not sent. Default
    /// <see langword="null"/>: none.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>MQTT 5 only: what kind of content the payload is. Default <see langword="null"/>.</summary>
    public string? ContentType { get; init; }

    /// <summary>MQTT 5 only: the topic for a response. Default <see langword="null"/>.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>MQTT 5 only: tells the sender which request a response belongs to. Default empty.</summary>
    public ReadOnlyMemory<byte> CorrelationData { get; init; }

    /// <summary>MQTT 5 only: pairs of names and values for the receiver. Default empty.</summary>
    public IReadOnlyList<MqttProperty> Properties { get; init; } = [];

    /// <summary>What it takes up in the outbox, in bytes: payload, topic and properties.</summary>
    internal int Size
    {
        get
        {
            var size = Payload.Length + Bytes(Topic) + CorrelationData.Length + Bytes(ContentType) + Bytes(ResponseTopic);
            for (var i = 0; i < Properties.Count; i++)
            {
                size += Bytes(Properties[i].Name) + Bytes(Properties[i].Value);
            }

            return size;
        }
    }

    /// <summary>The topic, the level and the size; never the payload.</summary>
    public override string ToString() => $"{Topic} (QoS {(int)QualityOfService}, {Payload.Length} bytes)";

    /// <summary>Throws where it cannot be sent.</summary>
    internal void Validate()
    {
        TopicRules.CheckName(Topic, nameof(Topic));
        if (QualityOfService is < MqttQualityOfServiceLevel.AtMostOnce or > MqttQualityOfServiceLevel.ExactlyOnce)
        {
            throw new ArgumentOutOfRangeException(nameof(QualityOfService), QualityOfService, "QoS is 0, 1 or 2.");
        }

        if (Expiry is { } expiry)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(expiry, TimeSpan.Zero, nameof(Expiry));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(expiry, LongestExpiry, nameof(Expiry));
        }

        if (Key is { Length: 0 or > 256 })
        {
            throw new ArgumentException("A key has 1 to 256 characters.", nameof(Key));
        }

        if (ResponseTopic is not null)
        {
            TopicRules.CheckName(ResponseTopic, nameof(ResponseTopic));
        }

        if (ContentType is not null)
        {
            TopicRules.CheckString(ContentType, nameof(ContentType));
        }

        TopicRules.CheckLength(CorrelationData.Length, nameof(CorrelationData));
        ArgumentNullException.ThrowIfNull(Properties);
        foreach (MqttProperty property in Properties)
        {
            ArgumentNullException.ThrowIfNull(property, nameof(Properties));
            TopicRules.CheckString(property.Name, nameof(Properties));
            TopicRules.CheckString(property.Value, nameof(Properties));
        }

        // Once it is accepted it must be possible to send it: one that could not be would hold up all behind it.
        if (PublishLength.Of(this, LongestExpiry) > PublishLength.Highest)
        {
            throw new ArgumentException(
                $"The message is larger than a packet of MQTT can be: {PublishLength.Highest} bytes.", nameof(Payload));
        }
    }

    private static int Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}

/// <summary>A user property of MQTT 5.</summary>
/// <param name="Name">The name; names may repeat.</param>
/// <param name="Value">The value.</param>
public sealed record MqttProperty(string Name, string Value);
