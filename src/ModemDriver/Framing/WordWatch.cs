namespace ModemDriver.Framing;

/// <summary>
/// Sees whether one of a few words has come in a stream of data, however it was cut into pieces. Pure; takes nothing
/// out of the stream and holds nothing back.
/// </summary>
/// <param name="words">The words; none is longer than 32 bytes.</param>
internal sealed class WordWatch(byte[][] words)
{
    private const int LongestWord = 32;

    private readonly int _longest = LengthOfLongest(words);
    private readonly byte[] _border = new byte[2 * LongestWord];
    private int _tail;

    /// <summary>How many bytes of the word that was found last had come in earlier pieces.</summary>
    public int CameBefore { get; private set; }

    /// <summary>Looks at the next piece; after a find it begins anew with the piece behind it.</summary>
    /// <returns>
    /// Where in this piece the first word begins, which is 0 when it began in an earlier one; -1 when none has ended here.
    /// </returns>
    public int Find(ReadOnlySpan<byte> piece)
    {
        if (words.Length == 0)
        {
            return -1;
        }

        // A word that began before this piece stands across its beginning: that is looked at first.
        var head = Math.Min(piece.Length, _longest - 1);
        piece[..head].CopyTo(_border.AsSpan(_tail));
        var across = IndexOf(_border.AsSpan(0, _tail + head));
        CameBefore = across < 0 ? 0 : Math.Max(_tail - across, 0);
        var found = across < 0 ? IndexOf(piece) : Math.Max(across - _tail, 0);
        if (found < 0)
        {
            Keep(piece, head);
        }
        else
        {
            _tail = 0;
        }

        return found;
    }

    /// <summary>How many of the last bytes may be the beginning of this word, which is one of the watched; 0 for none.</summary>
    public int Begun(ReadOnlySpan<byte> word)
    {
        ReadOnlySpan<byte> last = _border.AsSpan(0, _tail);
        for (var length = Math.Min(_tail, word.Length - 1); length > 0; length--)
        {
            if (last[^length..].SequenceEqual(word[..length]))
            {
                return length;
            }
        }

        return 0;
    }

    /// <summary>Forgets what has come: a word cannot go on from it.</summary>
    public void Reset() => _tail = 0;

    private int IndexOf(ReadOnlySpan<byte> text)
    {
        var first = -1;
        foreach (var word in words)
        {
            var at = text.IndexOf(word);
            if (at >= 0 && (first < 0 || at < first))
            {
                first = at;
            }
        }

        return first;
    }

    private void Keep(ReadOnlySpan<byte> piece, int head)
    {
        var kept = _longest - 1;
        if (piece.Length >= kept)
        {
            piece[^kept..].CopyTo(_border);
            _tail = kept;
            return;
        }

        var all = _tail + head;
        var dropped = Math.Max(all - kept, 0);
        _border.AsSpan(dropped, all - dropped).CopyTo(_border);
        _tail = all - dropped;
    }

    private static int LengthOfLongest(byte[][] words)
    {
        var longest = 1;
        foreach (var word in words)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(word.Length, LongestWord, nameof(words));
            longest = Math.Max(longest, word.Length);
        }

        return longest;
    }
}
