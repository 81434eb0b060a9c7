using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ModemDriver.Simulation.Faults;

namespace ModemDriver.Simulation.Checks;

/// <summary>
/// The bytes of one direction of one link. Each block says whose it is and which: a byte of another link, or of another
/// place, is known by what stands there.
/// </summary>
internal sealed class Flow
{
    private const int BlockBytes = 32;
    private const uint Magic = 0xA5C3_0000;

    // What would do harm if payload were ever searched for words of the wire.
    private static readonly byte[][] Traps =
    [
        "\r\nOK\r\n\r\nERROR\r\n"u8.ToArray(),
        "\r\n+IPD,0,5:abcde"u8.ToArray(),
        "\r\n0,CLOSED\r\n\r\n>"u8.ToArray(),
        "\r\n+RECEIVE,0,9:"u8.ToArray(),
        "\r\nSEND OK\r\n+++"u8.ToArray(),
        "\r\nready\r\nbusy p"u8.ToArray(),
        "\r\n+CIPRXGET: 1,0"u8.ToArray(),
        "\r\n> \r\nWIFI DIS"u8.ToArray(),
    ];

    // What a module says of its own, and what faults have it say.
    private static readonly byte[][] Words =
    [
        "CLOSED\r\n"u8.ToArray(),
        "\r\nCLOSED\r\n"u8.ToArray(),
        "WIFI DISCONNECT\r\n"u8.ToArray(),
        .. FaultDrawer.Words.Select(Encoding.ASCII.GetBytes),
        .. FaultDrawer.Words.Select(word => Encoding.ASCII.GetBytes("\r\n" + word)),
    ];

    private readonly bool _hasTraps;
    private readonly byte[] _block = new byte[BlockBytes];
    private long _blockAt = -1;

    /// <summary>Makes a flow.</summary>
    /// <param name="id">Unlike all others of the run.</param>
    /// <param name="hasTraps">Whether it holds words of the wire.</param>
    public Flow(int id, bool hasTraps)
    {
        Id = id;
        _hasTraps = hasTraps;
    }

    /// <summary>Its number in the run.</summary>
    public int Id { get; }

    /// <summary>How many bytes its sender has handed over, or begun to.</summary>
    public long Sent { get; private set; }

    /// <summary>How many bytes have been read, and were right.</summary>
    public long Read { get; private set; }

    /// <summary>Whether a wrong byte was read: what follows is not looked at.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether what stands there instead is what a module says of its own when a link or its network ends.</summary>
    public bool IsBrokenByWord { get; private set; }

    /// <summary>Whether the escape sequence stands there instead.</summary>
    public bool IsBrokenByEscape { get; private set; }

    /// <summary>Whether a command, or the escape sequence, stands there instead.</summary>
    public bool IsBrokenByCommand { get; private set; }

    /// <summary>The next bytes to send, which may arrive from now on.</summary>
    public byte[] Next(int count)
    {
        var bytes = new byte[count];
        Fill(bytes, Sent);
        Sent += count;
        return bytes;
    }

    /// <summary>The first bytes were read elsewhere, and told whose the link is.</summary>
    public void Skip(int count) => Read += count;

    /// <summary>Compares what was read.</summary>
    /// <returns>What is wrong with it; <see langword="null"/> when it is right.</returns>
    public string? Check(ReadOnlySpan<byte> bytes)
    {
        if (IsBroken || bytes.IsEmpty)
        {
            return null;
        }

        var expected = new byte[bytes.Length];
        Fill(expected, Read);
        int same = bytes.CommonPrefixLength(expected);
        if (same == bytes.Length && Read + same <= Sent)
        {
            Read += same;
            return null;
        }

        IsBroken = true;
        IsBrokenByWord = IsWord(bytes, same);
        IsBrokenByEscape = bytes[same..].StartsWith("+++"u8);
        IsBrokenByCommand = IsBrokenByEscape || bytes[same..].StartsWith("AT"u8);
        return same == bytes.Length
            ? string.Create(CultureInfo.InvariantCulture, $"flow {Id}: {Read + same} bytes were read, {Sent} were sent")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"flow {Id}: byte {Read + same} is 0x{bytes[same]:x2} and not 0x{expected[same]:x2}; there stands {Name(bytes[same..])}");
    }

    // The piece may end within the word, and its first bytes may be those that were expected.
    private static bool IsWord(ReadOnlySpan<byte> bytes, int at)
    {
        foreach (byte[] word in Words)
        {
            for (int before = 0; before < word.Length && before <= at; before++)
            {
                ReadOnlySpan<byte> rest = bytes[(at - before)..];
                int count = Math.Min(rest.Length, word.Length);
                if (count > before && rest[..count].SequenceEqual(word.AsSpan(0, count)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void Fill(Span<byte> target, long offset)
    {
        while (!target.IsEmpty)
        {
            Make(offset / BlockBytes);
            ReadOnlySpan<byte> rest = _block.AsSpan((int)(offset % BlockBytes));
            int count = Math.Min(rest.Length, target.Length);
            rest[..count].CopyTo(target);
            target = target[count..];
            offset += count;
        }
    }

    private void Make(long block)
    {
        if (block == _blockAt)
        {
            return;
        }

        _blockAt = block;
        ulong mixed = Mix(((ulong)(uint)Id << 32) | (uint)block);
        Span<byte> span = _block;
        BinaryPrimitives.WriteUInt32BigEndian(span, Magic | (uint)Id);
        BinaryPrimitives.WriteUInt32BigEndian(span[4..], (uint)block);
        BinaryPrimitives.WriteUInt64LittleEndian(span[8..], mixed);
        BinaryPrimitives.WriteUInt64LittleEndian(span[16..], Mix(mixed));
        BinaryPrimitives.WriteUInt64LittleEndian(span[24..], Mix(mixed + 1));
        if (_hasTraps)
        {
            byte[] trap = Traps[mixed % (ulong)Traps.Length];
            trap.CopyTo(span[16..]);
        }
    }

    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    // Of which flow and block the bytes are, where a block begins in them; else the bytes.
    private static string Name(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at + 8 <= bytes.Length && at < 2 * BlockBytes; at++)
        {
            uint word = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            uint block = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]);
            if ((word & 0xFFFF_0000) == Magic && block < 0x10000)
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"flow {word & 0xFFFF}, byte {((long)block * BlockBytes) - at}");
            }
        }

        return Convert.ToHexStringLower(bytes[..Math.Min(32, bytes.Length)]);
    }
}
