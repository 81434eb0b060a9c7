using Microsoft.Extensions.Logging;
using ModemDriver.Diagnostics;
using ModemDriver.Framing;

namespace ModemDriver.Channel;

/// <summary>From bytes to signals: everything here runs while the bytes are still in the transport's buffer.</summary>
internal sealed partial class CommandChannel
{
    private bool _bodyFollows;
    private long _restDue;

    /// <summary>
    /// Whether the rest of a payload that broke off may still come. Then what looks like a message may be a part of it, until so
    /// many bytes have come or the module has answered a probe, which stands behind them.
    /// </summary>
    public bool IsRestDue => _restDue > 0;

    /// <summary>Takes bytes from the transport.</summary>
    public void Received(ReadOnlySpan<byte> data)
    {
        _metrics.CountReceived(data.Length);
        Take(data);
    }

    private void Take(ReadOnlySpan<byte> data)
    {
        if (_broken is not null)
        {
            return;
        }

        if (_dataSink is not null)
        {
            ReceivedData(data);
            return;
        }

        var wasInPayload = _framer.IsInPayload;
        var restLeft = _restDue - data.Length;
        while (true)
        {
            var used = _framer.Read(data, out var frame);
            data = data[used..];
            if (frame.Kind == AtFrameKind.NeedMore)
            {
                break;
            }

            _tap?.Received(frame, _redaction);
            Dispatch(frame);
            if (_dataSink is not null)
            {
                // The command that has just ended made the line carry data, from its very next byte on.
                if (!data.IsEmpty)
                {
                    ReceivedData(data);
                }

                return;
            }
        }

        _restDue = Math.Max(0, Math.Min(_restDue, restLeft));
        if (_framer.IsInPayload)
        {
            _lastPayloadAt = _time.GetTimestamp();
            if (!wasInPayload)
            {
                _stallTimer.Change(_rules.PayloadStall, Timeout.InfiniteTimeSpan);
            }
        }
        else if (_isBehindPushed)
        {
            WatchBehindPushed();
        }
    }

    private void Dispatch(in AtFrame frame)
    {
        switch (frame.Kind)
        {
            case AtFrameKind.Line when frame.Text.IsEmpty:
                CheckBehindPushed(frame, LineRoute.Empty);
                _current?.Command.OnEmptyLine(frame.Raw.Length);
                break;
            case AtFrameKind.Line:
                OnLine(frame);
                break;
            case AtFrameKind.Prompt:
                CheckBehindPushedAtPrompt();
                _framer.Mode = FramerMode.Lines;
                _signals.Set(new Signal(SignalKind.Prompt));
                break;
            case AtFrameKind.Payload when ReferenceEquals(frame.Header, _current?.Command.FetchedHeader):
                EndPushedAtFetched(frame.Raw);
                _current!.Command.OnPayload(frame);
                break;
            case AtFrameKind.Payload when Array.IndexOf(_pushedHeaders, frame.Header) >= 0:
                OnPushed(frame);
                break;
            case AtFrameKind.Payload:
                // The rest of what a command fetched that has been given up: its link has failed, and it is nobody else's.
                break;
            case AtFrameKind.TooLong:
                EndPushedAtTooLong(frame.Text);
                OnTooLong(frame);
                break;
        }
    }

    private bool TakesBody(ReadOnlySpan<byte> line)
    {
        var body = LineRouter.IsResult(_resultCodes, line) ? BodyLine.None : _listener.OnBody(line);
        _bodyFollows = body == BodyLine.More;
        return body != BodyLine.None;
    }

    private void OnLine(in AtFrame frame)
    {
        var line = frame.Text;
        if (!Redaction.MayBeMessage(line))
        {
            _lastLines.Add(line);
        }

        if (_logger.IsEnabled(LogLevel.Trace))
        {
            Log.LineReceived(_logger, _port, _redaction.Display(line));
        }

        if (_bodyFollows && TakesBody(line))
        {
            return;
        }

        var current = _current is { HasResult: false } ? _current : null;
        var stage = current?.Stage ?? CommandStage.Queued;
        if (stage == CommandStage.Written && current!.Command.IsPromptLine(line))
        {
            CheckBehindPushedAtPrompt();
            _signals.Set(new Signal(SignalKind.Prompt));
            return;
        }

        var route = LineRouter.Route(current?.Command, stage, line, _resultCodes, _isUrc, out var code);
        var hasLost = CheckBehindPushed(frame, route);
        switch (route)
        {
            case LineRoute.Final:
                OnFinal(current!, code!.ToResult(line));
                break;
            case LineRoute.Echo:
                _listener.OnEcho();
                break;
            case LineRoute.Intermediate:
                current!.HasIntermediate = true;
                break;
            case LineRoute.Busy:
                _signals.Set(new Signal(SignalKind.Busy));
                break;
            case LineRoute.Unsolicited when !hasLost && IsDamagedHeader(line):
                LoseBytes(-1, null, new ModemProtocolException("a header of payload", Begin(line)));
                break;
            case LineRoute.Unsolicited:
                _listener.OnUnsolicited(line);
                _bodyFollows = _listener.HasBody(line);
                break;
        }
    }

    // What stands behind the result code on the wire belongs to no command any more, so the command is told here, and
    // not when the method that waits for the signal gets its turn. A late answer belongs to nobody: who wanted the data
    // state has been told that it did not come.
    private void OnFinal(PendingCommand pending, Protocol.FinalResult result)
    {
        pending.Command.OnFinal(result);
        if (pending.Command.DataSink is { } sink)
        {
            MayCarryData = result.IsSuccess;
            if (result.IsSuccess && State == ChannelState.Executing)
            {
                _dataSink = sink;
            }
        }

        // A probe counts its answers, all others have one.
        pending.HasResult = State is ChannelState.Executing or ChannelState.Quarantine;
        _framer.SetFetchedHeader(null);
        _framer.Mode = FramerMode.Lines;
        _signals.Set(new Signal(SignalKind.Final, result));
    }

    private void OnTooLong(in AtFrame frame)
    {
        var received = _redaction.Display(frame.Text[..Math.Min(frame.Text.Length, 128)]);
        var reason = frame.Header is null
            ? new ModemProtocolException($"a line of at most {AtFramer.DefaultMaxLine} bytes", received)
            : new ModemProtocolException($"a payload of at most {frame.Header.MaxPayload} bytes", received);
        LoseBytes(frame.LinkId, frame.Header, reason);
    }

    // One byte lost on the line must not make the rest of the session the end of a payload.
    private void CheckStall()
    {
        if (!_framer.IsInPayload || _broken is not null)
        {
            return;
        }

        var silence = _time.GetElapsedTime(_lastPayloadAt);
        if (silence < _rules.PayloadStall)
        {
            _stallTimer.Change(_rules.PayloadStall - silence, Timeout.InfiniteTimeSpan);
            return;
        }

        var (header, linkId, announced, delivered) = _framer.Payload;
        _framer.AbandonPayload();
        _restDue = announced - delivered;
        LoseBytes(
            linkId,
            header,
            new ModemProtocolException(
                $"{announced} bytes of payload", $"{delivered} bytes, then silence for {silence.TotalSeconds:0.#} s"));
    }

    private void LoseBytes(int linkId, PayloadHeader? header, ModemProtocolException reason)
    {
        Log.BytesLost(_logger, _port, reason.Message);
        _needsSettling = true;
        if (header is not null && ReferenceEquals(header, _current?.Command.FetchedHeader))
        {
            _signals.Set(new Signal(SignalKind.PayloadLost, Reason: reason));
        }
        else
        {
            _listener.OnBytesLost(linkId, reason);
        }
    }
}
