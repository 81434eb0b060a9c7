using ModemDriver.Diagnostics;
using ModemDriver.Dialects;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;

namespace ModemDriver.Lifecycle;

/// <summary>Opening and coming back: the port, the module, the network, each checked before the next.</summary>
internal sealed partial class ModemRunner
{
    private const int MaxBringUps = 3;
    private const int NetworkAttemptsPerReset = 4;

    private ConnectionMode? _mode;
    private Task _closing = Task.CompletedTask;
    private Task _recovery = Task.CompletedTask;

    /// <summary>How hard a recovery tries. A failed attempt goes one rung up.</summary>
    private enum Rung
    {
        /// <summary>The module is well; its network is not.</summary>
        Reattach,

        /// <summary>Switch the cellular radio off and on first; what is not cellular has no such rung.</summary>
        CycleRadio,

        /// <summary>Find the module again, bring it up, attach.</summary>
        BringUp,

        /// <summary>Start the module anew first.</summary>
        ResetModule,

        /// <summary>Open the port anew first.</summary>
        ReopenPort,
    }

    private readonly record struct RecoveryOutcome(Exception? Failure);

    private async Task OpenPortAsync(CancellationToken cancellationToken)
    {
        await DetachPortAsync();
        var transport = _factory.Create();
        var sink = new PortSink(_loop, this);
        _transport = transport;
        _sink = sink;
        _isPortLost = false;
        await transport.OpenAsync(sink, cancellationToken);
        Log.TransportOpened(_logger, PortName);
        Channel.Attach(transport);
    }

    private async Task DetachPortAsync()
    {
        if (_sink is not null)
        {
            _sink.IsDetached = true;
            _sink = null;
        }

        if (_transport is { } old)
        {
            _transport = null;
            await old.DisposeAsync();
        }
    }

