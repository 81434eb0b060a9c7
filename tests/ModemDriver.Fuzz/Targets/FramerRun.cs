using System.Buffers.Binary;
using ModemDriver.Framing;

namespace ModemDriver.Fuzz.Targets;

/// <summary>A framer that is fed an input, with what it finds held against that input.</summary>
internal sealed class FramerRun(AtFramer framer, bool leavesPrompt)
{
    private readonly List<byte> _found = [];
    private int _calls;
    private int _at;
    private bool _isInPayload;
    private bool _isBehindPrompt;

    /// <summary>Whether the same was found, payload joined.</summary>
    public bool IsSame(FramerRun other) => _found.SequenceEqual(other._found);

    /// <inheritdoc/>
    public override string ToString() => AtText.Escape([.. _found]);

    /// <summary>Feeds all, in pieces of these lengths again and again; 0 means 1, none means whole.</summary>
    public void Feed(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> lengths)
    {
        for (int piece = 0, at = 0; at < wire.Length; piece++)
        {
            int length = lengths.IsEmpty ? wire.Length : Math.Clamp((int)lengths[piece % lengths.Length], 1, wire.Length - at);
            FeedPiece(wire, wire.Slice(at, length));
            at += length;
        }

        CheckRest(wire);
    }

    /// <summary>The same, where what was begun is given up after each piece; nothing can be said of what is found.</summary>
    public void FeedAndGiveUp(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> lengths)
    {
        for (int piece = 0, at = 0; at < wire.Length; piece++)
        {
            int kind = lengths.IsEmpty ? 0 : lengths[piece % lengths.Length];
            ReadOnlySpan<byte> read = wire.Slice(at, Math.Clamp(kind / 4, 1, wire.Length - at));
            at += read.Length;
            while (Take(ref read, out AtFrame frame))
            {
                Promise.Holds(frame.Text.Length <= AtFramer.DefaultMaxLine || frame.Kind == AtFrameKind.Payload, $"a long line");
            }

            switch (kind % 4)
            {
                case 0:
                    framer.AbandonLine();
                    break;
                case 1:
                    framer.AbandonPayload();
                    break;
                case 2:
                    framer.Reset();
                    break;
            }
        }
    }

    private void FeedPiece(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> read)
    {
        while (Take(ref read, out AtFrame frame))
        {
            CheckPlace(wire, frame);
            Note(frame);
            if (frame.Kind == AtFrameKind.Prompt && leavesPrompt)
            {
                framer.Mode = FramerMode.Lines;
            }
        }
    }

    private bool Take(ref ReadOnlySpan<byte> read, out AtFrame frame)
    {
        int used = framer.Read(read, out frame);
        Promise.Holds(used >= 0 && used <= read.Length, $"took {used} of {read.Length}");
        if (frame.Kind == AtFrameKind.NeedMore)
        {
            Promise.Holds(used == read.Length, $"wants more, and has taken {used} of {read.Length}");
            return false;
        }

        // A frame may end with bytes that were kept, and take none of these; but not one after the other.
        _calls = used == 0 ? _calls + 1 : 0;
        Promise.Holds(_calls < 3, $"frames without end");
        read = read[used..];
        return true;
    }

    // Every frame is the next piece of the input.
    private void CheckPlace(ReadOnlySpan<byte> wire, in AtFrame frame)
    {
        if (_isBehindPrompt && _at < wire.Length && wire[_at] == ' ')
        {
            _at++;
        }

        _isBehindPrompt = frame.Kind == AtFrameKind.Prompt;
        switch (frame.Kind)
        {
            case AtFrameKind.Payload:
                Skip(wire, frame.Raw, "a header");
                Promise.Holds(frame.Offset == 0 || frame.Raw.IsEmpty, $"a header inside payload");
                Promise.Holds(frame.Offset + frame.Text.Length <= frame.Announced, $"more payload than announced");
                Skip(wire, frame.Text, "payload");
                break;
            case AtFrameKind.TooLong when frame.Header is not null:
                Skip(wire, frame.Text, "a header that announces too much");
                break;
            case AtFrameKind.TooLong:
                Skip(wire, frame.Text, "a line that is too long");
                int end = wire[_at..].IndexOf((byte)'\n');
                _at = end < 0 ? wire.Length : _at + end + 1;
                break;
            default:
                Promise.Holds(frame.Raw.StartsWith(frame.Text), $"a line that is not what came");
                Promise.Holds(frame.Raw[frame.Text.Length..].IndexOfAnyExcept("\r\n"u8) < 0, $"a line with more than its end");
                Skip(wire, frame.Raw, "a line");
                break;
        }
    }

    private void Skip(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> found, string what)
    {
        Promise.Holds(wire[_at..].StartsWith(found), $"{what} at {_at} that is not there: {AtText.Escape(found)}");
        _at += found.Length;
    }

    // What is in no frame has been begun: a line without its end, or a header whose payload has not come.
    private void CheckRest(ReadOnlySpan<byte> wire)
    {
        if (_isBehindPrompt && _at < wire.Length && wire[_at] == ' ')
        {
            _at++;
        }

        bool hasBegun = framer.HasBegunLine || framer.IsInPayload;
        Promise.Holds(_at == wire.Length || hasBegun, $"{wire.Length - _at} bytes at {_at} are in no frame");
        Promise.Holds(
            framer.IsInPayload || wire[_at..].IndexOf((byte)'\n') < 0 || MayEndHeader(wire[_at..]),
            $"a whole line at {_at} is in no frame");
    }

    // A line end may be awaited behind a header, and then be the payload's; nothing else waits behind one.
    private static bool MayEndHeader(ReadOnlySpan<byte> rest) => rest.Length <= PayloadHeader.MaxLength;

    private void Note(in AtFrame frame)
    {
        if (!_isInPayload)
        {
            Span<byte> head = stackalloc byte[10];
            head[0] = (byte)'\n';
            head[1] = (byte)('A' + (int)frame.Kind);
            BinaryPrimitives.WriteInt32BigEndian(head[2..], frame.LinkId);
            BinaryPrimitives.WriteInt32BigEndian(head[6..], frame.Announced);
            _found.AddRange(head);
        }

        _found.AddRange(frame.Text);
        _isInPayload = frame.Kind == AtFrameKind.Payload && !frame.IsLast;
    }
}
