using ModemDriver.Diagnostics;

namespace ModemDriver.Channel;

/// <summary>
/// Remembers the last few lines as bytes, so that an error can quote them. Allocates only when asked.
/// </summary>
internal sealed class LastLines
{
    private const int Count = 6;
    private const int MaxLength = 160;

    private readonly byte[] _bytes = new byte[Count * MaxLength];
    private readonly int[] _lengths = new int[Count];
    private int _next;

    /// <summary>Remembers a line, at most its beginning.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        var length = Math.Min(line.Length, MaxLength);
        line[..length].CopyTo(_bytes.AsSpan(_next * MaxLength));
        _lengths[_next] = length;
        _next = (_next + 1) % Count;
    }

    /// <summary>The lines, oldest first, with secrets masked.</summary>
    public IReadOnlyList<string> ToList(Redaction redaction)
    {
        var lines = new List<string>(Count);
        for (var i = 0; i < Count; i++)
        {
            var at = (_next + i) % Count;
            if (_lengths[at] > 0)
            {
                lines.Add(redaction.Display(_bytes.AsSpan(at * MaxLength, _lengths[at])));
            }
        }

        return lines;
    }
}
