namespace ModemDriver.Mqtt;

/// <summary>Where accepted messages are kept.</summary>
public enum MqttOutboxStorage
{
    /// <summary>In a file (SQLite): they survive the process.</summary>
    File,

    /// <summary>In memory: they are lost with the process.</summary>
    Memory,
}

/// <summary>What a crash may do to a message that was accepted into a file.</summary>
public enum MqttOutboxDurability
{
    /// <summary>It survives a power failure: every acceptance waits for the disk.</summary>
    Power,

    /// <summary>It survives the death of the process, but perhaps not that of the operating system. Much faster.</summary>
    Process,
}

/// <summary>What happens to a message for which the outbox has no room.</summary>
public enum MqttOutboxPolicy
{
    /// <summary>Publishing throws <see cref="MqttOutboxException"/>.</summary>
    Refuse,

    /// <summary>The oldest messages that were never sent are dropped and counted until there is room.</summary>
    DropOldest,

    /// <summary>The new message is dropped and counted.</summary>
    DropNewest,
}

/// <summary>
/// How accepted messages are kept until the broker has them. Immutable; vary it with <c>with</c>.
/// </summary>
public sealed record MqttOutboxOptions
{
    /// <summary>Where they are kept. Default <see cref="MqttOutboxStorage.File"/>.</summary>
    public MqttOutboxStorage Storage { get; init; } = MqttOutboxStorage.File;

    /// <summary>
    /// The file; two more are beside it while it is open (<c>-wal</c>, <c>-journal</c>). Its folder must exist. One client
    /// at a time. Default <c>mqtt-outbox.db</c> in the working directory.
    /// </summary>
    public string Path { get; init; } = "mqtt-outbox.db";

    /// <summary>What a crash may do to an accepted message. Default <see cref="MqttOutboxDurability.Power"/>.</summary>
    public MqttOutboxDurability Durability { get; init; } = MqttOutboxDurability.Power;

    /// <summary>How many messages may wait, 1 to 10,000,000, both included. Default 100,000.</summary>
    public int MaxMessages { get; init; } = 100_000;

    /// <summary>
    /// How many bytes may wait, counted as topics, payloads and properties; 1,024 to 2^40, both included. Default 256 MiB.
    /// </summary>
    public long MaxBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>How long a message may wait before it is dropped. Above zero. Default 30 days.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>What happens when there is no room. Default <see cref="MqttOutboxPolicy.Refuse"/>.</summary>
    public MqttOutboxPolicy WhenFull { get; init; } = MqttOutboxPolicy.Refuse;

    /// <summary>
    /// How long the key of an accepted message is remembered, counted from its acceptance. Above zero. Default 1 day.
    /// </summary>
    public TimeSpan KeyRetention { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Throws at the first mistake.</summary>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Path);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMessages, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxMessages, 10_000_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBytes, 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxBytes, 1L << 40);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaxAge, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(KeyRetention, TimeSpan.Zero);
    }
}
