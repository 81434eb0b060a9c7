namespace ModemDriver.Links;

/// <content>Bytes that are here and not yet the reader's: what stands behind them shows whether they are whole.</content>
/// <remarks>They are written straight into the pipe's memory, which the pipe takes no notice of until it is told.</remarks>
internal sealed partial class Link
{
    private Memory<byte> _held;
    private int _heldCount;

    /// <summary>Whether the reader has all that the module is believed to have for it.</summary>
    public bool IsDrained => Waiting == 0 && _heldCount == 0;

    /// <summary>How many bytes are held.</summary>
    public int HeldBytes => _heldCount;

    /// <summary>Takes received bytes that the reader does not get before <see cref="Release"/>.</summary>
    /// <param name="bytes">A piece of a payload.</param>
    /// <param name="total">How many bytes the payload has.</param>
    public void Hold(ReadOnlySpan<byte> bytes, int total)
    {
        if (!TakesBytes || bytes.IsEmpty)
        {
            return;
        }

        if (_heldCount == 0)
        {
            _held = _receive.Writer.GetMemory(total);
        }

        bytes.CopyTo(_held.Span[_heldCount..]);
        _heldCount += bytes.Length;
    }

    /// <summary>What is held is whole: it is the reader's.</summary>
    public void Release()
    {
        var count = _heldCount;
        Forget();
        if (count > 0 && TakesBytes)
        {
            CountReceived(count);
            _receive.Writer.Advance(count);
            Flush();
        }
    }

    /// <summary>What is held is damaged, and nobody's.</summary>
    public void Forget()
    {
        _held = default;
        _heldCount = 0;
    }

    private bool TakesBytes => State is not (LinkState.Closing or LinkState.Closed or LinkState.Faulted);
}
