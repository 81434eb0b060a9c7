namespace ModemDriver.Framing;

/// <summary>One command line, complete with its end, and which parts of it must never be shown.</summary>
internal sealed class CommandLine
{
    private readonly byte[] _bytes;
    private readonly IReadOnlyList<Range> _secrets;

    internal CommandLine(byte[] bytes, IReadOnlyList<Range> secrets)
    {
        _bytes = bytes;
        _secrets = secrets;
    }

    /// <summary>What goes over the wire.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The line without its end, as the module echoes it.</summary>
    public ReadOnlySpan<byte> Text => _bytes.AsSpan().TrimEnd((byte)'\n').TrimEnd((byte)'\r');

    /// <summary>The line for people: escapes for what does not print, stars for secrets.</summary>
    public string Display => AtText.Escape(Mask(Text));

    /// <summary>The bytes with stars for secrets; a star count that does not tell the length.</summary>
    public byte[] Mask(ReadOnlySpan<byte> bytes)
    {
        if (_secrets.Count == 0)
        {
            return bytes.ToArray();
        }

        var masked = new List<byte>(bytes.Length);
        var at = 0;
        foreach (var secret in _secrets)
        {
            var (offset, length) = secret.GetOffsetAndLength(_bytes.Length);
            masked.AddRange(bytes[at..offset]);
            masked.AddRange("***"u8);
            at = offset + length;
        }

        masked.AddRange(bytes[at..]);
        return [.. masked];
    }

    /// <inheritdoc/>
    public override string ToString() => Display;
}
