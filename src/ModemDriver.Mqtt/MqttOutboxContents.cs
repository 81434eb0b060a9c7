using ModemDriver.Mqtt.Outbox;

namespace ModemDriver.Mqtt;

/// <summary>What waits in the file of an outbox that no client has open.</summary>
/// <param name="Identity">
/// Whose session it holds, usually a client identifier; <see langword="null"/> before the first connection.
/// </param>
/// <param name="Topics">The topics for which messages wait, that of the oldest message first.</param>
public sealed record MqttOutboxContents(string? Identity, IReadOnlyList<MqttOutboxTopic> Topics)
{
    /// <summary>Looks into a file; changes nothing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the call before the file is opened; not after.</param>
    /// <exception cref="MqttOutboxException">It is in use, damaged, of another version, not accessible or no outbox.</exception>
    public static Task<MqttOutboxContents> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        // SQLite blocks, on the disk and for a second on a lock.
        return Task.Run(() => SqliteFile.Inspect(path), cancellationToken);
    }
}

/// <summary>What waits for one topic.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Messages">How many messages.</param>
/// <param name="Bytes">What they take up, counted as <see cref="MqttOutboxOptions.MaxBytes"/> is.</param>
/// <param name="OldestAcceptedAt">When the oldest of them was accepted, by this computer's clock at that time.</param>
public sealed record MqttOutboxTopic(string Topic, long Messages, long Bytes, DateTimeOffset OldestAcceptedAt);
