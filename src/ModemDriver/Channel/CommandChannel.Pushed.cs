using System.Buffers;
using ModemDriver.Framing;

namespace ModemDriver.Channel;

/// <content>
/// Whether a pushed payload was whole. Nothing marks its end, so how the next message begins shows it: behind too high a count
/// its first bytes are missing, behind too low a count bytes of payload stand before it.
/// </content>
internal sealed partial class CommandChannel
{
    // A module writes a message in one go. What is not here so long after a payload has not been begun, unless something on
    // the way holds bytes back: an adapter's latency is 1 ms, where it was asked for.
    private static readonly TimeSpan QuietBehindPushed = TimeSpan.FromMilliseconds(10);

    // At a low rate the reader may get each byte by itself.
    private const int BytesOfQuiet = 32;

    // A prefix ends by a comma, and has lost one byte at most.
    private const int MostOfPrefix = 4;

    private static readonly SearchValues<byte> NoticeBytes = SearchValues.Create("0123456789,-"u8);

    private readonly ITimer _pushedTimer;
    private bool _isBehindPushed;
    private bool _hasLineEndBehind;
    private bool _pushedHasOwnEnd;
    private bool _isPushedTimerSet;
    private int _pushedLinkId;
    private long _behindPushedSince;

    private void OnPushed(in AtFrame piece)
    {
        var hasOwnEnd = piece.Header!.HasLineEndBehind; // a payload has a header
        if (_hasLineEndBehind || (hasOwnEnd && !_pushedHasOwnEnd))
        {
            // A message with an end of its own needs none before it.
            EndPushed();
        }
        else if (_isBehindPushed)
        {
            // Its header has lost the line end before it to the payload that came before.
            LosePushed(_pushedLinkId, piece.Raw);
        }

        _listener.OnPushedPayload(piece);
        if (piece.IsLast)
        {
            _isBehindPushed = true;
            _pushedLinkId = piece.LinkId;
            _pushedHasOwnEnd = hasOwnEnd;
            if (!hasOwnEnd && !_rules.MessagesBeginWithLineEnd)
            {
                EndPushed();
            }
        }
    }

    // Whether it has shown that bytes were lost or added.
    private bool CheckBehindPushed(in AtFrame frame, LineRoute route)
    {
        if (!_isBehindPushed)
        {
            return false;
        }

        if (_pushedHasOwnEnd)
        {
            return EndPushedByItsOwnEnd(frame);
        }

        if (!_hasLineEndBehind && frame.Raw.SequenceEqual("\r\n"u8))
        {
            // Of a message, whose text is still to come; no message is empty.
            _hasLineEndBehind = true;
        }
        else if ((_hasLineEndBehind && !frame.Text.IsEmpty) || route is LineRoute.Information or LineRoute.Echo
            || MayFollowPushed(frame))
        {
            EndPushed();
        }
        else
        {
            // Behind a line end that is not whole, and in a result code without one, nothing else is damaged. Anything else may
            // have been the header of somebody else's payload.
            LosePushed(frame.Text.IsEmpty || route == LineRoute.Final ? _pushedLinkId : -1, frame.Text);
            return true;
        }

        return false;
    }

    private bool EndPushedByItsOwnEnd(in AtFrame frame)
    {
        if (frame.Raw.SequenceEqual("\r\n"u8))
        {
            EndPushed();
            return false;
        }

        LosePushed(_pushedLinkId, frame.Text);
        return true;
    }

    // The result code that stands before it has been taken for payload, where none came.
    private void CheckBehindPushedAtPrompt()
    {
        if (_isBehindPushed && (_pushedHasOwnEnd || _current is { HasIntermediate: false }))
        {
            LosePushed(_pushedLinkId, ">"u8);
        }
        else
        {
            EndPushed();
        }
    }

