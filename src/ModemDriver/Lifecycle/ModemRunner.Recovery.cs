using ModemDriver.Commands;
using ModemDriver.Diagnostics;
using ModemDriver.Dialects;
using ModemDriver.Protocol;
using ModemDriver.Transport;

namespace ModemDriver.Lifecycle;

/// <summary>Opening: the port, the module, each checked before the next.</summary>
internal sealed partial class ModemRunner
{
    private const int StepAttempts = 3;
    private static readonly TimeSpan StepPause = TimeSpan.FromMilliseconds(200);

    private const int MaxBringUps = 3;

    private ConnectionMode? _mode;
    private Task _closing = Task.CompletedTask;

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
        if (transport is ITellsLatency { LatencyRefusal: { } refusal })
        {
            Log.LatencyNotLowered(_logger, PortName, refusal);
        }

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
        if (Dialect is { } before && before.Identity.Dialect != dialect.Identity.Dialect)
        {
            // Another module has been put in its place, or noise stood in its answers: another says the same again.
            dialect = await _probe.FindAsync(_transport!, cancellationToken);
        }

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
            var result = await RunStepAsync(step, cancellationToken);
            if (result.IsSuccess)
            {
                continue;
            }

            Log.BringUpStepRefused(_logger, PortName, step.Command.Line.Display, result.Text);
            if (step.IsRequired || (step.OnRefused is not null && IsForNow(result)))
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

    // A step that is refused for now says nothing of what the module can do.
    private async Task<FinalResult> RunStepAsync(BringUpStep step, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await Channel.ExecuteAsync(step.Command, cancellationToken);
            if (!IsForNow(result) || attempt == StepAttempts)
            {
                return result;
            }

            await Task.Delay(StepPause, _time, cancellationToken);
        }
    }

    // +CME ERROR: 14, SIM busy (3GPP TS 27.007 chapter 9.2), and 515: cellular modules say so at any command.
    private static bool IsForNow(FinalResult result) => CmeError.Read(result.Text) is { Reason: CmeReason.Busy };

    // What a user has set was taken by the module before; that it refuses it now must not keep the modem down.
    private async Task ReapplyAsync(Dialect dialect, CancellationToken cancellationToken)
    {
        var refused = new List<AtCommand>();
        foreach (var command in Kept.CommandsFor(dialect))
        {
            var result = await Channel.ExecuteAsync(command, cancellationToken);
            if (!result.IsSuccess)
            {
                refused.Add(command);
                Log.SettingLost(_logger, PortName, command.Line.Display, result.Text);
            }
        }

        await LearnTextSetAsync(dialect, refused, cancellationToken);
    }

    /// <summary>Changes the connection mode, now and after a recovery.</summary>
    public async Task ChangeModeAsync(ConnectionMode mode, CancellationToken cancellationToken)
    {
        Require(d => d.Links, ModemFeature.TcpClient);
        await Links.ChangeModeAsync(mode, cancellationToken);
        _mode = mode;
    }
}
