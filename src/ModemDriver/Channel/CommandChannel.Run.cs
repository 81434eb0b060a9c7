using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ModemDriver.Commands;
using ModemDriver.Diagnostics;
using ModemDriver.Framing;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;
using ModemDriver.Transport;

namespace ModemDriver.Channel;

/// <summary>The life of a command, from the queue to its result.</summary>
internal sealed partial class CommandChannel
{
    // A port that takes nothing for so long is broken; more is allowed for what takes time at its bit rate.
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GiveUpLimit = TimeSpan.FromSeconds(1);

    // One method for all that a command usually passes through: it is kept and used again by the pool of the runtime, so that
    // to run a command allocates nothing. It ends on the loop, and what follows it goes on in place.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask RunAsync()
    {
        PendingCommand? pending = null;
        try
        {
            while (TryTakeTurn(out pending))
            {
                if ((_needsSettling || IsAsleep) && !await SettleAsync(pending))
                {
                    continue;
                }

                var activity = Begin(pending);
                var outcome = !TryPrepare(pending) ? new Signal(SignalKind.Withdrawn)
                    : await WriteAsync(pending.Command.Line.Bytes) ? await NextSignalAsync()
                    : new Signal(SignalKind.Broken);
                if (outcome.Kind is SignalKind.Prompt or SignalKind.Busy)
                {
                    outcome = await FollowUpAsync(pending, outcome).ConfigureAwait(false);
                }

                Measure(pending, outcome, activity);
                if (outcome.Kind == SignalKind.Final)
                {
                    Complete(pending, outcome.Result);
                }
                else
                {
                    await ConcludeAsync(pending, outcome);
                }

                End();
            }
        }
        catch (Exception exception)
        {
            // Whatever goes wrong, the caller is told: the loop learns of the exception, but not of who waits.
            Break(exception);
            pending?.Fail(Closed());
            throw;
        }
        finally
        {
            // In the data state the next commands wait for its end.
            var isInData = _dataSink is not null;
            _isInRun = false;
            _current = null;
            State = _broken is not null ? ChannelState.Broken : isInData ? ChannelState.Data : ChannelState.Idle;
            if (!isInData)
            {
                Rest();
            }
        }
    }

    private bool TryTakeTurn([MaybeNullWhen(false)] out PendingCommand pending)
    {
        while (_dataSink is null && _queue.TryDequeue(out pending))
        {
            pending.QueueTimer?.Dispose();
            pending.QueueTimer = null;
            if (pending.Command.IsGivenUp)
            {
                pending.Abandon(new CancellationToken(canceled: true));
            }

            if (!pending.IsDone)
            {
                _aborted = null;
                return true;
            }
        }

        pending = null;
        return false;
    }

    private Activity? Begin(PendingCommand pending)
    {
        State = ChannelState.Executing;
        _current = pending;
        _signals.Clear();
        ArmTimer(pending.Command.PromptLimit ?? pending.Command.TimeLimit);
        _startedAt = _armedAt;
        return ModemTracing.StartUnder(pending.Cause, ModemTracing.Command, _port, _time);
    }

