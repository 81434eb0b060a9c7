using ModemDriver.Channel;
using ModemDriver.Messaging;
using ModemDriver.Scheduling;

namespace ModemDriver.Lifecycle;

/// <summary>
/// Messages on their way from the module to the one who takes them. What the module keeps is deleted only when it was
/// taken, and what it hands over is acknowledged only then; what is stored is read again whenever the module is usable
/// again. Lives on the loop.
/// </summary>
internal sealed partial class MessageInbox : IAsyncDisposable
{
    // Of what is handed over, and so kept nowhere else. Beyond it nothing is acknowledged, and the network keeps it.
    private const int MaxReady = 1000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    // A module waits for AT+CNMA some 15 s; then it hands nothing over any more (TS 27.005 section 3.4.1), and does not say so.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CommandChannel _channel;
    private readonly PartCollector _collector;
    private readonly Dictionary<StoredPlace, StoredCopy> _held = [];
    private readonly Queue<ReceivedMessage> _ready = new();
    private readonly List<MessageParts> _owed = [];
    private readonly ITimer _timer;
    private readonly ITimer _patience;
    private readonly TimeSpan _expiry;
    private TaskCompletionSource? _arrived;
    private Exception? _ended;
    private MessageParts? _out;
    private bool _isRoutingLost;
    private bool _isSweeping;
    private bool _isOpen;
    private bool _sweepsAgain;
    private bool _isDone;
    private bool _isRetrying;

    /// <summary>Makes an empty inbox.</summary>
    public MessageInbox(CommandChannel channel, TimeProvider time, TimeSpan expiry, Action<Action> post)
    {
        _channel = channel;
        _expiry = expiry;
        _collector = new PartCollector(time, expiry);
        _timer = time.CreateTimer(
            _ => post(OnTimer), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _patience = time.CreateTimer(
            _ => post(OnPatience), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The commands of the module.</summary>
    public required Func<IMessageCommands> Commands { private get; init; }

    /// <summary>Runs what the inbox does by itself, and watches over its end.</summary>
    public required Action<Func<Task>> Run { get; init; }

    /// <summary>Told of a report that was stored.</summary>
    public required Action<StatusReportPdu> Reported { get; init; }

    /// <summary>Told of what could not be done now, and is done later.</summary>
    public required Action<ModemException> Deferred { get; init; }

    /// <summary>Sets how messages are passed on, again. False: the module refused.</summary>
    public required Func<Task<bool>> Route { get; init; }

    /// <summary>The turn of all who choose a store, or rely on the one that is chosen.</summary>
    public required LoopGate Turn { get; init; }

    /// <summary>The character set in which the module gives texts; null where it is not known.</summary>
    public required Func<string?> CharacterSet { get; init; }

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
                _out = message.Parts;
                return message;
            }

            if (_ended is { } reason)
            {
                throw new ModemClosedException(reason.Message, reason);
            }

            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await LoopWait.ForAsync(_arrived.Task, cancellationToken);
        }
    }

