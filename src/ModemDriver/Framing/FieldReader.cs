using System.Net;

namespace ModemDriver.Framing;

/// <summary>Reads the comma-separated parameters of one information response, from the left.</summary>
/// <remarks>V.250 section 5.4.4: numbers stand bare, strings in double quotes; a parameter may be empty.</remarks>
internal ref struct FieldReader
{
    private ReadOnlySpan<byte> _rest;
    private bool _ended;

    /// <summary>Starts after the prefix.</summary>
    public FieldReader(ReadOnlySpan<byte> fields)
    {
        _rest = fields;
        _ended = false;
    }

    /// <summary>What has not been read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>The next field as it stands, without its quotes.</summary>
    /// <returns>Whether there was one more.</returns>
    public bool TryRead(out ReadOnlySpan<byte> field)
    {
        if (_ended)
        {
            field = default;
            return false;
        }

        var quoted = false;
        for (var i = 0; i < _rest.Length; i++)
        {
            if (_rest[i] == '"')
            {
                quoted = !quoted;
            }
            else if (_rest[i] == ',' && !quoted)
            {
                field = Unquote(_rest[..i]);
                _rest = _rest[(i + 1)..];
                return true;
            }
        }

        field = Unquote(_rest);
        _rest = default;
        _ended = true;
        return true;
    }

    /// <summary>The next field as a whole number, with its sign.</summary>
    /// <returns>Whether there was one more and it was a number that an <see cref="int"/> holds.</returns>
    public bool TryReadInt(out int value)
    {
        value = 0;
        return TryRead(out var field) && TryParse(field, out value);
    }

    /// <summary>A whole number with an optional sign and nothing else but blanks around it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out int value)
    {
        text = text.Trim((byte)' ');
        if (System.Buffers.Text.Utf8Parser.TryParse(text, out value, out var used) && used == text.Length)
        {
            return true;
        }

        value = 0;
        return false;
    }

    /// <summary>An address and a port as an end point; <see langword="null"/> if they are none.</summary>
    public static IPEndPoint? ToEndPoint(ReadOnlySpan<byte> address, int port) =>
        port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort && ToAddress(address) is { } parsed
            ? new IPEndPoint(parsed, port)
            : null;

    /// <summary>An address, of four numbers or of IPv6; null for what is none.</summary>
    /// <remarks>
    /// The framework takes 10.1 for 10.0.0.1 and 12 for 0.0.0.12. From a module these are what is left of an address that
    /// has lost bytes on the line.
    /// </remarks>
    public static IPAddress? ToAddress(ReadOnlySpan<byte> text) =>
        (text.Count((byte)'.') == 3 || text.Contains((byte)':')) && IPAddress.TryParse(AtText.Latin1(text), out var address)
            ? address
            : null;

    private static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> field)
    {
        field = field.Trim((byte)' ');
        return field.Length >= 2 && field[0] == '"' && field[^1] == '"' ? field[1..^1] : field;
    }
}
