using System.Buffers;

namespace ModemDriver.Links;

/// <summary>
/// Cuts payload into writes so that no packet on the wire can be the escape sequence, whatever the payload is. Pure.
/// </summary>
/// <remarks>
/// A module leaves its data state when three signs stand alone between two silences. A write is not broken up on its
/// way, but between two writes there may be a silence or not: that is up to the machine. So one write is never exactly
/// the sequence, and two writes of nothing but signs are kept apart by a pause that is long enough to be one for sure.
/// </remarks>
/// <param name="sign">The sign of which the sequence is made.</param>
/// <param name="signs">How many of them it has.</param>
internal sealed class EscapeShield(byte sign, int signs)
{
    private bool _endsWithSigns;

    /// <summary>How much of what is pending may be written next.</summary>
    /// <param name="pending">What is to be sent; not empty.</param>
    /// <param name="max">The longest write.</param>
    /// <returns>The length; 0 when a pause must come first, after which it is asked again.</returns>
    public int Next(in ReadOnlySequence<byte> pending, int max)
    {
        var length = (int)Math.Min(pending.Length, max);
        if (length > signs || !IsSignsOnly(pending.Slice(0, length)))
        {
            _endsWithSigns = false;
            return length;
        }

        if (_endsWithSigns)
        {
            return 0;
        }

        _endsWithSigns = true;
        return length == signs ? 1 : length;
    }

    /// <summary>There was a silence that no module can miss.</summary>
    public void Paused() => _endsWithSigns = false;

    private bool IsSignsOnly(in ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            if (segment.Span.ContainsAnyExcept(sign))
            {
                return false;
            }
        }

        return true;
    }
}
