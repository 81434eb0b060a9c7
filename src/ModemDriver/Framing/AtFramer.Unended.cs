namespace ModemDriver.Framing;

/// <content>Lines that firmware sends without their end.</content>
internal sealed partial class AtFramer
{
    private byte[][] _unended = [];

    /// <summary>
    /// Sets the lines that firmware sends without their end; each is complete with its last byte, and no other line
    /// begins so. An end that comes all the same is an empty line.
    /// </summary>
    public void SetUnendedLines(params byte[][] lines) => _unended = lines;

    private int TryUnended(ReadOnlySpan<byte> input, scoped ref bool mayBeUnended, out AtFrame frame)
    {
        foreach (var text in _unended)
        {
            if (input.StartsWith(text))
            {
                frame = Unended(input[..text.Length]);
                return text.Length;
            }

            mayBeUnended |= text.AsSpan().StartsWith(input);
        }

        frame = default;
        return 0;
    }

    private bool TryKeptUnended(ReadOnlySpan<byte> line, out AtFrame frame)
    {
        foreach (var text in _unended)
        {
            if (line.SequenceEqual(text))
            {
                frame = Unended(line);
                _keptLength = 0;
                _keptMayBeHeader = false;
                return true;
            }

            _keptMayBeHeader |= text.AsSpan().StartsWith(line);
        }

        frame = default;
        return false;
    }

    private static AtFrame Unended(ReadOnlySpan<byte> text) =>
        new() { Kind = AtFrameKind.Line, Text = text, Raw = text, LinkId = -1 };
}
