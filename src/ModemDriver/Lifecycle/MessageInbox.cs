using ModemDriver.Channel;
using ModemDriver.Messaging;

namespace ModemDriver.Lifecycle;

/// <summary>
/// Messages on their way from the module to the one who takes them. What the module keeps is deleted only when it was
/// taken; what is stored is read again whenever the module is usable again. Lives on the loop.
/// </summary>
internal sealed class MessageInbox : IAsyncDisposable
{
    // Of what is handed over, and so kept nowhere else. Beyond it nothing is acknowledged, and the network keeps it.
    private const int MaxReady = 1000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly CommandChannel _channel;
    private readonly PartCollector _collector;
    private readonly Dictionary<StoredPlace, StoredCopy> _held = [];
    private readonly Queue<ReceivedMessage> _ready = new();
    private readonly ITimer _timer;
    private readonly TimeSpan _expiry;
    private TaskCompletionSource? _arrived;
    private Exception? _ended;
    private string? _storage;
    private int _capacity;
    private bool _isOneOut;
    private bool _isSweeping;
    private bool _sweepsAgain;
    private bool _isDone;
    private bool _isRetrying;

    /// <summary>Makes an empty inbox.</summary>
    public MessageInbox(CommandChannel channel, IMessageCommands commands, TimeProvider time, TimeSpan expiry, Action<Action> post)
    {
        _channel = channel;
        Commands = commands;
        _expiry = expiry;
        _collector = new PartCollector(time, expiry);
        _timer = time.CreateTimer(
            _ => post(OnTimer), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The commands of the module.</summary>
    public IMessageCommands Commands { get; }

    /// <summary>Runs what the inbox does by itself, and watches over its end.</summary>
    public required Action<Func<Task>> Run { get; init; }

    /// <summary>Told of a report that was stored.</summary>
    public required Action<StatusReportPdu> Reported { get; init; }

    /// <summary>Told of what could not be done now, and is done later.</summary>
    public required Action<ModemException> Deferred { get; init; }

    /// <summary>Told of what cannot be read.</summary>
    public required Action<string, PduException> Unreadable { get; init; }

    /// <summary>Whether there is room for what is handed over.</summary>
    public bool HasRoom => _ready.Count < MaxReady;

    /// <summary>Takes the next message; waits for one.</summary>
    /// <exception cref="ModemClosedException">The modem was closed.</exception>
    public async Task<ReceivedMessage> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_ready.TryDequeue(out var message))
            {
                _isOneOut = true;
                return message;
            }

            if (_ended is { } reason)
            {
                throw new ModemClosedException(reason.Message, reason);
            }

            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await Scheduling.LoopWait.ForAsync(_arrived.Task, cancellationToken);
        }
    }

    /// <summary>A message was taken: the module need not keep it. What cannot be deleted now is deleted later.</summary>
    public async Task ConfirmAsync(ReceivedMessage message)
    {
        _isOneOut = false;
        foreach (var copy in message.Copies)
        {
            copy.IsDispensable = true;
        }

        if (_held.Count > 0)
        {
            await TryAsync(DeleteDispensableAsync);
        }
    }

    /// <summary>Ends the waiting: the modem was closed.</summary>
    public void End(Exception reason)
    {
        _ended ??= reason;
        _isDone = true;
        _arrived?.TrySetResult();
    }

    /// <summary>A message was handed over.</summary>
    public void OnDelivered(DeliverPdu pdu) => Add(new MessagePart(pdu, null));

    /// <summary>The module has stored a message.</summary>
    public void OnStored(StoredPlace place)
    {
        if (!_isDone)
        {
            Run(() => TryAsync(() => ReadOneAsync(place)));
        }
    }

    /// <summary>The module is usable, maybe anew: what is stored there is read.</summary>
    public void Sweep()
    {
        if (!_isDone)
        {
            Run(() => TryAsync(SweepAsync));
        }
    }

    /// <summary>Reads all that is stored.</summary>
    public async Task SweepAsync()
    {
        if (_isSweeping)
        {
            _sweepsAgain = true;
            return;
        }

        _isSweeping = true;
        try
        {
            do
            {
                _sweepsAgain = false;
                await SweepOnceAsync();
            }
            while (_sweepsAgain);
        }
        finally
        {
            _isSweeping = false;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _isDone = true;
        return _timer.DisposeAsync();
    }

    private async Task SweepOnceAsync()
    {
        _storage = null;
        var storage = await ReadStorageAsync();
        var list = Commands.List();
        if (!(await _channel.ExecuteAsync(list)).IsSuccess)
        {
            RetryLater();
            return;
        }

        var there = new HashSet<StoredPlace>();
        foreach (var stored in list.Messages)
        {
            var place = new StoredPlace(storage, stored.Index);
            there.Add(place);
            Take(place, stored);
        }

        // What was taken, and is gone, needs no deletion.
        foreach (var place in _held.Keys.Where(place => place.Storage == storage && !there.Contains(place)).ToArray())
        {
            _held.Remove(place);
        }

        await DeleteDispensableAsync();
    }

    private async Task ReadOneAsync(StoredPlace place)
    {
        if (!await SelectAsync(place.Storage))
        {
            RetryLater();
            return;
        }

        var read = Commands.Read(place.Index);
        if (!(await _channel.ExecuteAsync(read)).IsSuccess)
        {
            RetryLater();
            return;
        }

        foreach (var stored in read.Messages)
        {
            Take(place, stored);
        }

        await DeleteDispensableAsync();
    }

    private void Take(StoredPlace place, StoredPdu stored)
    {
        if (stored.Status is StoredMessageStatus.StoredUnsent or StoredMessageStatus.StoredSent
            || (_held.TryGetValue(place, out var known) && known.IsSame(stored.Octets)))
        {
            return;
        }

        var held = new StoredCopy(place, stored.Octets);
        _held[place] = held;
        try
        {
            switch (MessagePdu.Read(stored.Octets ?? []))
            {
                case DeliverPdu deliver:
                    held.IsDispensable = Add(new MessagePart(deliver, held));
                    break;
                case StatusReportPdu report:
                    held.IsDispensable = true;
                    Reported(report);
                    break;
            }
        }
        catch (PduException exception)
        {
            // It stays where it is: whoever lists the store sees it.
            Unreadable($"{place.Storage} {place.Index}", exception);
        }
    }

    private bool Add(MessagePart part)
    {
        var done = _collector.Add(part, out var isRepeated);
        GiveOut(done);
        return isRepeated;
    }

    private void GiveOut(IReadOnlyList<MessageParts> done)
    {
        foreach (var parts in done)
        {
            _ready.Enqueue(new ReceivedMessage(parts));
        }

        if (done.Count > 0)
        {
            _arrived?.TrySetResult();
        }

        if (!_isRetrying && _collector.UntilExpiry is { } wait)
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        if (!_isDone)
        {
            _isRetrying = false;
            GiveOut(_collector.Expire());
            Sweep();
        }
    }

    // The timer is set for the next expiry again when it has fired.
    private void RetryLater()
    {
        _isRetrying = true;
        _timer.Change(RetryAfter < _expiry ? RetryAfter : _expiry, Timeout.InfiniteTimeSpan);
    }

    private async Task DeleteDispensableAsync()
    {
        foreach (var (place, held) in _held.Where(entry => entry.Value.IsDispensable).ToArray())
        {
            // Since the list was made somebody else may have begun with it, and its place may have another message.
            if (held.IsBeingDeleted || !_held.TryGetValue(place, out var now) || !ReferenceEquals(now, held))
            {
                continue;
            }

            held.IsBeingDeleted = true;
            try
            {
                if (await SelectAsync(place.Storage)
                    && (await _channel.ExecuteAsync(Commands.Delete(place.Index))).IsSuccess
                    && _held.TryGetValue(place, out var still) && ReferenceEquals(still, held))
                {
                    _held.Remove(place);
                }
            }
            finally
            {
                held.IsBeingDeleted = false;
            }
        }

        if (_ready.Count == 0 && !_isOneOut && _held.Count * 2 >= _capacity && _held.Count > 0)
        {
            await RelieveAsync();
        }
    }

    // A store that is full of parts never sees the rest of them: some cards hold 10 messages, and a text may have 255 parts.
    // The parts that came first are then held here alone. What the one who takes messages has, or can have, is not touched.
    private async Task RelieveAsync()
    {
        var ask = Commands.ReadStorage();
        await _channel.ExecuteAsync(ask);
        _capacity = ask.Answer?.Capacity ?? 0;
        if (ask.Answer is not { IsFull: true } || _ready.Count > 0 || _isOneOut)
        {
            return;
        }

        var released = _collector.ReleaseOldest();
        foreach (var copy in released)
        {
            copy.IsDispensable = true;
        }

        if (released.Count > 0)
        {
            await DeleteDispensableAsync();
        }
    }

    private async Task<bool> SelectAsync(string storage)
    {
        if (storage != _storage && storage != await ReadStorageAsync())
        {
            if (!(await _channel.ExecuteAsync(Commands.SelectStorage(storage))).IsSuccess)
            {
                return false;
            }

            _storage = storage;
            _capacity = 0;
        }

        return true;
    }

    private async Task<string> ReadStorageAsync()
    {
        if (_storage is null)
        {
            var ask = Commands.ReadStorage();
            await _channel.ExecuteAsync(ask);
            _storage = ask.Answer?.Name;
            _capacity = ask.Answer?.Capacity ?? 0;
        }

        return _storage ?? string.Empty;
    }

    // The module may have gone in the middle of it. It is swept again when it is back.
    private async Task TryAsync(Func<Task> body)
    {
        try
        {
            await body();
        }
        catch (ModemException exception)
        {
            Deferred(exception);
            _storage = null;
            RetryLater();
        }
    }
}
