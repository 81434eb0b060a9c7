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
    private (long Position, long Timestamp)? _latest;
    private long _written;

    /// <summary>Notes bytes; called before they go into the pipe, by whoever writes it.</summary>
    internal void Add(int count)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            if (_latest is not (_, long timestamp) || time.GetElapsedTime(timestamp, now) >= Grain)
            {
                _latest = (_written, now);
                _ahead.Enqueue((_written, now));
            }

            _written += count;
        }
    }

    /// <summary>How many of the bytes from a place on came together, and when.</summary>
    internal int Together(long position, int length, out long timestamp)
    {
        lock (_gate)
        {
            Seek(position);
            timestamp = _current.Timestamp;
            return _ahead.TryPeek(out (long Position, long Timestamp) next)
                ? (int)Math.Min(length, next.Position - position)
                : length;
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
