namespace ModemDriver.Benchmarks;

/// <summary>The bare loop: looks for LF, strips CR, knows no payload. Fed with reads as a port would hand them over.</summary>
internal sealed class LineSplitter
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _used;

    public long Lines { get; private set; }

    /// <summary>Adds up the lengths and first bytes, so that the work cannot be left out.</summary>
    public long Sum { get; private set; }

    public void Feed(ReadOnlySpan<byte> read)
    {
        if (_used + read.Length > _buffer.Length)
        {
            _used = 0; // a line without an end: random payload may hold one
        }

        read.CopyTo(_buffer.AsSpan(_used));
        _used += read.Length;
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, _used);
        int at;
        while ((at = rest.IndexOf((byte)'\n')) >= 0)
        {
            ReadOnlySpan<byte> line = rest[..at];
            if (!line.IsEmpty && line[^1] == '\r')
            {
                line = line[..^1];
            }

            Lines++;
            Sum += line.Length + (line.IsEmpty ? 0 : line[0]);
            rest = rest[(at + 1)..];
        }

        rest.CopyTo(_buffer);
        _used = rest.Length;
    }
}
