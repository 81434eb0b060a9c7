namespace ModemDriver.Mqtt.Tests;

/// <summary>A store as a user may write it: what it must not forget is on a disk, which here outlives it in memory.</summary>
internal sealed class OwnStore(OwnStore.Disk disk) : IMqttOutboxStore
{
    public ValueTask<MqttStoredSession> OpenAsync(CancellationToken cancellationToken) => Do(() => new MqttStoredSession(
        disk.LastSequence,
        disk.Identity,
        [
            .. disk.Messages.Values.Select(stored => new MqttStoredEntry(
                stored.Sequence,
                stored.Message.QualityOfService,
                stored.Size,
                stored.AcceptedAt,
                stored.Message.Expiry,
                stored.Message.Key is not null,
                disk.Released.Contains(stored.Sequence))),
        ],
        [.. disk.Received]));

    public ValueTask<long?> AppendAsync(MqttStoredMessage message, IReadOnlyList<long> dropped) => Do(() =>
    {
        if (message.Message.Key is { } key)
        {
            if (Find(key, message.KeysAfter) is { } known)
            {
                return known;
            }

            disk.Keys[key] = (message.Sequence, message.AcceptedAt);
        }

        Remove(dropped);
        disk.LastSequence = message.Sequence;
        disk.Messages.Add(message.Sequence, message);
        return (long?)null;
    });

    public ValueTask<long?> FindKeyAsync(string key, DateTimeOffset storedAfter) => Do(() => Find(key, storedAfter));

    public ValueTask<IReadOnlyDictionary<long, MqttMessage>> ReadAsync(IReadOnlyList<long> sequences) =>
        Do<IReadOnlyDictionary<long, MqttMessage>>(() => sequences.Where(disk.Messages.ContainsKey)
            .ToDictionary(sequence => sequence, sequence => disk.Messages[sequence].Message));

    public ValueTask RemoveAsync(IReadOnlyList<long> sequences) => Change(() => Remove(sequences));

    public ValueTask ReleaseAsync(long sequence) => Change(() => disk.Released.Add(sequence));

    public ValueTask AddReceivedAsync(ushort identifier) => Change(() => disk.Received.Add(identifier));

    public ValueTask RemoveReceivedAsync(ushort identifier) => Change(() => disk.Received.Remove(identifier));

    public ValueTask BeginSessionAsync(string identity) => Change(() =>
    {
        disk.Identity = identity;
        disk.Received.Clear();
        disk.Released.Clear();
    });

    public ValueTask DisposeAsync()
    {
        disk.Disposals++;
        return ValueTask.CompletedTask;
    }

    private long? Find(string key, DateTimeOffset storedAfter) =>
        disk.Keys.TryGetValue(key, out (long Sequence, DateTimeOffset At) known) && known.At > storedAfter
            ? known.Sequence
            : null;

    private void Remove(IReadOnlyList<long> sequences)
    {
        foreach (long sequence in sequences)
        {
            disk.Messages.Remove(sequence);
        }
    }

    private ValueTask Change(Action change)
    {
        ValueTask<bool> done = Do(() =>
        {
            change();
            return true;
        });
        return done.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(done.AsTask());
    }

    private ValueTask<T> Do<T>(Func<T> change)
    {
        lock (disk)
        {
            return disk.Failure is { } failure
                ? ValueTask.FromException<T>(failure)
                : ValueTask.FromResult(change());
        }
    }

    internal sealed class Disk
    {
        public SortedDictionary<long, MqttStoredMessage> Messages { get; } = [];

        public Dictionary<string, (long Sequence, DateTimeOffset At)> Keys { get; } = new(StringComparer.Ordinal);

        public HashSet<long> Released { get; } = [];

        public SortedSet<ushort> Received { get; } = [];

        public long LastSequence { get; set; }

        public string? Identity { get; set; }

        public int Disposals { get; set; }

        /// <summary>What every call throws, if anything.</summary>
        public Exception? Failure { get; set; }
    }
}
