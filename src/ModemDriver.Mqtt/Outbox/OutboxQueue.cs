namespace ModemDriver.Mqtt.Outbox;

/// <summary>The messages on their way to the broker: in order, within limits, each in the phase of its exchange.</summary>
/// <remarks>
/// The store has what must survive; the queue has the order and the phases, and of the messages themselves as much as fits
/// into <see cref="CacheBytes"/> when the store can read them back.
/// </remarks>
internal sealed partial class OutboxQueue : IAsyncDisposable
{
    // Enough for any window of small messages; a backlog is read back in batches of this order.
    private const long CacheBytes = 8 * 1024 * 1024;

    /// <summary>
    /// How many delivered messages the file may still hold: after a crash these, and a window of others, may have been sent.
    /// </summary>
    internal const int MaxRemoving = 1000;

    private static readonly IReadOnlyList<long> NoSequences = [];

    private readonly Lock _gate = new();
    private readonly IMqttOutboxStore _store;
    private readonly MqttOutboxOptions _options;
    private readonly TimeProvider _time;
    private readonly EntryList _waiting = new();
    private readonly Dictionary<ushort, OutboxEntry> _inFlight = [];
    private readonly Dictionary<long, OutboxEntry> _keyed = [];
    private OutboxClock _clock;
    private long _lastSequence;
    private long _releaseBelow;
    private long _cached;
    private int _count;
    private long _bytes;
    private bool _isClosed;
    private bool _isEnded;
    private Exception? _endReason;
    private TaskCompletionSource? _drained;

    /// <summary>Makes an empty queue on a store that is yet to be opened.</summary>
    public OutboxQueue(IMqttOutboxStore store, MqttOutboxOptions options, TimeProvider time)
    {
        _store = store;
        _options = options;
        _time = time;
        _clock = new OutboxClock(time);
    }

    /// <summary>Called on any thread, perhaps under the lock, when a message can be taken. Must only signal.</summary>
    public Action? Available { get; set; }

    /// <summary>What has happened to messages.</summary>
    public OutboxCounters Counters { get; } = new();

    /// <summary>Messages that were accepted and are neither delivered nor dropped.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>What the waiting messages take up.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>How long the oldest message has waited; zero where there is none.</summary>
    public TimeSpan OldestAge
    {
        get
        {
            lock (_gate)
            {
                OutboxEntry? oldest = _waiting.First;
                foreach (OutboxEntry entry in _inFlight.Values)
                {
                    oldest = oldest is null || entry.Sequence < oldest.Sequence ? entry : oldest;
                }

                return oldest is null ? TimeSpan.Zero : _clock.Since(oldest.AcceptedAt);
            }
        }
    }

    /// <summary>Opens the store.</summary>
    /// <returns>The session that it holds, for the receiving side.</returns>
    public async Task<MqttStoredSession> OpenAsync(CancellationToken cancellationToken)
    {
        MqttStoredSession stored = await _store.OpenAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            _clock = new OutboxClock(_time);
            _lastSequence = stored.LastSequence;
            int possiblySent = ManagedMqttOptions.LargestWindow + MaxRemoving;
            foreach (MqttStoredEntry found in stored.Entries)
            {
                Load(found, ref possiblySent);
            }
        }

