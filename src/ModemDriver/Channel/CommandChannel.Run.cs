using ModemDriver.Commands;
using ModemDriver.Diagnostics;
using ModemDriver.Framing;
using ModemDriver.Scheduling;
using ModemDriver.Transport;

namespace ModemDriver.Channel;

/// <summary>The life of a command, from the queue to its result.</summary>
internal sealed partial class CommandChannel
{
    // A port that takes nothing for so long is broken; more is allowed for what takes time at its bit rate.
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GiveUpLimit = TimeSpan.FromSeconds(1);

    private async Task RunAsync()
    {
        try
        {
            while (_dataSink is null && _queue.TryDequeue(out var pending))
            {
                if (pending.QueueTimer is { } timer)
                {
                    await timer.DisposeAsync();
                    pending.QueueTimer = null;
                }

                if (pending.Command.IsGivenUp)
                {
                    pending.Abandon(new CancellationToken(canceled: true));
                }

                if (!pending.IsDone)
                {
                    await RunGuardedAsync(pending);
                }
            }
        }
        finally
        {
            // In the data state the next commands wait for its end.
            _isRunning = _dataSink is not null;
            _current = null;
            State = _broken is not null ? ChannelState.Broken : _isRunning ? ChannelState.Data : ChannelState.Idle;
        }
    }

    // Whatever goes wrong, the caller is told: the loop learns of the exception, but not of who waits.
    private async Task RunGuardedAsync(PendingCommand pending)
    {
        try
        {
            await RunOneAsync(pending);
        }
        catch (Exception exception)
        {
            Break(exception);
            pending.Fail(Closed());
            throw;
        }
    }

    private async Task RunOneAsync(PendingCommand pending)
    {
        _aborted = null;
        if (_needsSettling && !await SettleAsync(pending))
        {
            return;
        }

        State = ChannelState.Executing;
        _current = pending;
        _signals.Clear();
        _startedAt = _time.GetTimestamp();
        ArmTimer(pending.Command.TimeLimit);
        var activity = ModemTracing.StartUnder(pending.Cause, ModemTracing.Command, _port, _time);
        var outcome = await AttemptAsync(pending);
        if (outcome.Kind == SignalKind.Busy)
        {
            pending.WasRepeated = true;
            outcome = await RepeatWhileBusyAsync(pending);
        }

        Measure(pending, outcome, activity);
        await ConcludeAsync(pending, outcome);
        DisarmTimer();
        _framer.SetFetchedHeader(null);
        _framer.Mode = FramerMode.Lines;
        _current = null;
    }

    private async Task<bool> SettleAsync(PendingCommand pending)
    {
        _needsSettling = false;
        switch (await ResynchroniseAsync(mayBeInPayload: _mayWaitForPayload))
        {
            case Step.InStep when !pending.IsDone:
                return true;
            case Step.OutOfStep:
                Break(new ModemProtocolException("one answer to each command", "more of them, or none"));
                break;
        }

        pending.Fail(Ended());
        return false;
    }

    private async Task<Signal> AttemptAsync(PendingCommand pending)
    {
        var command = pending.Command;
        if (command.MayWrite?.Invoke() == false)
        {
            return new Signal(SignalKind.Withdrawn);
        }

        _framer.SetFetchedHeader(command.FetchedHeader);
        _framer.Mode = command.MayPrompt ? FramerMode.LinesWithPrompt : FramerMode.Lines;
        pending.Stage = CommandStage.Written;
        MayCarryData |= command.DataSink is not null;
        Log.CommandWritten(_logger, _port, pending.Sequence, command.Line);
        _tap?.Sent(command.Line);
        return await WriteAsync(command.Line.Bytes)
            ? await FollowAsync(pending, await NextSignalAsync())
            : new Signal(SignalKind.Broken);
    }

    // From a prompt to what ends the command. A prompt that no payload belongs to, or none any more, is returned as it is.
    private async Task<Signal> FollowAsync(PendingCommand pending, Signal signal)
    {
        while (signal.Kind == SignalKind.Prompt && pending.Command.Payload is { } payload
            && pending.Command.MayWrite?.Invoke() != false)
        {
            pending.Stage = CommandStage.PromptSeen;
            if (!await WritePayloadAsync(pending, payload))
            {
                return new Signal(SignalKind.Broken);
            }

            signal = await NextSignalAsync();
        }

        return signal;
    }

