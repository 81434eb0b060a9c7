using ModemDriver.Diagnostics;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;
using ModemDriver.Transport;

namespace ModemDriver.Lifecycle;

/// <summary>Coming back after a failure: rung by rung, each confirmed by the module before the next.</summary>
internal sealed partial class ModemRunner
{
    private static readonly TimeSpan PulseTime = TimeSpan.FromSeconds(1);

    private readonly Random _jitter;
    private Task _recovery = Task.CompletedTask;
    private Task _hook = Task.CompletedTask;
    private long _recoveryStarted;
    private long? _hookedAt;

    private readonly record struct RecoveryOutcome(Exception? Failure);

    private async Task RecoverAsync(ModemEvent cause)
    {
        _recoveryStarted = _time.GetTimestamp();
        var activity = ModemTracing.StartUnder(null, ModemTracing.Recovery, PortName, _time);
        activity?.SetTag("modem.recovery.cause", MetricText<ModemEvent>.Of(cause));
        try
        {
            await ClimbAsync(cause);
        }
        catch (OperationCanceledException) when (_life.IsCancellationRequested)
        {
            // The modem was closed in a pause between two attempts.
        }
        finally
        {
            _metrics.RecordRecovery(MetricText<ModemEvent>.Of(cause), State, _time.GetElapsedTime(_recoveryStarted));
            activity?.SetTag("modem.state", MetricText<ModemState>.Of(State));
            ModemTracing.Stop(activity, _time);
        }
    }

    private async Task ClimbAsync(ModemEvent cause)
    {
        var rung = RecoveryLadder.First(cause, Dialect?.Cellular is not null);
        var attempt = 0;
        Exception? reason = null;
        var last = await LoopPolicies.RetryAsync(
            _time,
            new BackOff(_options.Recovery.FirstDelay, _options.Recovery.LongestDelay) { Jitter = _jitter },
            outcome => outcome.Failure is not null
                && !WantsCode(outcome.Failure)
                && ++attempt < (_options.Recovery.MaxAttempts ?? int.MaxValue)
                && !_life.IsCancellationRequested,
            async () =>
            {
                var current = Possible(rung);
                var outcome = await TryRecoverAsync(cause, current, attempt + 1, reason);
                reason = outcome.Failure;
                rung = RecoveryLadder.Next(current, TroubleOf(reason), attempt + 1, Traits());
                return outcome;
            },
            _life.Token);
        if (!_life.IsCancellationRequested)
        {
            EndRecovery(last.Failure);
        }
    }

    private void EndRecovery(Exception? failure)
    {
        if (WantsCode(failure))
        {
            Raise(ModemEvent.SimLocked, failure);
        }
        else if (failure is not null)
        {
            Raise(ModemEvent.RecoveryExhausted, failure);
        }
        else
        {
            Raise(
                _goal switch
                {
                    AttachGoal.Online => ModemEvent.NetworkJoined,
                    AttachGoal.Registered => ModemEvent.RegistrationFound,
                    _ => ModemEvent.Recovered,
                },
                null);
        }
    }

    // What has happened meanwhile may ask for more: without a port, or without a module that is brought up, the gentler
    // rungs are of no use.
    private RecoveryRung Possible(RecoveryRung rung) =>
        _isPortLost && rung < RecoveryRung.ReopenPort ? RecoveryRung.ReopenPort
        : _isBroughtUp || rung >= RecoveryRung.BringUp ? rung
        : RecoveryRung.BringUp;

    private static RecoveryTrouble TroubleOf(Exception? failure) => failure switch
    {
        NetworkJoinException or SimException => RecoveryTrouble.Network,
        TransportException or ModuleSilentException or OperationCanceledException => RecoveryTrouble.Silence,
        _ => RecoveryTrouble.Module,
    };

    // That the line can be set to what it is already tells that there is one.
    private LadderTraits Traits() => new(
        Dialect?.Cellular is not null,
        _options.Serial.DataTerminalReady && _transport?.ControlLines?.TrySetDataTerminalReady(true) == true,
        _options.Recovery.Hook is not null
            && _hook.IsCompleted
            && _time.GetElapsedTime(_recoveryStarted) >= _options.Recovery.HookDelay
            && (_hookedAt is not { } last || _time.GetElapsedTime(last) >= _options.Recovery.HookInterval));

    // A cellular network takes its time, and the limits for that are the owner's. So is that of the hook.
    private TimeSpan AttemptLimit(RecoveryRung rung) => _options.OpenTimeLimit
        + (_goal is not null && Dialect?.Cellular is not null
            ? CellularAttachment.LimitOf(_options.Cellular)
            : TimeSpan.Zero)
        + (rung == RecoveryRung.Hook ? _options.Recovery.HookTimeLimit : TimeSpan.Zero);

