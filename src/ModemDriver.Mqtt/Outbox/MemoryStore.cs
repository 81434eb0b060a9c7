namespace ModemDriver.Mqtt.Outbox;

/// <summary>Keeps nothing but keys: the queue has the messages, and the process has them no longer than itself.</summary>
internal sealed class MemoryStore : IMqttOutboxStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Sequence, DateTimeOffset StoredAt)> _keys = new(StringComparer.Ordinal);

    // In the order in which they run out.
    private readonly Queue<(string Key, DateTimeOffset StoredAt)> _keysByAge = [];

    public bool KeepsMessages => false;

    public ValueTask<MqttStoredSession> OpenAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new MqttStoredSession(0, null, [], []));

    public ValueTask<long?> AppendAsync(MqttStoredMessage message, IReadOnlyList<long> dropped)
    {
        if (message.Message.Key is not { } key)
        {
            return default;
        }

        lock (_gate)
        {
            ForgetKeys(message.KeysAfter);
            if (_keys.TryGetValue(key, out (long Sequence, DateTimeOffset StoredAt) known)
                && known.StoredAt > message.KeysAfter)
            {
                return ValueTask.FromResult<long?>(known.Sequence);
            }

            _keys[key] = (message.Sequence, message.AcceptedAt);
            _keysByAge.Enqueue((key, message.AcceptedAt));
            return default;
        }
    }

    public ValueTask<long?> FindKeyAsync(string key, DateTimeOffset storedAfter)
    {
        lock (_gate)
        {
            return _keys.TryGetValue(key, out (long Sequence, DateTimeOffset StoredAt) known)
                && known.StoredAt > storedAfter
                ? ValueTask.FromResult<long?>(known.Sequence)
                : default;
        }
    }

    public ValueTask<IReadOnlyDictionary<long, MqttMessage>> ReadAsync(IReadOnlyList<long> sequences) =>
        throw new NotSupportedException("The queue has the messages.");

    public ValueTask RemoveAsync(IReadOnlyList<long> sequences) => default;

    public ValueTask ReleaseAsync(long sequence) => default;

    public ValueTask AddReceivedAsync(ushort identifier) => default;

    public ValueTask RemoveReceivedAsync(ushort identifier) => default;

    public ValueTask BeginSessionAsync(string identity) => default;

    public ValueTask DisposeAsync() => default;

    private void ForgetKeys(DateTimeOffset storedBefore)
    {
        while (_keysByAge.TryPeek(out (string Key, DateTimeOffset StoredAt) oldest) && oldest.StoredAt <= storedBefore)
        {
            _keysByAge.Dequeue();
            if (_keys.TryGetValue(oldest.Key, out (long Sequence, DateTimeOffset StoredAt) known)
                && known.StoredAt == oldest.StoredAt)
            {
                _keys.Remove(oldest.Key);
            }
        }
    }
}
