using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Ways;

/// <summary>When the host gave which bytes to the wire. Silence between bytes means something to a module, and how soon
/// its loop gets a turn must not decide whether there was one.</summary>
internal sealed class ArrivalLog(TimeProvider time)
{
    // Finer than any silence that a module looks for, and coarse enough for a host that writes byte by byte.
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<(long Position, long Timestamp)> _ahead = new();
    private (long Position, long Timestamp) _current;
    private long _latest = long.MinValue;
    private long _written;

    /// <summary>Notes bytes; called before they go into the pipe, by whoever writes it.</summary>
    internal void Add(int count)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            if (now != _latest)
            {
                _latest = now;
                _ahead.Enqueue((_written, now));
            }

            _written += count;
        }
    }

    /// <summary>How many of the bytes from a place on came together, and when the first of them did.</summary>
    internal int Together(long position, int length, out long timestamp)
    {
        lock (_gate)
        {
            Seek(position);
            timestamp = _current.Timestamp;
            foreach ((long next, long at) in _ahead)
            {
                if (next >= position + length || time.GetElapsedTime(timestamp, at) >= Grain)
                {
                    return (int)Math.Min(length, next - position);
                }
            }

            return length;
        }
    }

    /// <summary>How many of the bytes from a place on follow each other on a line without a gap, and when the first of
    /// them came.</summary>
    /// <param name="position">Of the first byte.</param>
    /// <param name="length">How many to look at.</param>
    /// <param name="line">Which line.</param>
    /// <param name="bitRate">Its rate in bit/s.</param>
    /// <param name="timestamp">When the first one came.</param>
    internal int Unbroken(long position, int length, SerialLine line, int bitRate, out long timestamp)
    {
        lock (_gate)
        {
            Seek(position);
            timestamp = _current.Timestamp;
            foreach ((long next, long at) in _ahead)
            {
                if (next >= position + length || at > line.CrossedAt((int)(next - position), bitRate, timestamp))
                {
                    return (int)Math.Min(length, next - position);
                }
            }

            return length;
        }
    }

    /// <summary>Whether bytes from a place on were there before a moment.</summary>
    internal bool HasBefore(long position, long timestamp)
    {
        lock (_gate)
        {
            if (_written <= position)
            {
                return false;
            }

            Seek(position);
            return _current.Timestamp < timestamp;
        }
    }

    private void Seek(long position)
    {
        while (_ahead.TryPeek(out (long Position, long Timestamp) next) && next.Position <= position)
        {
            _current = _ahead.Dequeue();
        }
    }
}
