namespace ModemDriver.Framing;

/// <content>A line that has begun and not ended.</content>
internal sealed partial class AtFramer
{
    /// <summary>Whether the beginning of a line is here, and its end is not.</summary>
    public bool HasBegunLine => _keptLength > 0 || _discarding;

    /// <summary>Gives up on a line whose end does not come; the next byte starts another one.</summary>
    public void AbandonLine()
    {
        _keptLength = 0;
        _discarding = false;
    }
}
