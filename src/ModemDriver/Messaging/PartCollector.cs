namespace ModemDriver.Messaging;

/// <summary>Puts the parts of long messages together: in any order, once or twice, within a time.</summary>
/// <remarks>
/// Parts belong together by sender, reference and total. What is held is bounded: when there is no room, or its time is
/// over, the set that began first is given out as it is. A set that was completed is remembered for the same time, so that
/// a late second copy of a part begins no new one. A message of one part that was handed over is remembered until the network
/// is known to have been told of it: before that it may come again.
/// </remarks>
internal sealed class PartCollector(TimeProvider time, TimeSpan expiry)
{
    /// <summary>How many parts are held at most, of all messages together.</summary>
    public const int MaxParts = 1024;

    private const int MaxRemembered = 256;

    private readonly LinkedList<PartSet> _sets = [];
    private readonly Queue<PartSet> _remembered = new();
    private readonly List<(MessageParts Message, long At)> _handedOver = [];
    private int _held;

    /// <summary>How many parts are held.</summary>
    public int Held => _held;

    /// <summary>When the oldest set is over; null while there is none.</summary>
    public TimeSpan? UntilExpiry => _sets.First is { } oldest
        ? TimeSpan.FromTicks(Math.Max((expiry - time.GetElapsedTime(oldest.Value.BeganAt)).Ticks, 0))
        : null;

    /// <summary>Takes a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="original">The message that has this part already and was given out; null if there is none.</param>
    /// <returns>The messages that are now to be given out, complete or given up.</returns>
    public IReadOnlyList<MessageParts> Add(MessagePart part, out MessageParts? original)
    {
        original = null;
        if (part.Pdu.Data.Header.Part is not { Total: > 1 } position)
        {
            return AddSingle(part, out original);
        }

        var done = new List<MessageParts>(Expire());
        var key = new PartKey(part.Pdu.Sender, position.Reference, position.Total, position.IsWide);
        original = _remembered.FirstOrDefault(set => set.Key == key && set.HasSame(part))?.Message;
        if (original is not null)
        {
            return done;
        }

        var set = _sets.LastOrDefault(held => held.Key == key && held.Fits(part));
        if (set is null)
        {
            set = new PartSet(key, time.GetTimestamp());
            _sets.AddLast(set);
        }

        _held += set.Add(part) ? 1 : 0;
        if (set.IsComplete)
        {
            Remember(set);
            done.Add(TakeOut(set));
        }

        while (_held > MaxParts)
        {
            done.Add(TakeOut(_sets.First!.Value)); // something is held, so there is a set
        }

        return done;
    }

    /// <summary>The network knows that it has come: it does not come again.</summary>
    public void Forget(MessageParts message) => _handedOver.RemoveAll(each => ReferenceEquals(each.Message, message));

    /// <summary>All parts that are held, in the order in which their messages began.</summary>
    public IEnumerable<MessagePart> Parts => _sets.SelectMany(set => set.Parts);

    /// <summary>Gives up the sets whose time is over.</summary>
    public IReadOnlyList<MessageParts> Expire()
    {
        _handedOver.RemoveAll(each => time.GetElapsedTime(each.At) >= expiry);
        while (_remembered.TryPeek(out var oldest) && time.GetElapsedTime(oldest.BeganAt) >= expiry)
        {
            _remembered.Dequeue();
        }

        var over = new List<MessageParts>();
        while (_sets.First is { } oldest && time.GetElapsedTime(oldest.Value.BeganAt) >= expiry)
        {
            over.Add(TakeOut(oldest.Value));
        }

        return over;
    }

    /// <summary>What the module keeps of the oldest set of which it keeps anything; from now on it stands here alone.</summary>
    public IReadOnlyList<StoredCopy> ReleaseOldest()
    {
        foreach (var set in _sets)
        {
            if (set.ReleaseCopies() is { Length: > 0 } copies)
            {
                return copies;
            }
        }

        return [];
    }

    private List<MessageParts> AddSingle(MessagePart part, out MessageParts? original)
    {
        original = _handedOver.FirstOrDefault(each => IsSame(each.Message.Parts[0].Pdu, part.Pdu)).Message;
        if (original is not null)
        {
            return [];
        }

        var message = new MessageParts([part], 1, part.Copy is { } copy ? [copy] : []);
        if (part.Copy is null)
        {
            _handedOver.Add((message, time.GetTimestamp()));
            if (_handedOver.Count > MaxRemembered)
            {
                _handedOver.RemoveAt(0);
            }
        }

        return [message];
    }

    private static bool IsSame(DeliverPdu one, DeliverPdu other) =>
        one.Sender == other.Sender && one.SentAt == other.SentAt && one.ProtocolId == other.ProtocolId
        && one.Data.Header == other.Data.Header && one.Data.Coding == other.Data.Coding
        && one.Data.Units.AsSpan().SequenceEqual(other.Data.Units);

    private void Remember(PartSet set)
    {
        _remembered.Enqueue(set);
        if (_remembered.Count > MaxRemembered)
        {
            _remembered.Dequeue();
        }
    }

    private MessageParts TakeOut(PartSet set)
    {
        _sets.Remove(set);
        _held -= set.Count;
        return set.ToMessage();
    }

    private readonly record struct PartKey(string Sender, int Reference, int Total, bool IsWide);

    private sealed class PartSet(PartKey key, long beganAt)
    {
        private readonly SortedList<int, MessagePart> _parts = [];
        private readonly List<StoredCopy> _copies = [];

        public PartKey Key => key;

        public MessageParts? Message { get; private set; }

        public IEnumerable<MessagePart> Parts => _parts.Values;

        public long BeganAt => beganAt;

        public int Count => _parts.Count;

        public bool IsComplete => _parts.Count == key.Total;

        // A reference comes again: another text under the same number belongs to another message.
        public bool Fits(MessagePart part) => !_parts.TryGetValue(NumberOf(part), out var held) || IsSameData(held, part);

        // Long after, the stamp of the service centre tells a copy from another message with the same beginning.
        public bool HasSame(MessagePart part) =>
            _parts.TryGetValue(NumberOf(part), out var held)
            && held.Pdu.SentAt == part.Pdu.SentAt
            && IsSameData(held, part);

        public bool Add(MessagePart part)
        {
            if (part.Copy is { } copy)
            {
                _copies.Add(copy);
            }

            return _parts.TryAdd(NumberOf(part), part);
        }

        public StoredCopy[] ReleaseCopies()
        {
            StoredCopy[] released = [.. _copies];
            _copies.Clear();
            return released;
        }

        public MessageParts ToMessage() => Message = new([.. _parts.Values], key.Total, [.. _copies]);

        private static int NumberOf(MessagePart part) => part.Pdu.Data.Header.Part!.Value.Number; // asked before

        private static bool IsSameData(MessagePart one, MessagePart other) =>
            one.Pdu.Data.Coding == other.Pdu.Data.Coding
            && one.Pdu.Data.Units.AsSpan().SequenceEqual(other.Pdu.Data.Units);
    }
}
