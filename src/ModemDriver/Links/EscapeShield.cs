using System.Buffers;

namespace ModemDriver.Links;

/// <summary>
/// Cuts payload into writes so that no packet on the wire can be the escape sequence, whatever the payload is. Pure.
/// </summary>
/// <remarks>
/// A module leaves its data state when three signs stand alone between two silences. A write is not broken up on its
/// way, but between two writes there may be a silence or not: that is up to the machine. And the module itself reads no
/// more than so much at a time, so that of a longer run the last three bytes may be a read of their own. So a run of
/// writes that ends in the sequence, and is as long as the sequence or that much more than whole reads, is not made: a
/// pause that is long enough to be a silence for sure comes before.
/// </remarks>
/// <param name="sign">The sign of which the sequence is made.</param>
/// <param name="signs">How many of them it has.</param>
/// <param name="readBytes">The longest read of the module.</param>
internal sealed class EscapeShield(byte sign, int signs, int readBytes)
{
    // Where, within a read, writes have begun since the last sure pause: a silence may have been before each.
    private readonly bool[] _beginnings = new bool[readBytes];
    private int _sent;
    private bool _isFresh = true;
    private int _trailing;

    /// <summary>How much of what is pending may be written next.</summary>
    /// <param name="pending">What is to be sent; not empty.</param>
    /// <param name="max">The longest write.</param>
    /// <returns>The length; 0 when a pause must come first, after which it is asked again.</returns>
    public int Next(in ReadOnlySequence<byte> pending, int max)
    {
        var length = (int)Math.Min(pending.Length, max);
        while (IsDangerous(pending.Slice(0, length)))
        {
            if (length <= signs)
            {
                if (!_isFresh)
                {
                    return 0;
                }

                length = 1;
                break;
            }

            length -= signs;
        }

        Take(pending.Slice(0, length));
        return length;
    }

    /// <summary>There was a silence that no module can miss.</summary>
    public void Paused()
    {
        Array.Clear(_beginnings);
        _sent = 0;
        _isFresh = true;
        _trailing = 0;
    }

    private bool IsDangerous(in ReadOnlySequence<byte> bytes)
    {
        if (TrailingWith(bytes) < signs)
        {
            return false;
        }

        // A run that began there would be a whole number of reads, and the sequence.
        var at = (int)((_sent + bytes.Length - signs) % readBytes);
        return at < 0 || at == _sent || _beginnings[at];
    }

    private void Take(in ReadOnlySequence<byte> bytes)
    {
        _trailing = TrailingWith(bytes);
        _beginnings[_sent] = true;
        _sent = (int)((_sent + bytes.Length) % readBytes);
        _isFresh = false;
    }

    // How many signs the run ends with, as far as that matters.
    private int TrailingWith(in ReadOnlySequence<byte> bytes)
    {
        var count = 0;
        var last = bytes.Slice(Math.Max(bytes.Length - signs, 0));
        foreach (var segment in last)
        {
            foreach (var value in segment.Span)
            {
                count = value == sign ? count + 1 : 0;
            }
        }

        return count == bytes.Length ? Math.Min(_trailing + count, signs) : count;
    }
}
