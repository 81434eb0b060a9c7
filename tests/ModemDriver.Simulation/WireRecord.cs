using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ModemDriver.Simulation;

/// <summary>
/// Everything that crosses the cable, with its moment: hashed, and the end of it kept for whoever looks for a failure.
/// </summary>
internal sealed class WireRecord(TimeProvider time, int kept) : IDisposable
{
    private const int ShownBytes = 72;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<(long At, char Mark, byte[] Bytes, int Count)> _tail = new();

    /// <summary>Bytes from the host to the module.</summary>
    public long ToModule { get; private set; }

    /// <summary>Bytes from the module to the host.</summary>
    public long ToHost { get; private set; }

    /// <summary>The hash of everything so far, in hexadecimal digits.</summary>
    public string Hash => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Bytes have crossed.</summary>
    public void Add(bool toModule, ReadOnlySpan<byte> bytes)
    {
        char mark = toModule ? '>' : '<';
        (ToModule, ToHost) = toModule ? (ToModule + bytes.Length, ToHost) : (ToModule, ToHost + bytes.Length);
        Hashed(mark, bytes);
        Keep(mark, bytes);
    }

    /// <summary>Something happened to the cable or the world.</summary>
    public void Remark(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Hashed('#', bytes);
        Keep('#', bytes);
    }

    /// <summary>The end of the record, one line for each piece.</summary>
    public IEnumerable<string> Tail()
    {
        foreach ((long at, char mark, byte[] bytes, int count) in _tail)
        {
            string rest = count > bytes.Length ? string.Create(CultureInfo.InvariantCulture, $" ... ({count} bytes)") : "";
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{TimeSpan.FromTicks(at).TotalSeconds,12:0.000000} {mark} {Escape(bytes)}{rest}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte value in bytes)
        {
            _ = value switch
            {
                (byte)'\r' => text.Append("\\r"),
                (byte)'\n' => text.Append("\\n"),
                >= 0x20 and < 0x7f => text.Append((char)value),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
            };
        }

        return text.ToString();
    }

    private void Hashed(char mark, ReadOnlySpan<byte> bytes)
    {
        Span<byte> head = stackalloc byte[13];
        head[0] = (byte)mark;
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], time.GetTimestamp());
        BinaryPrimitives.WriteInt32LittleEndian(head[9..], bytes.Length);
        _hash.AppendData(head);
        _hash.AppendData(bytes);
    }

    private void Keep(char mark, ReadOnlySpan<byte> bytes)
    {
        if (kept == 0)
        {
            return;
        }

        if (_tail.Count >= kept)
        {
            _tail.Dequeue();
        }

        _tail.Enqueue((time.GetTimestamp(), mark, bytes[..Math.Min(bytes.Length, ShownBytes)].ToArray(), bytes.Length));
    }
}