    // Who listens to the token is told at the rim: a transport of the caller's may be among them.
    private Task EndLifeAsync()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Rim.Schedule(
            _ =>
            {
                try
                {
                    _life.Cancel();
                }
                finally
                {
                    told.SetResult();
                }
            },
            null);
        return told.Task;
    }

    private async Task ClosePortAsync(Exception? reason)
    {
        Channel.Break(reason ?? new ModemClosedException($"{PortName} was closed."));
        await DetachPortAsync();
    }

    private async Task FailOpeningAsync(Exception reason)
    {
        Raise(ModemEvent.AttemptFailed, reason);
        await _closing;
    }

    // A module that starts anew in the middle of its bring-up, from a brown-out or the reset of an opened port, has
    // forgotten the first half of it.
    private async Task FindAndBringUpAsync(CancellationToken cancellationToken)
    {
        for (var i = 1; ; i++)
        {
            try
            {
                await FindAsync(cancellationToken);
                Raise(ModemEvent.ModuleFound, null);
                await BringUpAsync(cancellationToken);
                return;
            }
            catch (ModemClosedException) when (i < MaxBringUps && Channel.BrokenReason is null)
            {
                await Channel.WhenIdleAsync();
            }
        }
    }

    private async Task FindAsync(CancellationToken cancellationToken)
    {
        _isBroughtUp = false;
        Channel.Apply(DialectCatalog.WhileUnknown);
        Channel.SetPushedHeaders(DialectCatalog.PushedWhileUnknown);
        var dialect = await _probe.FindAsync(_transport!, cancellationToken);
        dialect.Choose(_options.ReceiveMode);
        Volatile.Write(ref _dialect, dialect);
        Channel.Apply(dialect.Rules);
        Log.ModuleIdentified(
            _logger, PortName, $"{dialect.Identity.Dialect} {dialect.Identity.Firmware} {dialect.Identity.Model}");
    }

    private async Task BringUpAsync(CancellationToken cancellationToken)
    {
        var dialect = Dialect!;
        _isBroughtUp = true;
        var steps = dialect.BringUp();
        if (_probe.WasInDataState && dialect.Links?.Transparent?.ClearSaved() is { } clear)
        {
            // It may have gone there by itself when it started, and would do so again.
            steps = [new BringUpStep(clear), .. steps];
        }

        foreach (var step in steps)
        {
            var result = await Channel.ExecuteAsync(step.Command, cancellationToken);
            if (result.IsSuccess)
            {
                continue;
            }

            Log.BringUpStepRefused(_logger, PortName, step.Command.Line.Display, result.Text);
            if (step.IsRequired)
            {
                throw new CommandFailedException(step.Command.Line.Display, result, step.Command.Remarks);
            }

            step.OnRefused?.Invoke();
        }

        await ReapplyAsync(dialect, cancellationToken);
        if (dialect.Links is { } links)
        {
            await Links.ConfigureAsync(links, _mode ?? _options.ConnectionMode);
        }
    }

    // What a user has set was taken by the module before; that it refuses it now must not keep the modem down.
    private async Task ReapplyAsync(Dialect dialect, CancellationToken cancellationToken)
    {
        foreach (var command in Kept.CommandsFor(dialect))
        {
            var result = await Channel.ExecuteAsync(command, cancellationToken);
            if (!result.IsSuccess)
            {
                Log.SettingLost(_logger, PortName, command.Line.Display, result.Text);
            }
        }
    }

    /// <summary>Changes the connection mode, now and after a recovery.</summary>
    public async Task ChangeModeAsync(ConnectionMode mode, CancellationToken cancellationToken)
    {
        Require(d => d.Links, ModemFeature.TcpClient);
        await Links.ChangeModeAsync(mode, cancellationToken);
        _mode = mode;
    }

    private async Task RecoverAsync(ModemEvent cause)
    {
        var started = _time.GetTimestamp();
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
            _metrics.RecordRecovery(
                MetricText<ModemEvent>.Of(cause), State, _time.GetElapsedTime(started));
            activity?.SetTag("modem.state", MetricText<ModemState>.Of(State));
            ModemTracing.Stop(activity, _time);
        }
    }

    private async Task ClimbAsync(ModemEvent cause)
    {
        var rung = cause switch
        {
            ModemEvent.NetworkLost => Dialect?.Cellular is null ? Rung.Reattach : Rung.CycleRadio,
            ModemEvent.PacketDataLost or ModemEvent.SimRemoved => Rung.Reattach,
            ModemEvent.PortLost => Rung.ReopenPort,
            _ => Rung.BringUp,
        };
        var attempt = 0;
        var last = await LoopPolicies.RetryAsync(
            _time,
            new BackOff(_options.Recovery.FirstDelay, _options.Recovery.LongestDelay),
            outcome => outcome.Failure is not null
                && !WantsCode(outcome.Failure)
                && ++attempt < _options.Recovery.MaxAttempts
                && !_life.IsCancellationRequested,
            async () =>
            {
                rung = _isPortLost ? Rung.ReopenPort : _isBroughtUp || rung >= Rung.BringUp ? rung : Rung.BringUp;
                var outcome = await TryRecoverAsync(cause, rung, attempt + 1);
                rung = NextRung(rung, outcome.Failure, attempt + 1);
                return outcome;
            },
            _life.Token);
        if (_life.IsCancellationRequested)
        {
            return;
        }

        if (WantsCode(last.Failure))
        {
            Raise(ModemEvent.SimLocked, last.Failure);
        }
        else if (last.Failure is not null)
        {
            Raise(ModemEvent.RecoveryExhausted, last.Failure);
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

    // A module that works, but finds no network, is not the one to be mended; once in a while it is started anew all
    // the same, since a hung radio looks like that too. A cellular radio is switched off and on before that.
    private Rung NextRung(Rung rung, Exception? failure, int attempt)
    {
        if (failure is NetworkJoinException or SimException)
        {
            return attempt % NetworkAttemptsPerReset == 0 ? Rung.ResetModule
                : Dialect?.Cellular is not null && attempt % 2 == 1 ? Rung.CycleRadio
                : Rung.Reattach;
        }

        return rung == Rung.ReopenPort ? rung
            : rung == Rung.Reattach && Dialect?.Cellular is null ? Rung.BringUp
            : rung + 1;
    }

    // A cellular network takes its time, and the limits for that are the owner's.
    private TimeSpan AttemptLimit => _goal is not null && Dialect?.Cellular is not null
        ? _options.OpenTimeLimit + CellularAttachment.LimitOf(_options.Cellular)
        : _options.OpenTimeLimit;

    private async Task<RecoveryOutcome> TryRecoverAsync(ModemEvent cause, Rung rung, int attempt)
    {
        var started = _time.GetTimestamp();
        var activity = ModemTracing.Start(ModemTracing.RecoveryAttempt, PortName, _time);
        activity?.SetTag("modem.recovery.rung", MetricText<Rung>.Of(rung));
        var outcome = await TryRecoverAsync(rung, attempt);
        ModemTracing.Stop(activity, _time, outcome.Failure);
        _metrics.RecordRecoveryAttempt(
            MetricText<ModemEvent>.Of(cause), MetricText<Rung>.Of(rung), outcome.Failure, _time.GetElapsedTime(started));
        return outcome;
    }

    private async Task<RecoveryOutcome> TryRecoverAsync(Rung rung, int attempt)
    {
        Log.RecoveryAttempt(_logger, PortName, attempt, rung.ToString());
        using var limit = new CancellationTokenSource(AttemptLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _life.Token);
        try
        {
            await RecoverOnceAsync(rung, both.Token);
            return default;
        }
#pragma warning disable CA1031 // A factory of the caller's may throw anything; it is the outcome of the attempt.
        catch (Exception exception)
#pragma warning restore CA1031
        {

            Log.RecoveryFailed(_logger, PortName, attempt, rung.ToString(), exception);
            return new RecoveryOutcome(exception);
        }
    }

    private async Task RecoverOnceAsync(Rung rung, CancellationToken cancellationToken)
    {
        await Channel.WhenIdleAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (rung == Rung.ReopenPort)
        {
            Log.TransportReopening(_logger, PortName);
            await OpenPortAsync(cancellationToken);
        }
        else if (Channel.BrokenReason is not null)
        {
            Channel.Attach(_transport!);
        }

        if (rung == Rung.ResetModule && Dialect?.NewReset() is { } reset)
        {
            var starting = _notices.WaitAsync(NoticeKind.ModuleReady, ReadyLimit, cancellationToken);
            _isBroughtUp = false;
            await Channel.ExecuteAsync(reset, cancellationToken);
            await starting;
        }

        if (rung >= Rung.BringUp)
        {
            await FindAndBringUpAsync(cancellationToken);
            await RestoreBitRateAsync(cancellationToken);
        }

        await ReattachAsync(rung == Rung.CycleRadio, cancellationToken);
        if (rung < Rung.BringUp && Dialect?.Links is not null)
        {
            await Links.TakeStockAsync();
        }

        await Links.RestoreServerAsync(cancellationToken);
        if (!_isBroughtUp)
        {
            throw new ModemClosedException($"{PortName}: the module started anew while it was recovered.");
        }
    }

    private async Task ReattachAsync(bool cyclesRadio, CancellationToken cancellationToken)
    {
        if (_goal is not { } goal || AttachmentOf(Dialect) is not { } attachment)
        {
            return;
        }

        _isJoining = true;
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
        }
    }
}
