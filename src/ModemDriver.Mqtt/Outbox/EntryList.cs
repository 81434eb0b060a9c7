namespace ModemDriver.Mqtt.Outbox;

/// <summary>Entries in order; any of them can be taken out at no cost.</summary>
internal sealed class EntryList
{
    /// <summary>The oldest.</summary>
    public OutboxEntry? First { get; private set; }

    /// <summary>The newest.</summary>
    public OutboxEntry? Last { get; private set; }

    /// <summary>Adds one behind all others.</summary>
    public void Append(OutboxEntry entry)
    {
        entry.IsLinked = true;
        entry.Previous = Last;
        if (Last is null)
        {
            First = entry;
        }
        else
        {
            Last.Next = entry;
        }

        Last = entry;
    }

    /// <summary>Adds one before all others.</summary>
    public void Prepend(OutboxEntry entry)
    {
        entry.IsLinked = true;
        entry.Next = First;
        if (First is null)
        {
            Last = entry;
        }
        else
        {
            First.Previous = entry;
        }

        First = entry;
    }

    /// <summary>Takes one out; does nothing where it is in no list.</summary>
    public void Remove(OutboxEntry entry)
    {
        if (!entry.IsLinked)
        {
            return;
        }

        if (entry.Previous is null)
        {
            First = entry.Next;
        }
        else
        {
            entry.Previous.Next = entry.Next;
        }

        if (entry.Next is null)
        {
            Last = entry.Previous;
        }
        else
        {
            entry.Next.Previous = entry.Previous;
        }

        (entry.Next, entry.Previous, entry.IsLinked) = (null, null, false);
    }
}