    private async Task<RecoveryOutcome> TryRecoverAsync(
        ModemEvent cause, RecoveryRung rung, int attempt, Exception? reason)
    {
        Log.RecoveryAttempt(_logger, PortName, attempt, rung.ToString());
        var started = _time.GetTimestamp();
        var activity = ModemTracing.Start(ModemTracing.RecoveryAttempt, PortName, _time);
        activity?.SetTag("modem.recovery.rung", MetricText<RecoveryRung>.Of(rung));
        using var limit = new CancellationTokenSource(AttemptLimit(rung), _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _life.Token);
        Exception? failure = null;
        try
        {
            await RecoverOnceAsync(rung, new RecoveryHookContext(PortName, attempt, reason), both.Token);
        }
#pragma warning disable CA1031 // A factory or a hook of the caller's may throw anything; it is the outcome of the attempt.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = exception;
        }

        ModemTracing.Stop(activity, _time, failure);
        Report(cause.ToString(), rung, attempt, _time.GetElapsedTime(started), failure);
        return new RecoveryOutcome(failure);
    }

    private async Task RecoverOnceAsync(RecoveryRung rung, RecoveryHookContext context, CancellationToken cancellationToken)
    {
        await Channel.WhenIdleAsync();
        cancellationToken.ThrowIfCancellationRequested();
        await PreparePortAsync(rung, context, cancellationToken);
        if (rung == RecoveryRung.ResetModule && Dialect?.NewReset() is { } reset)
        {
            var starting = _notices.WaitAsync(NoticeKind.ModuleReady, ReadyLimit, cancellationToken);
            _isBroughtUp = false;
            await Channel.ExecuteAsync(reset, cancellationToken);
            await starting;
        }

        if (rung >= RecoveryRung.BringUp)
        {
            await FindAndBringUpAsync(cancellationToken);
            await RestoreBitRateAsync(cancellationToken);
        }

        await ReattachAsync(rung == RecoveryRung.CycleRadio, cancellationToken);
        if (rung < RecoveryRung.BringUp && Dialect?.Links is not null)
        {
            await Links.TakeStockAsync();
        }

        await Links.RestoreServerAsync(cancellationToken);
        if (!_isBroughtUp)
        {
            throw new ModemClosedException($"{PortName}: the module started anew while it was recovered.");
        }
    }

    private async Task PreparePortAsync(RecoveryRung rung, RecoveryHookContext context, CancellationToken cancellationToken)
    {
        if (rung == RecoveryRung.Hook)
        {
            // What still holds the old port makes the module come back under another name.
            await DetachPortAsync();
            await CallHookAsync(context, cancellationToken);
        }

        if (rung >= RecoveryRung.ReopenPort)
        {
            Log.TransportReopening(_logger, PortName);
            await OpenPortAsync(cancellationToken);
        }
        else if (Channel.BrokenReason is not null)
        {
            Channel.Attach(_transport!);
        }

        // DTR by V.250 6.2.9 ends a data state; on boards whose DTR leads to the reset pin it starts the module anew.
        if (rung == RecoveryRung.PulseLine && _transport?.ControlLines is { } lines)
        {
            _isBroughtUp = false;
            lines.TrySetDataTerminalReady(false);
            await Task.Delay(PulseTime, _time, cancellationToken);
            lines.TrySetDataTerminalReady(true);
        }
    }

    // On the pool, with a token and a limit: it is the program's, and may do anything. One that goes on beyond its limit is
    // let go of, and not called again before it has ended.
    private async Task CallHookAsync(RecoveryHookContext context, CancellationToken cancellationToken)
    {
        var hook = _options.Recovery.Hook!; // the ladder has looked
        var limit = _options.Recovery.HookTimeLimit;
        _hookedAt = _time.GetTimestamp();
        using var overdue = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _hook = RunHookAsync(hook, context, overdue.Token);
        try
        {
            await LoopWait.ForAsync(_hook, limit, _time, cancellationToken);
        }
        catch (TimeoutException) when (!_hook.IsCompleted)
        {
            await RimCall.RunAsync(
                _loop,
                () =>
                {
                    overdue.Cancel();
                    return true;
                });
            throw new TimeoutException($"The recovery hook for {PortName} had not ended within {limit}.");
        }
    }

    private async Task RunHookAsync(
        Func<RecoveryHookContext, CancellationToken, Task> hook, RecoveryHookContext context, CancellationToken overdue) =>
        await await RimCall.RunAsync(_loop, () => hook(context, overdue));

    private async Task ReattachAsync(bool cyclesRadio, CancellationToken cancellationToken)
    {
        if (_goal is not { } goal || AttachmentOf(Dialect) is not { } attachment)
        {
            return;
        }

        _isJoining = true;
        _cellular.GivesUpUnlessSearching = !cyclesRadio;
        try
        {
            if (cyclesRadio)
            {
                await _cellular.CycleRadioAsync(Dialect!, cancellationToken);
            }

            await attachment.AttachAsync(Dialect!, goal, cancellationToken);
        }
        finally
        {
            _isJoining = false;
            _cellular.GivesUpUnlessSearching = false;
        }
    }
}