    private void End()
    {
        Debug.Assert(_loop.IsCurrent, "a command ends on the loop");
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

    // These, too, are kept and used again. They end on the loop, and what follows goes on in place: so it does with this
    // builder alone. The end of a task would be brought to the thread pool.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Signal> FollowUpAsync(PendingCommand pending, Signal signal)
    {
        var outcome = await FollowAsync(pending, signal).ConfigureAwait(false);
        if (outcome.Kind == SignalKind.Busy)
        {
            pending.WasRepeated = true;
            outcome = await RepeatWhileBusyAsync(pending);
        }

        return outcome;
    }

    private async Task<Signal> AttemptAsync(PendingCommand pending) =>
        !TryPrepare(pending) ? new Signal(SignalKind.Withdrawn)
        : await WriteAsync(pending.Command.Line.Bytes) ? await FollowAsync(pending, await NextSignalAsync()).ConfigureAwait(false)
        : new Signal(SignalKind.Broken);

    // False when what the command was for is gone.
    private bool TryPrepare(PendingCommand pending)
    {
        var command = pending.Command;
        if (!command.OnWriting())
        {
            return false;
        }

        _framer.SetFetchedHeader(command.FetchedHeader);
        _framer.Mode = command.MayPrompt ? FramerMode.LinesWithPrompt : FramerMode.Lines;
        pending.Stage = CommandStage.Written;
        MayCarryData |= command.DataSink is not null;
        Log.CommandWritten(_logger, _port, pending.Sequence, command.Line);
        _tap?.Sent(command.Line);
        return true;
    }

    // From a prompt to what ends the command. A prompt that no payload belongs to, or none any more, is returned as it is.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Signal> FollowAsync(PendingCommand pending, Signal signal)
    {
        while (signal.Kind == SignalKind.Prompt && pending.Command.Payload is { } payload
            && pending.Command.OnWriting())
        {
            pending.Stage = CommandStage.PromptSeen;
            if (pending.Command.PromptLimit is not null)
            {
                ArmTimer(TimeLeft(pending));
            }

            if (!await WritePayloadAsync(pending, payload).ConfigureAwait(false))
            {
                return new Signal(SignalKind.Broken);
            }

            signal = await NextSignalAsync();
        }

        return signal;
    }

    private void Complete(PendingCommand pending, in FinalResult result)
    {
        Log.CommandCompleted(_logger, _port, pending.Sequence, result.Text);
        _needsSettling |= pending.WasRepeated || pending.Command.IsOutcomeDoubtful(result);

        // The refused line may be carried out after all, and ask for its payload a second time.
        _mayWaitForPayload = pending.WasRepeated && pending.Command.Payload is not null;
        pending.Complete(result);
    }

    private async Task ConcludeAsync(PendingCommand pending, Signal outcome)
    {
        switch (outcome.Kind)
        {
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
                var limit = pending.Stage == CommandStage.Written && pending.Command.PromptLimit is { } prompt
                    ? prompt
                    : pending.Command.TimeLimit;
                Log.CommandTimedOut(_logger, _port, pending.Sequence, pending.Command.Line, limit);
                _metrics.CountTimeout(pending.Stage);
                var timeout = TimedOut(pending, limit);
                pending.Fail(timeout);
                await QuarantineAsync(pending, timeout);
                break;
        }
    }

    // Not a method that awaits, so that who waits goes on by one post, whichever way it awaits.
    private ValueTask<Signal> NextSignalAsync()
    {
        if (_broken is not null || _aborted is not null)
        {
            return new ValueTask<Signal>(new Signal(_broken is not null ? SignalKind.Broken : SignalKind.Aborted));
        }

        while (_signals.TryTake(out var signal))
        {
            if (signal.Kind != SignalKind.TimeLimit || HasTimeRunOut())
            {
                return new ValueTask<Signal>(signal);
            }
        }

        return _signals.WaitAsync();
    }

    // While nobody waits it is kept, and looked at by whoever does next: the limit may be another one by then.
    private void OnTimer()
    {
        if (!_signals.IsWaiting || HasTimeRunOut())
        {
            _signals.Set(new Signal(SignalKind.TimeLimit));
        }
    }

    // The verdict may come before the transport has told that its last piece is written: from then on it is looked for.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WritePayloadAsync(PendingCommand pending, CommandPayload payload)
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

    [SuppressMessage("Usage", "VSTHRD103", Justification = "It has ended.")]
    private ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan limit)
    {
        if (_broken is not null || _transport is not { } transport)
        {
            return new ValueTask<bool>(false);
        }

        var attachment = _attachment;
        NoteOnLine(bytes.Length);
        NoteBusy();
        ValueTask write;
        try
        {
            write = transport.WriteAsync(bytes, _giveUpWrite.Token);
        }
        catch (TransportException exception)
        {
            write = ValueTask.FromException(exception);
        }

        if (!write.IsCompletedSuccessfully)
        {
            return FinishWriteAsync(write.AsTask(), bytes.Length, limit, attachment);
        }

        write.GetAwaiter().GetResult();
        _metrics.CountWritten(bytes.Length);
        return new ValueTask<bool>(_broken is null && attachment == _attachment);
    }

    private async ValueTask<bool> FinishWriteAsync(Task write, int length, TimeSpan limit, int attachment)
    {
        try
        {
            await FinishWriteAsync(write, limit);
            _metrics.CountWritten(length);
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