        return stored;
    }

    /// <summary>Stores a message.</summary>
    /// <exception cref="MqttOutboxException">There is no room, or the store failed.</exception>
    /// <exception cref="MqttClosedException">The client is closed.</exception>
    public ValueTask<MqttReceipt> AcceptAsync(MqttMessage message) =>
        AppendAsync(message, isKeyChecked: message.Key is null);

    /// <summary>Waits until a message has left the outbox.</summary>
    public Task<MqttDelivery> WaitAsync(OutboxEntry entry, TimeSpan limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (entry.Delivery is { } delivery)
            {
                return Task.FromResult(delivery);
            }

            if (_isEnded)
            {
                return Task.FromException<MqttDelivery>(new MqttClosedException(_endReason));
            }

            entry.Waiter ??= new TaskCompletionSource<MqttDelivery>(TaskCreationOptions.RunContinuationsAsynchronously);
            return entry.Waiter.Task.WaitAsync(limit, _time, cancellationToken);
        }
    }

    /// <summary>Waits until no message is left.</summary>
    public Task WaitUntilEmptyAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                return Task.CompletedTask;
            }

            if (_isEnded)
            {
                return Task.FromException(new MqttClosedException(_endReason));
            }

            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task.WaitAsync(limit, _time, cancellationToken);
        }
    }

    /// <summary>Nothing will be sent any more: ends every wait for it. Messages are still accepted.</summary>
    /// <param name="reason">Why; <see langword="null"/> where the client was disposed.</param>
    public void EndWaits(Exception? reason)
    {
        lock (_gate)
        {
            (_isEnded, _endReason) = (true, _endReason ?? reason);
            foreach (OutboxEntry entry in _inFlight.Values)
            {
                entry.Waiter?.TrySetException(new MqttClosedException(reason));
            }

            for (OutboxEntry? entry = _waiting.First; entry is not null; entry = entry.Next)
            {
                entry.Waiter?.TrySetException(new MqttClosedException(reason));
            }

            _drained?.TrySetException(new MqttClosedException(reason));
        }
    }

    /// <summary>Closes the store; what is in it stays there.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
        }

        EndWaits(null);
        await _store.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<MqttReceipt> AcceptKeyedAsync(MqttMessage message)
    {
        // Before any room is made for it: a repetition must not drop another message.
        DateTimeOffset keysAfter = _clock.UtcNow - _options.KeyRetention;
        long? known = await _store.FindKeyAsync(message.Key!, keysAfter).ConfigureAwait(false); // not null: the caller looked
        return known is { } sequence
            ? Repeated(sequence)
            : await AppendAsync(message, isKeyChecked: true).ConfigureAwait(false);
    }

    private ValueTask<MqttReceipt> AppendAsync(MqttMessage message, bool isKeyChecked)
    {
        OutboxEntry entry;
        ValueTask<long?> storing;
        IReadOnlyList<long> dropped;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(ManagedMqttClient));
            int size = message.Size;
            if (!isKeyChecked && !HasRoom(size))
            {
                return AcceptKeyedAsync(message);
            }

            // With room the store looks for the key itself, so that messages keep the order of their calls.
            if (!TryMakeRoom(size, out dropped))
            {
                Counters.Count(MqttDeliveryOutcome.Dropped);
                return ValueTask.FromResult(Rejected(message));
            }

            entry = NewEntry(message, size);
            // Under the lock, so that the store sees messages in the order of their numbers.
            storing = _store.AppendAsync(
                new MqttStoredMessage(
                    entry.Sequence, message, size, _clock.UtcNow, _clock.UtcNow - _options.KeyRetention),
                dropped);
            Link(entry);
            if (storing.IsCompletedSuccessfully)
            {
                long? known = storing.Result;
                return ValueTask.FromResult(Stored(entry, known, dropped));
            }
        }

        return FinishAppendAsync(entry, storing, dropped);
    }

    private async ValueTask<MqttReceipt> FinishAppendAsync(
        OutboxEntry entry, ValueTask<long?> storing, IReadOnlyList<long> dropped)
    {
        long? known;
        try
        {
            known = await storing.ConfigureAwait(false);
        }
        catch
        {
            lock (_gate)
            {
                Leave(entry);
                MarkForRemoval(dropped);
            }

            Available?.Invoke();
            throw;
        }

        lock (_gate)
        {
            return Stored(entry, known, dropped);
        }
    }

    private MqttReceipt Stored(OutboxEntry entry, long? known, IReadOnlyList<long> dropped)
    {
        if (known is { } sequence)
        {
            Leave(entry);
            // Nothing was stored, and nothing dropped: not even what had left the queue to make room.
            RemoveLater(dropped);
            // It stood in the way of those behind it, which may have been stored before it was known.
            Available?.Invoke();
            return Repeated(sequence);
        }

        entry.Phase = EntryPhase.Waiting;
        Counters.CountAccepted();
        Available?.Invoke();
        return new MqttReceipt(this, entry, wasKnown: false);
    }

    private MqttReceipt Repeated(long sequence)
    {
        Counters.CountRepeated();
        lock (_gate)
        {
            return _keyed.TryGetValue(sequence, out OutboxEntry? entry)
                ? new MqttReceipt(this, entry, wasKnown: true)
                : new MqttReceipt(sequence);
        }
    }

    private MqttReceipt Rejected(MqttMessage message) => new(
        this,
        new OutboxEntry
        {
            Sequence = 0,
            QualityOfService = message.QualityOfService,
            Size = 0,
            AcceptedAt = _clock.Stamp,
            Phase = EntryPhase.Done,
            Delivery = new MqttDelivery(MqttDeliveryOutcome.Dropped),
        },
        wasKnown: false);

    private OutboxEntry NewEntry(MqttMessage message, int size)
    {
        bool keep = !_store.KeepsMessages || _cached + size <= CacheBytes;
        _cached += keep ? size : 0;
        return new OutboxEntry
        {
            Sequence = ++_lastSequence,
            QualityOfService = message.QualityOfService,
            Size = size,
            AcceptedAt = _clock.Stamp,
            Expiry = message.Expiry,
            HasKey = message.Key is not null,
            Message = keep ? message : null,
            Phase = EntryPhase.Storing,
        };
    }
}