    /// <summary>
    /// A message was taken: the network is told so, and the module need not keep it. What cannot be done now is done later.
    /// </summary>
    public async Task ConfirmAsync(ReceivedMessage message)
    {
        _out = null;
        message.Parts.IsTaken = true;
        foreach (var copy in message.Parts.AllCopies)
        {
            copy.IsDispensable = true;
        }

        if (_owed.Remove(message.Parts))
        {
            await TryAsync(() => AcknowledgeAsync(message.Parts));
        }

        if (_held.Count > 0)
        {
            await TryAsync(() => InTurnAsync(DeleteDispensableAsync));
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
    /// <returns>
    /// Whether it is to be acknowledged now: a part of a message that is not whole, whose rest would not come else, or what
    /// was taken before. All else is acknowledged when it is taken.
    /// </returns>
    public bool OnDelivered(DeliverPdu pdu)
    {
        var part = new MessagePart(pdu, null);
        var done = _collector.Add(part, out var original);
        GiveOut(done);
        var whole = original ?? done.FirstOrDefault(message => message.Parts.Any(each => ReferenceEquals(each, part)));
        if (whole is null or { IsTaken: true })
        {
            return true;
        }

        if (!_owed.Contains(whole))
        {
            _owed.Add(whole);
        }

        WaitForTaker();
        return false;
    }

    /// <summary>There was no room for what was handed over.</summary>
    public void OnWithheld() => WaitForTaker();

    /// <summary>The module may not hand over any more: it is told to again, and what it has stored meanwhile is read.</summary>
    public void OnRoutingLost()
    {
        _isRoutingLost = true;
        Sweep();
    }

    /// <summary>The module has started anew: which store it uses is not known, and what it had handed over it owes again.</summary>
    public void OnModuleReset()
    {
        _generation++;
        _storage = null;
        _isOpen = false;
        _owed.Clear();
        _patience.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What the driver alone has, of messages that nobody has taken; for the next inbox.</summary>
    public IReadOnlyList<MessagePart> Leave()
    {
        IEnumerable<MessageParts> whole = [.. _out is null ? [] : new[] { _out }, .. _ready.Select(message => message.Parts)];
        var kept = _held.Values.ToHashSet();
        return [.. whole.SelectMany(message => message.Parts).Concat(_collector.Parts)
            .Where(part => part.Copy is null || !kept.Contains(part.Copy))
            .Select(part => part with { Copy = null })];
    }

    /// <summary>Takes what another inbox had left.</summary>
    public void TakeOver(IReadOnlyList<MessagePart> parts)
    {
        foreach (var part in parts)
        {
            GiveOut(_collector.Add(part, out _));
        }
    }

    /// <summary>The module has stored a message.</summary>
    public void OnStored(StoredPlace place)
    {
        if (_isDone)
        {
            return;
        }

        if (_unread.Count < MaxReady)
        {
            _unread.TryAdd(place, 0);
        }

        // Before the form of messages was chosen, also by a module that has started anew, it waits for the sweep.
        if (_isOpen)
        {
            Run(() => TryAsync(() => InTurnAsync(() => ReadOneAsync(place))));
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
        _isOpen = true;
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
                await InTurnAsync(SweepOnceAsync);
            }
            while (_sweepsAgain);
        }
        finally
        {
            _isSweeping = false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // 1. Nothing more is begun. 2. The store is the one that it was.
        _isDone = true;
        await TryAsync(() => InTurnAsync(GoHomeAsync));

        // 3. The timers.
        await _timer.DisposeAsync();
        await _patience.DisposeAsync();
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
            switch (stored.Read())
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
        GiveOut(_collector.Add(part, out var original));
        if (original is { IsTaken: false } && part.Copy is { } copy)
        {
            original.AddCopy(copy); // It goes with the others.
            return false;
        }

        return original is not null;
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
            if (_isOpen)
            {
                Sweep(); // Else it is swept when it is usable again.
            }
        }
    }

    private void OnPatience()
    {
        if (!_isDone)
        {
            // What was owed is the module's or the network's again, and is known when it comes.
            _owed.Clear();
            OnRoutingLost();
        }
    }

    private void WaitForTaker() => _patience.Change(Patience, Timeout.InfiniteTimeSpan);

    private async Task AcknowledgeAsync(MessageParts message)
    {
        if (_owed.Count == 0)
        {
            _patience.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        // Until the module has said that it goes on, it may have stopped.
        var wasLost = _isRoutingLost;
        _isRoutingLost = true;
        if ((await _channel.ExecuteAsync(Commands().Acknowledge())).IsSuccess)
        {
            _isRoutingLost = wasLost;
            _collector.Forget(message);
        }
        else
        {
            OnRoutingLost();
        }
    }

    // The timer is set for the next expiry again when it has fired.
    private void RetryLater()
    {
        if (!_isDone)
        {
            _isRetrying = true;
            _timer.Change(RetryAfter < _expiry ? RetryAfter : _expiry, Timeout.InfiniteTimeSpan);
        }
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
