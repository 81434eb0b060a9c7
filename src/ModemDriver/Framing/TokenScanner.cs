namespace ModemDriver.Framing;

/// <summary>Where the bytes of a data state go.</summary>
internal interface IDataSink
{
    /// <summary>Takes bytes of the peer, in order. Valid during the call only.</summary>
    void OnData(ReadOnlySpan<byte> bytes);
}

/// <summary>
/// Finds the module's own few words in a stream of data that has no frames. Pure: what is no word goes on, in order.
/// </summary>
/// <remarks>
/// Data that equals a word cannot be told from it. So words are looked for only while one is due, which is while the
/// module enters or leaves its data state. No word may contain another one.
/// </remarks>
internal sealed class TokenScanner
{
    private const int MaxToken = 32;

    private readonly byte[] _held = new byte[MaxToken];
    private int _heldLength;
    private byte[][] _tokens = [];
    private byte[] _firsts = [];

    /// <summary>Whether a word is looked for.</summary>
    public bool IsExpecting => _tokens.Length > 0;

    /// <summary>Looks for these from now on.</summary>
    public void Expect(params byte[][] tokens)
    {
        _tokens = tokens;
        _firsts = [.. tokens.Select(token => token[0]).Distinct()];
    }

    /// <summary>Stops looking; the beginning of a word that did not come is data after all.</summary>
    public void Stop(IDataSink? sink)
    {
        var held = _heldLength;
        _tokens = [];
        _heldLength = 0;
        if (held > 0)
        {
            sink?.OnData(_held.AsSpan(0, held));
        }
    }

    /// <summary>Takes input up to the end of the first word.</summary>
    /// <param name="input">Bytes as they arrived.</param>
    /// <param name="sink">Takes what is no word.</param>
    /// <param name="found">The number of the word that was found; -1 if all of the input was taken without one.</param>
    /// <returns>How many bytes were taken.</returns>
    public int Read(ReadOnlySpan<byte> input, IDataSink sink, out int found)
    {
        found = -1;
        var at = 0;
        while (at < input.Length)
        {
            if (_heldLength == 0)
            {
                var next = input[at..].IndexOfAny(_firsts);
                var data = next < 0 ? input[at..] : input.Slice(at, next);
                if (!data.IsEmpty)
                {
                    sink.OnData(data);
                }

                at += data.Length;
                if (next < 0)
                {
                    break;
                }
            }

            _held[_heldLength++] = input[at++];
            found = Find(_held.AsSpan(0, _heldLength));
            if (found >= 0)
            {
                _heldLength = 0;
                return at;
            }

            LetGo(sink);
        }

        return at;
    }

    private int Find(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < _tokens.Length; i++)
        {
            if (text.SequenceEqual(_tokens[i]))
            {
                return i;
            }
        }

        return -1;
    }

    // What is held must be the beginning of a word; its first bytes are data until it is.
    private void LetGo(IDataSink sink)
    {
        var start = 0;
        while (start < _heldLength && !IsBeginning(_held.AsSpan(start, _heldLength - start)))
        {
            start++;
        }

        if (start == 0)
        {
            return;
        }

        sink.OnData(_held.AsSpan(0, start));
        _held.AsSpan(start, _heldLength - start).CopyTo(_held);
        _heldLength -= start;
    }

    private bool IsBeginning(ReadOnlySpan<byte> text)
    {
        foreach (var token in _tokens)
        {
            if (token.AsSpan().StartsWith(text))
            {
                return true;
            }
        }

        return false;
    }
}
