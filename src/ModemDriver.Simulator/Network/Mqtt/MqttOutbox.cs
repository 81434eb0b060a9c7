namespace ModemDriver.Simulator.Network.Mqtt;

/// <summary>What a client has sent and the broker has not answered, by packet number, in the order of sending.</summary>
internal sealed class MqttOutbox
{
    private readonly List<Entry> _entries = [];
    private ushort _lastId;

    /// <summary>Puts a packet in under a number that is free.</summary>
    /// <param name="encode">Makes the packet from its number.</param>
    /// <param name="isMessage">Whether it outlives the connection.</param>
    internal Entry Add(Func<ushort, byte[]> encode, bool isMessage)
    {
        do
        {
            _lastId++;
        }
        while (_lastId == 0 || Find(_lastId) is not null);

        var entry = new Entry(_lastId, encode(_lastId), isMessage);
        _entries.Add(entry);
        return entry;
    }

    internal Entry? Find(ushort id) => _entries.Find(entry => entry.Id == id);

    internal void Remove(Entry entry) => _entries.Remove(entry);

    /// <summary>The connection is gone: nobody waits any longer, and what is no message is forgotten.</summary>
    internal Entry[] Interrupt()
    {
        Entry[] waiting = [.. _entries];
        _ = _entries.RemoveAll(entry => !entry.IsMessage);
        return waiting;
    }

    internal void Clear() => _entries.Clear();

    /// <summary>What goes out anew on the next connection of the same session: MQTT 3.1.1, section 4.4.</summary>
    internal IEnumerable<byte[]> Repeats()
    {
        foreach (Entry entry in _entries)
        {
            if (entry.IsReleased)
            {
                yield return MqttCodec.Acknowledge(MqttPacketType.PublishRelease, entry.Id);
            }
            else
            {
                MqttCodec.MarkAsRepeated(entry.Packet);
                yield return entry.Packet;
            }
        }
    }

    /// <summary>A packet and who waits for its answer.</summary>
    internal sealed class Entry(ushort id, byte[] packet, bool isMessage)
    {
        internal ushort Id => id;

        internal byte[] Packet => packet;

        internal bool IsMessage => isMessage;

        /// <summary>QoS 2: the broker has it, and has been told that the number will be free.</summary>
        internal bool IsReleased { get; set; }

        /// <summary>The verdict of the answer; <see langword="null"/> when the connection has gone without one.</summary>
        internal TaskCompletionSource<int?> Answer { get; } = new();
    }
}