    // Firmware with its log on the AT port ends a line of the log by CR CR LF, and begins it as it likes.
    private bool MayFollowPushed(in AtFrame frame) =>
        !frame.Text.IsEmpty && (frame.Raw.EndsWith("\r\r\n"u8) || _listener.MayFollowPushed(frame.Text));

    private void EndPushed()
    {
        if (_isBehindPushed)
        {
            LeavePushed();
            _listener.OnPushedWhole(_pushedLinkId);
        }
    }

    private void EndPushedAtFetched(ReadOnlySpan<byte> header)
    {
        if (_isBehindPushed && _pushedHasOwnEnd)
        {
            LosePushed(_pushedLinkId, header);
        }
        else
        {
            EndPushed();
        }
    }

    // A message has begun behind it, whatever it is; or its own end is missing.
    private void EndPushedAtTooLong(ReadOnlySpan<byte> found)
    {
        if (_hasLineEndBehind)
        {
            EndPushed();
        }
        else if (_isBehindPushed)
        {
            LosePushed(_pushedLinkId, found);
        }
    }

    private void LeavePushed()
    {
        _isBehindPushed = false;
        _hasLineEndBehind = false;
        _pushedHasOwnEnd = false;
    }

    private void LosePushed(int linkId, ReadOnlySpan<byte> found)
    {
        LeavePushed();
        LoseBytes(linkId, null, new ModemProtocolException(
            "the beginning of a message behind a payload that was pushed",
            found.IsEmpty ? "half a line end" : Begin(found)));
    }

    private string Begin(ReadOnlySpan<byte> line) => _redaction.Display(line[..Math.Min(line.Length, 128)]);

    // What is here when the port is lost will not be followed by anything.
    private void EndPushedUnlessBegun()
    {
        if (!HasBegunMessage && !_pushedHasOwnEnd)
        {
            EndPushed();
        }

        LeavePushed();
    }

    private bool HasBegunMessage => _hasLineEndBehind || _framer.HasBegunLine;

    private void WatchBehindPushed()
    {
        _behindPushedSince = _time.GetTimestamp();
        if (!_isPushedTimerSet)
        {
            _isPushedTimerSet = true;
            _pushedTimer.Change(QuietBehindPushed + LineTime(BytesOfQuiet), Timeout.InfiniteTimeSpan);
        }
    }

    private void CheckPushedTime()
    {
        _isPushedTimerSet = false;
        if (!_isBehindPushed || _broken is not null)
        {
            return;
        }

        var left = (HasBegunMessage || _pushedHasOwnEnd ? _rules.PayloadStall : QuietBehindPushed + LineTime(BytesOfQuiet))
            - _time.GetElapsedTime(_behindPushedSince);
        if (left > TimeSpan.Zero)
        {
            // Not all of the longer limit at once: the message may be whole soon, and another payload be the last one.
            _isPushedTimerSet = true;
            var quiet = QuietBehindPushed + LineTime(BytesOfQuiet);
            _pushedTimer.Change(left < quiet ? left : quiet, Timeout.InfiniteTimeSpan);
        }
        else if (HasBegunMessage)
        {
            // The end of a payload whose count was too low, and nothing behind it; or a line end without a text before it.
            _framer.AbandonLine();
            LosePushed(-1, "bytes without a line end"u8);
        }
        else if (_pushedHasOwnEnd)
        {
            LosePushed(_pushedLinkId, "silence"u8);
        }
        else
        {
            EndPushed();
        }
    }

    // A byte of a header that was lost, doubled or changed on the line makes its payload a row of lines. A line of numbers alone
    // is a notice, though of a number that cannot be.
    private bool IsDamagedHeader(ReadOnlySpan<byte> line)
    {
        if (!_rules.MessagesBeginWithLineEnd || line.LastIndexOfAnyExcept(NoticeBytes) < MostOfPrefix)
        {
            return false;
        }

        foreach (var header in _pushedHeaders)
        {
            if (header.IsNear(line))
            {
                return !_isUrc(line);
            }
        }

        return false;
    }
}
