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
    // The rest of the identifiers, 60,001 to 65,535, is for SUBSCRIBE and UNSUBSCRIBE.
    private const int PublishIdentifiers = 60_000;

    public required long Sequence { get; init; }

    public required MqttQualityOfServiceLevel QualityOfService { get; init; }

    public required int Size { get; init; }

    /// <summary>The clock's reading (monotonic) at which it was accepted; for one from a file, worked out from its age.</summary>
    public required long AcceptedAt { get; init; }

    public TimeSpan? Expiry { get; init; }

    public bool HasKey { get; init; }

    /// <summary>The message, unless only the store has it.</summary>
    public MqttMessage? Message { get; set; }

    public EntryPhase Phase { get; set; }

    /// <summary>It may have been sent in the session that the broker has: it is sent again with DUP, and never dropped.</summary>
    public bool MaybeSent { get; set; }

    public long SentAt { get; set; }

    public MqttDelivery? Delivery { get; set; }

    public TaskCompletionSource<MqttDelivery>? Waiter { get; set; }

    public OutboxEntry? Next { get; set; }

    public OutboxEntry? Previous { get; set; }

    public bool IsLinked { get; set; }

    /// <summary>
    /// The packet identifier. It follows from the sequence, so that the same message has the same one after a crash
    /// without a write before it is sent.
    /// </summary>
    public ushort Identifier => (ushort)((Sequence % PublishIdentifiers) + 1);
}
