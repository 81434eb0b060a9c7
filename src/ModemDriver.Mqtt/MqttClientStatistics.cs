namespace ModemDriver.Mqtt;

/// <summary>What a client has, and has had, to do. Counted since it was opened.</summary>
public sealed record MqttClientStatistics
{
    /// <summary>Messages in the outbox: accepted, neither delivered nor dropped.</summary>
    public required int Waiting { get; init; }

    /// <summary>What they take up, in bytes.</summary>
    public required long WaitingBytes { get; init; }

    /// <summary>How long the oldest of them has waited; zero where there is none.</summary>
    public required TimeSpan OldestAge { get; init; }

    /// <summary>Messages that were stored.</summary>
    public required long Accepted { get; init; }

    /// <summary>Messages that were not stored because their key was known.</summary>
    public required long Repeated { get; init; }

    /// <summary>Messages that were handed to the broker.</summary>
    public required long Delivered { get; init; }

    /// <summary>Messages that the broker refused, or that cannot be sent to it.</summary>
    public required long Refused { get; init; }

    /// <summary>Messages whose expiry or age had passed.</summary>
    public required long Expired { get; init; }

    /// <summary>Messages that a full outbox dropped.</summary>
    public required long Dropped { get; init; }

    /// <summary>Messages of QoS 0 that were being written when the connection failed.</summary>
    public required long Lost { get; init; }

    /// <summary>Received messages that wait for the reader.</summary>
    public required int InboxWaiting { get; init; }
}
