using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Outbox;

/// <summary>Where a message stands on its way to the broker.</summary>
internal enum EntryPhase
{
    /// <summary>The store has yet to say that it is kept.</summary>
    Storing,

    /// <summary>It waits for its turn.</summary>
    Waiting,

    /// <summary>It was sent, and PUBACK or PUBREC is awaited.</summary>
    Sent,

    /// <summary>QoS 2: PUBREC has come and is stored; PUBREL is owed until PUBCOMP comes.</summary>
    Released,

    /// <summary>It has left the outbox.</summary>
    Done,
}

/// <summary>A message in the outbox. Everything but the construction is under the queue's lock.</summary>
internal sealed class OutboxEntry
{
    /// <summary>
    /// How many identifiers messages have, from 1. The rest, 60,001 to 65,535, is for SUBSCRIBE and UNSUBSCRIBE.
    /// </summary>
    public const int PublishIdentifiers = 60_000;

    /// <summary>Its number: the order of acceptance.</summary>
    public required long Sequence { get; init; }

    /// <summary>How surely it is handed over.</summary>
    public required MqttQualityOfServiceLevel QualityOfService { get; init; }

    /// <summary>What it takes up, in bytes.</summary>
    public required int Size { get; init; }

    /// <summary>The clock's reading (monotonic) at which it was accepted; for one from a file, worked out from its age.</summary>
    public required long AcceptedAt { get; init; }

    /// <summary>How long it is worth sending, from its acceptance.</summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>Whether the caller gave it a name.</summary>
    public bool HasKey { get; init; }

    /// <summary>The message, unless only the store has it.</summary>
    public MqttMessage? Message { get; set; }

    /// <summary>Where it stands.</summary>
    public EntryPhase Phase { get; set; }

    /// <summary>It may have been sent in the session that the broker has: it is sent again with DUP, and never dropped.</summary>
    public bool MaybeSent { get; set; }

    /// <summary>PUBREL goes before it: the broker may hold its identifier from a session that we do not know.</summary>
    public bool NeedsRelease { get; set; }

    /// <summary>The clock's reading at which it was last sent; 0 for never in this process.</summary>
    public long SentAt { get; set; }

    /// <summary>What became of it, once that is known.</summary>
    public MqttDelivery? Delivery { get; set; }

    /// <summary>Those who wait for that; made by the first of them.</summary>
    public TaskCompletionSource<MqttDelivery>? Waiter { get; set; }

    /// <summary>The next in its list.</summary>
    public OutboxEntry? Next { get; set; }

    /// <summary>The one before it.</summary>
    public OutboxEntry? Previous { get; set; }

    /// <summary>Whether it is in a list.</summary>
    public bool IsLinked { get; set; }

    /// <summary>
    /// The packet identifier. It follows from the sequence, so that the same message has the same one after a crash
    /// without a write before it is sent.
    /// </summary>
    public ushort Identifier => (ushort)((Sequence % PublishIdentifiers) + 1);
}