    private async Task ConcludeAsync(PendingCommand pending, Signal outcome)
    {
        switch (outcome.Kind)
        {
            case SignalKind.Final:
                Log.CommandCompleted(_logger, _port, pending.Sequence, outcome.Result.Text);
                _needsSettling |= pending.WasRepeated || pending.Command.IsOutcomeDoubtful(outcome.Result);

                // The refused line may be carried out after all, and ask for its payload a second time.
                _mayWaitForPayload = pending.WasRepeated && pending.Command.Payload is not null;
                pending.Complete(outcome.Result);
                break;
            case SignalKind.PayloadLost:
                pending.Fail(outcome.Reason!);
                await GetInStepAsync(mayBeInPayload: false, outcome.Reason!);
                break;
            case SignalKind.Prompt:
                var unexpected = new ModemProtocolException("an answer", "> (this command wants payload)");
                pending.Fail(unexpected);
                await GetInStepAsync(mayBeInPayload: true, unexpected);
                break;
            case SignalKind.Aborted or SignalKind.Broken:
                pending.Fail(Ended());
                break;
            case SignalKind.Withdrawn:
                pending.Fail(new ModemClosedException($"{_port}: what {pending.Command.Line.Display} was for is gone.") { Port = _port });
                break;
            default:
                Log.CommandTimedOut(_logger, _port, pending.Sequence, pending.Command.Line, pending.Command.TimeLimit);
                _metrics.CountTimeout(pending.Stage);
                var timeout = TimedOut(pending, pending.Command.TimeLimit);
                pending.Fail(timeout);
                await QuarantineAsync(pending, timeout);
                break;
        }
    }

    private async ValueTask<Signal> NextSignalAsync()
    {
        while (true)
        {
            if (_broken is not null || _aborted is not null)
            {
                return new Signal(_broken is not null ? SignalKind.Broken : SignalKind.Aborted);
            }

            var signal = await _signals.WaitAsync();
            if (signal.Kind != SignalKind.TimeLimit || HasTimeRunOut())
            {
                return signal;
            }
        }
    }

    // The verdict may come before the transport has told that its last piece is written: from then on it is looked for.
    private async Task<bool> WritePayloadAsync(PendingCommand pending, CommandPayload payload)
    {
        var left = payload.Bytes.Length;
        _tap?.SentPayload(payload.Bytes, payload.IsSecret);
        foreach (var piece in payload.Bytes)
        {
            // The end of a payload that falls on the border of two pieces of memory is one of no length.
            if (piece.IsEmpty)
            {
                continue;
            }

            left -= piece.Length;
            pending.Stage = left == 0 ? CommandStage.PayloadSent : CommandStage.PromptSeen;
            if (!await WriteAsync(piece))
            {
                return false;
            }
        }

        return true;
    }

    private ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes) =>
        WriteAsync(bytes, WriteLimit + LineTime(bytes.Length));

    private async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan limit)
    {
        if (_broken is not null || _transport is not { } transport)
        {
            return false;
        }

        var attachment = _attachment;
        NoteOnLine(bytes.Length);
        try
        {
            var write = transport.WriteAsync(bytes, _giveUpWrite.Token);
            if (!write.IsCompletedSuccessfully)
            {
                await FinishWriteAsync(write.AsTask(), limit);
            }

            _metrics.CountWritten(bytes.Length);
            return _broken is null && attachment == _attachment;
        }
        catch (Exception exception) when (attachment != _attachment && exception is TransportException or TimeoutException)
        {
            // The channel was broken meanwhile and has started over: this is no reason to break it again.
        }
        catch (TransportException exception)
        {
            Break(exception);
        }
        catch (TimeoutException exception)
        {
            var message = $"{_port} takes no bytes; is flow control set on one side only?";
            Break(new TransportException(TransportFailure.Stalled, _port, message, exception));
        }

        return false;
    }

    // The memory must not be given back while the transport may still read it: a write that takes too long is ended, and
    // its end is waited for.
    private async Task FinishWriteAsync(Task write, TimeSpan limit)
    {
        try
        {
            await LoopWait.ForAsync(write, limit, _time);
        }
        catch (TimeoutException) when (!write.IsCompleted)
        {
            // At the rim: a transport of the caller's may be among those that are told.
            var giveUp = _giveUpWrite;
            _giveUpWrite = new CancellationTokenSource();
            _loop.Rim.Schedule(static source => ((CancellationTokenSource)source!).Cancel(), giveUp);
            await EndOfAsync(write);
            throw;
        }
    }

    private async Task EndOfAsync(Task write)
    {
        try
        {
            await LoopWait.ForAsync(write, GiveUpLimit, _time);
        }
        catch (Exception exception) when (exception is TransportException or OperationCanceledException
            or TimeoutException)
        {
            // However it ended, the caller is told that the port takes no bytes. A transport that does not heed its
            // token is disposed next.
        }
    }

    // Ten bit times a byte: start, eight data, stop.
    private TimeSpan LineTime(int bytes) =>
        _transport?.BitRate is { } rate and > 0 ? TimeSpan.FromSeconds(bytes * 10.0 / rate) : TimeSpan.Zero;

    private void ArmTimer(TimeSpan limit)
    {
        _armedAt = _time.GetTimestamp();
        _armedFor = limit > TimeSpan.Zero ? limit : TimeSpan.Zero;
        _timer.Change(_armedFor, Timeout.InfiniteTimeSpan);
    }

    private void DisarmTimer()
    {
        _armedFor = Timeout.InfiniteTimeSpan;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // The timer may have fired while it was being set anew: the clock decides, not the timer.
    private bool HasTimeRunOut()
    {
        if (_armedFor == Timeout.InfiniteTimeSpan)
        {
            return false;
        }

        var left = _armedFor - _time.GetElapsedTime(_armedAt);
        if (left <= TimeSpan.Zero)
        {
            return true;
        }

        _timer.Change(left, Timeout.InfiniteTimeSpan);
        return false;
    }
}
