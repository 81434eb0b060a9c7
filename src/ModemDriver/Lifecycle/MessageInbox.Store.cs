using ModemDriver.Commands;
using ModemDriver.Messaging;
using ModemDriver.Protocol;

namespace ModemDriver.Lifecycle;

/// <content>
/// The stores of the module. There is one at a time that is read and deleted in, so that to choose it and what relies on the
/// choice are one turn.
/// </content>
internal sealed partial class MessageInbox
{
    // TS 27.005 section 3.2.5: no such place, or nothing in it.
    private const int NothingThere = 321;

    // A card may be busy for half a minute; a store that cannot be chosen by then has a name that is none.
    private const int MostAttempts = 12;

    private readonly Dictionary<StoredPlace, int> _unread = [];
    private string? _home;
    private string? _storage;
    private int _capacity;
    private int _generation;

    /// <summary>Runs what a user wants of the store that was in use before messages were received, in its turn.</summary>
    public Task<T> InHomeStoreAsync<T>(Func<Task<T>> body, CancellationToken cancellationToken) =>
        InTurnAsync(
            async () => _home is null || await SelectAsync(_home)
                ? await body()
                : throw new ModemProtocolException($"the store {_home}", "a refusal"),
            cancellationToken);

    private async Task SweepOnceAsync()
    {
        if (_isRoutingLost)
        {
            if (!await Route())
            {
                RetryLater();
                return;
            }

            _isRoutingLost = false;
        }

        _storage = null;
        var list = Commands().List(CharacterSet());
        if (await ReadStorageAsync() is not { } storage || !(await ExecuteInStoreAsync(list)).IsSuccess)
        {
            RetryLater();
            return;
        }

        _home ??= storage;
        var there = new HashSet<StoredPlace>();
        foreach (var stored in list.Messages)
        {
            var place = new StoredPlace(storage, stored.Index);
            there.Add(place);
            _unread.Remove(place);
            Take(place, stored);
        }

        // What was taken, and is gone, needs no deletion.
        foreach (var place in _held.Keys.Where(place => place.Storage == storage && !there.Contains(place)).ToArray())
        {
            _held.Remove(place);
        }

        await DeleteDispensableAsync();

        // What the list has not shown: it came while the list was given, or is in another store.
        foreach (var place in _unread.Keys.ToArray())
        {
            await ReadOneAsync(place);
        }
    }

    private async Task ReadOneAsync(StoredPlace place)
    {
        if (_isDone || !_unread.TryGetValue(place, out var attempts))
        {
            return; // A sweep has read it.
        }

        _unread[place] = attempts + 1;
        if (attempts == MostAttempts)
        {
            _unread.Remove(place);
            return;
        }

        var read = Commands().Read(place.Index, CharacterSet());
        if (!await SelectAsync(place.Storage))
        {
            RetryLater();
            return;
        }

        var result = await ExecuteInStoreAsync(read);
        if (!result.IsSuccess && CmsError.Read(result.Text)?.Code != NothingThere)
        {
            RetryLater();
            return;
        }

        _unread.Remove(place);

        foreach (var stored in read.Messages)
        {
            Take(place, stored);
        }

        await DeleteDispensableAsync();
    }

    private async Task DeleteDispensableAsync()
    {
        foreach (var (place, held) in _held.Where(entry => entry.Value.IsDispensable).ToArray())
        {
            // Since the list was made somebody else may have begun with it, and its place may have another message; the module
            // has told of one that is read first.
            if (_isDone || held.IsBeingDeleted || _unread.ContainsKey(place)
                || !_held.TryGetValue(place, out var now) || !ReferenceEquals(now, held))
            {
                continue;
            }

            held.IsBeingDeleted = true;
            try
            {
                if (await SelectAsync(place.Storage)
                    && !_unread.ContainsKey(place)
                    && (await ExecuteInStoreAsync(Commands().Delete(place.Index))).IsSuccess
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

        if (_ready.Count == 0 && _out is null && _held.Count * 2 >= _capacity && _held.Count > 0)
        {
            await RelieveAsync();
        }
    }

    // A store that is full of parts never sees the rest of them: some cards hold 10 messages, and a text may have 255 parts.
    // The parts that came first are then held here alone. What the one who takes messages has, or can have, is not touched.
    private async Task RelieveAsync()
    {
        var ask = Commands().ReadStorage();
        await _channel.ExecuteAsync(ask);
        _capacity = ask.Answer?.Capacity ?? 0;
        if (ask.Answer is not { IsFull: true } || _ready.Count > 0 || _out is not null)
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
        if (storage == _storage)
        {
            return true;
        }

        _storage = null;
        var generation = _generation;
        if (!(await _channel.ExecuteAsync(Commands().SelectStorage(storage))).IsSuccess || generation != _generation)
        {
            return false;
        }

        _storage = storage;
        _capacity = 0;
        return true;
    }

    // Null: the module does not say, as while its card is busy.
    private async Task<string?> ReadStorageAsync()
    {
        var generation = _generation;
        var ask = Commands().ReadStorage();
        await _channel.ExecuteAsync(ask);
        if (ask.Answer is { } storage && generation == _generation)
        {
            _storage = storage.Name;
            _capacity = storage.Capacity;
        }

        return _storage;
    }

    private async Task GoHomeAsync()
    {
        // A module that has started anew has the store that it begins with.
        if (_isOpen && _ended is null && _home is { } home)
        {
            await SelectAsync(home);
        }
    }

    // In the store that was chosen, or not at all: a module that has started anew has chosen another one.
    private ValueTask<FinalResult> ExecuteInStoreAsync(AtCommand command)
    {
        var generation = _generation;
        command.MayWrite = () => generation == _generation;
        return _channel.ExecuteAsync(command);
    }

    private Task<bool> InTurnAsync(Func<Task> body) => InTurnAsync(
        async () =>
        {
            await body();
            return true;
        },
        CancellationToken.None);

    private async Task<T> InTurnAsync<T>(Func<Task<T>> body, CancellationToken cancellationToken)
    {
        await Turn.EnterAsync(cancellationToken);
        try
        {
            return await body();
        }
        finally
        {
            Turn.Leave();
        }
    }
}
