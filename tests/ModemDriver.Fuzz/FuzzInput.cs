using System.Text;

namespace ModemDriver.Fuzz;

/// <summary>Takes choices and texts from the bytes of an input; where they end, everything is zero or empty.</summary>
internal ref struct FuzzInput(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>What has not been taken.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Whether nothing is left.</summary>
    public readonly bool IsEmpty => _rest.IsEmpty;

    /// <summary>Takes a byte.</summary>
    public byte Byte()
    {
        if (_rest.IsEmpty)
        {
            return 0;
        }

        byte taken = _rest[0];
        _rest = _rest[1..];
        return taken;
    }

    /// <summary>Takes what stands before the next end mark, and the mark.</summary>
    public ReadOnlySpan<byte> Until(byte end)
    {
        int at = _rest.IndexOf(end);
        ReadOnlySpan<byte> taken = at < 0 ? _rest : _rest[..at];
        _rest = at < 0 ? default : _rest[(at + 1)..];
        return taken;
    }

    /// <summary>
    /// A text of a caller: UTF-8 up to a line feed. Characters that cannot stand so are written <c>%uXXXX</c>, among them half a
    /// surrogate pair.
    /// </summary>
    public string Text()
    {
        string text = Encoding.UTF8.GetString(Until((byte)'\n'));
        if (!text.Contains("%u", StringComparison.Ordinal))
        {
            return text;
        }

        var read = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 5 < text.Length && text[i + 1] == 'u'
                && ushort.TryParse(
                    text.AsSpan(i + 2, 4),
                    System.Globalization.NumberStyles.AllowHexSpecifier,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out ushort unit))
            {
                read.Append((char)unit);
                i += 5;
            }
            else
            {
                read.Append(text[i]);
            }
        }

        return read.ToString();
    }
}
