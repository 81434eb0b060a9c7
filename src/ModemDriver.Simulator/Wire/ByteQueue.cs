namespace ModemDriver.Simulator.Wire;

/// <summary>Bytes in order, in one array that grows and is compacted. For the loop only.</summary>
internal sealed class ByteQueue(int initialCapacity = 4096)
{
    private byte[] _bytes = new byte[initialCapacity];
    private int _start;

    internal int Count { get; private set; }

    /// <summary>All bytes; valid until the next change.</summary>
    internal ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, Count);

    internal void Write(ReadOnlySpan<byte> data)
    {
        MakeRoom(data.Length);
        data.CopyTo(_bytes.AsSpan(_start + Count));
        Count += data.Length;
    }

    internal void Write(byte value)
    {
        MakeRoom(1);
        _bytes[_start + Count++] = value;
    }

    internal void Skip(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count -= count;
        _start = Count == 0 ? 0 : _start + count;
    }

    /// <summary>Forgets the newest bytes until only so many are left.</summary>
    internal void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count = count;
    }

    internal void Clear() => Skip(Count);

    private void MakeRoom(int extra)
    {
        if (_start + Count + extra <= _bytes.Length)
        {
            return;
        }

        byte[] target = Count + extra <= _bytes.Length / 2
            ? _bytes
            : new byte[Math.Max(_bytes.Length * 2, Count + extra)];
        Span.CopyTo(target);
        _bytes = target;
        _start = 0;
    }
}
