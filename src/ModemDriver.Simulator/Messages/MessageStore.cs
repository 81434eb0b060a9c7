namespace ModemDriver.Simulator.Messages;

/// <summary>A place for messages, on the card or in the module: slots with numbers from 1.</summary>
internal sealed class MessageStore(string name)
{
    /// <summary>Luat's modules have ten of each kind.</summary>
    internal const int Slots = 10;

    private readonly StoredMessage?[] _slots = new StoredMessage?[Slots];

    internal string Name => name;

    internal int Used => _slots.Count(slot => slot is not null);

    internal StoredMessage? this[int index] =>
        index is >= 1 and <= Slots ? _slots[index - 1] : null;

    internal IEnumerable<(int Index, StoredMessage Message)> All =>
        Enumerable.Range(1, Slots).Where(index => this[index] is not null).Select(index => (index, this[index]!));

    /// <summary>Puts a message into the first free slot; 0 when there is none.</summary>
    internal int Add(StoredMessage message)
    {
        int free = Array.IndexOf(_slots, null);
        if (free >= 0)
        {
            _slots[free] = message;
        }

        return free + 1;
    }

    internal void Remove(int index) => _slots[index - 1] = null;
}

/// <summary>A stored message.</summary>
/// <param name="Centre">The centre's address; empty: none.</param>
/// <param name="Tpdu">The message behind it.</param>
internal sealed record StoredMessage(string Centre, byte[] Tpdu)
{
    internal MessageStatus Status { get; set; }

    /// <summary>As it stands on the wire, in hex: centre, message.</summary>
    internal string Hex => ToHex(Centre, Tpdu);

    internal static string ToHex(string centre, byte[] tpdu)
    {
        var octets = new List<byte>();
        if (centre.Length == 0)
        {
            octets.Add(0);
        }
        else
        {
            MessageAddress.Of(centre).WriteCentre(octets);
        }

        octets.AddRange(tpdu);
        return Convert.ToHexString([.. octets]);
    }
}

/// <summary>What AT+CMGL tells of a message, with its numbers (3GPP TS 27.005 clause 3.1).</summary>
internal enum MessageStatus
{
    Unread,
    Read,
    Unsent,
    Sent,
}
