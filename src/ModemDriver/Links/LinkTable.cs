namespace ModemDriver.Links;

/// <summary>
/// Which link has which number. A number that has just been given up rests before it is leased again.
/// </summary>
/// <remarks>
/// <para>Numbers are leased from the top downwards: a module gives the links that it accepts the lowest free number,
/// and clients in its way have wedged some firmware (ESP8266_NONOS_SDK issue 50).</para>
/// <para>After a failed attempt the module may still say that the number is closed, late (WiFiEspAT issue 94); the rest
/// keeps that line from reaching a new link. A number whose fate is unknown is not leased until the module has been
/// asked.</para>
/// </remarks>
internal sealed class LinkTable(TimeProvider time)
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);

    private Slot[] _slots = [new()];
    private int _generation;

    /// <summary>How many numbers there are.</summary>
    public int Count => _slots.Length;

    /// <summary>How many links hold a number; may be read from any thread.</summary>
    public int HeldCount
    {
        get
        {
            var held = 0;
            foreach (var slot in _slots)
            {
                held += slot.Link is null ? 0 : 1;
            }

            return held;
        }
    }

    /// <summary>The links that hold a number, lowest first.</summary>
    public IEnumerable<Link> Links => _slots.Where(slot => slot.Link is not null).Select(slot => slot.Link!);

    /// <summary>Whether any number may be in use in the module, ours or not.</summary>
    public bool HasSuspects => Array.Exists(_slots, slot => slot.IsSuspect);

    /// <summary>A generation that no link has had.</summary>
    public int NextGeneration() => ++_generation;

    /// <summary>Starts over with so many numbers, all of them free.</summary>
    public void Reset(int count)
    {
        var slots = new Slot[count];
        for (var i = 0; i < count; i++)
        {
            slots[i] = new Slot();
        }

        _slots = slots;
    }

    /// <summary>The link that has the number now; <see langword="null"/> for none or a number that cannot be.</summary>
    public Link? Find(int linkId) => linkId >= 0 && linkId < _slots.Length ? _slots[linkId].Link : null;

    /// <summary>Whether the number exists.</summary>
    public bool IsNumber(int linkId) => linkId >= 0 && linkId < _slots.Length;

    /// <summary>A free number, the highest that has rested, else the one that has rested longest.</summary>
    public int? FindFree()
    {
        int? resting = null;
        var now = time.GetTimestamp();
        for (var i = _slots.Length - 1; i >= 0; i--)
        {
            var slot = _slots[i];
            if (slot.Link is not null || slot.IsSuspect)
            {
                continue;
            }

            if (slot.FreeSince is null || time.GetElapsedTime(slot.FreeSince.Value, now) >= Rest)
            {
                return i;
            }

            if (resting is null || slot.FreeSince < _slots[resting.Value].FreeSince)
            {
                resting = i;
            }
        }

        return resting;
    }

    /// <summary>Whether the number can be leased at once.</summary>
    public bool IsFree(int linkId) => _slots[linkId].Link is null && !_slots[linkId].IsSuspect;

    /// <summary>Gives the number to a link.</summary>
    public void Lease(int linkId, Link link)
    {
        _slots[linkId].Link = link;
        link.Id = linkId;
    }

    /// <summary>Takes the number back.</summary>
    /// <param name="linkId">The number.</param>
    /// <param name="isKnownClosed">Whether the module has said that it is closed; else it rests.</param>
    public void Release(int linkId, bool isKnownClosed)
    {
        var slot = _slots[linkId];
        slot.Link = null;
        slot.FreeSince = isKnownClosed ? null : time.GetTimestamp();
    }

    /// <summary>The module may still have a link on the number.</summary>
    public void Suspect(int linkId) => _slots[linkId].IsSuspect = true;

    /// <summary>The module may have a link on any number that has none of ours.</summary>
    public void SuspectFree()
    {
        foreach (var slot in _slots)
        {
            slot.IsSuspect |= slot.Link is null;
        }
    }

    /// <summary>The module was asked, or has said so: nothing of ours that we do not know is on the number.</summary>
    public void Clear(int linkId)
    {
        if (IsNumber(linkId))
        {
            _slots[linkId].IsSuspect = false;
        }
    }

    private sealed class Slot
    {
        public Link? Link { get; set; }

        public long? FreeSince { get; set; }

        public bool IsSuspect { get; set; }
    }
}
