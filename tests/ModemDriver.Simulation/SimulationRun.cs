using ModemDriver.Simulation.Checks;
using ModemDriver.Simulation.Faults;
using ModemDriver.Simulation.Workload;

namespace ModemDriver.Simulation;

/// <summary>Runs a plan, from the opening of the port to the disposal of everything.</summary>
internal sealed class SimulationRun(RunPlan plan, int keptLines) : IDisposable
{
    private const int MostSteps = 5_000_000;

    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(12);

    // The port, the module, the network: the limits of each, twice.
    private static readonly TimeSpan OpenLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan JoinLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan CellularJoinLimit = TimeSpan.FromMinutes(12);

    // The longest wait between attempts and a whole attempt of each kind.
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan CellularRecoveryLimit = TimeSpan.FromMinutes(12);

    // A Stream's disposal and the port's.
    private static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(20);

    // What is on its way when the last thing is disposed.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);

    private readonly Stage _stage = new(plan, keptLines);
    private TimeSpan? _lostAt;

    /// <summary>Runs a plan, on the calling thread.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="keptLines">How much of the wire is kept for a look back.</param>
    public static RunResult Execute(RunPlan plan, int keptLines = 0)
    {
        using var run = new SimulationRun(plan, keptLines);
        return run.Execute();
    }

    /// <inheritdoc/>
    public void Dispose() => _stage.Dispose();

    private RunResult Execute()
    {
        new Pump(_stage) { LongestRun = LongestRun, MostSteps = MostSteps }.Run(MainAsync);
        return new RunResult(plan, _stage.Ledger, _stage.Wire.Hash, _stage.Clock.Now, _stage.Wire.ToHost + _stage.Wire.ToModule)
        {
            Tail = [.. _stage.Wire.Tail()],
            Steps = _stage.Thread.Steps,
        };
    }

    private async Task MainAsync()
    {
        _stage.Network.Serve(Stage.Host, Stage.EchoPort, PeerBook.EchoAsync);
        if (!await OpenAsync())
        {
            return;
        }

        var faults = new FaultDriver(_stage);
        TimeSpan start = _stage.Clock.Now;
        faults.Start();
        Task disposing = DisposeEarlyAsync();
        foreach (Work work in plan.Work)
        {
            _stage.Wire.Remark(work.ToString());
            await Act.RunAsync(_stage, work);
        }

        await disposing;
        await faults.EndAsync(start);
        await RecoverAsync();
        await CloseAsync();
        await _stage.DelayAsync(Settling);
        _stage.Peers.CheckAllEnded();
        _ = _stage.Module.DisposeAsync().AsTask(); // its end goes over the pool, when nothing is left that could be disturbed
        await _stage.DelayAsync(TimeSpan.FromSeconds(1));
    }

    private async Task<bool> OpenAsync()
    {
        Outcome<Modem> opened = await _stage.Calls.TryAsync(
            "Open", OpenLimit, token => Modem.OpenAsync(_stage.Factory, _stage.Options, token));
        if (opened.Value is not { } modem)
        {
            _stage.Ledger.Violated(Promise.Recovery, $"a module without faults cannot be opened: {opened.Failure}");
            return false;
        }

        _stage.Modem = modem;
        modem.StateChanged += OnStateChanged;
        Outcome<bool> online = await _stage.Calls.TryAsync(
            "GoOnline", plan.IsCellular ? CellularJoinLimit : JoinLimit, token => modem.GoOnlineAsync(token));
        if (online.Failure is SimException or NetworkJoinException
            && plan.Faults.Any(fault => fault.Act is WorldAct.SimPulled or WorldAct.Detached))
        {
            // A module that does not watch its slot has not seen the card come back, and one that was detached does not
            // register by itself. A modem that was online does this of its own; here it was just opened, by its user.
            await _stage.Calls.TryAsync("ResetModule", JoinLimit, token => modem.ResetModuleAsync(token));
            online = await _stage.Calls.TryAsync("GoOnline", CellularJoinLimit, token => modem.GoOnlineAsync(token));
        }

        if (!online.IsDone)
        {
            _stage.Ledger.Violated(Promise.Recovery, $"a module without faults does not go online: {online.Failure}");
        }

        return online.IsDone;
    }

    private void OnStateChanged(object? sender, ModemStateChange change)
    {
        _stage.Wire.Remark($"{change.OldState} -> {change.NewState} ({change.Trigger})");
        if (change.Reason is { } reason)
        {
            _stage.Secrets.Look("the reason of a state", reason.ToString());
        }

        if (change.NewState == ModemState.Recovering)
        {
            _lostAt ??= _stage.Clock.Now;
        }
        else if (change.NewState == ModemState.Online && _lostAt is { } lost)
        {
            _stage.Ledger.Recoveries.Add(_stage.Clock.Now - lost);
            _lostAt = null;
        }
        else if (change.NewState == ModemState.Faulted)
        {
            _stage.Ledger.Violated(Promise.Recovery, $"the modem has given up: {change.Reason}");
        }
    }

    private async Task DisposeEarlyAsync()
    {
        if (plan.DisposedAt is { } at)
        {
            await _stage.DelayAsync(at);
            _stage.Wire.Remark("the modem is disposed");
            _stage.IsDisposed = true;
            await CloseAsync();
        }
    }

    // All faults are over: the modem comes back by itself, and a new link works at once.
    private async Task RecoverAsync()
    {
        if (_stage.IsDisposed)
        {
            if (!await OpenAsync())
            {
                return;
            }
        }

        TimeSpan began = _stage.Clock.Now;
        if (!await IsBackAsync())
        {
            return;
        }

        _stage.Ledger.WorstRecovery = _stage.Clock.Now - began;
        if (plan.Faults.Any(fault => fault.ChangesBytes) && !_stage.IsDisposed)
        {
            // The one notice of a loss may have been changed on the wire. Then the first attempt finds it out, and the second
            // works.
            if (await Act.TryEchoAsync(_stage) is null)
            {
                return;
            }

            _stage.Ledger.Count("excused: a loss whose notice was changed on the wire, found out by the first attempt");
            if (!await IsBackAsync())
            {
                return;
            }
        }

        await Act.EchoAsync(_stage);
    }

    private async Task<bool> IsBackAsync()
    {
        Outcome<bool> back = await WaitForOnlineAsync();
        if (!back.IsDone)
        {
            _stage.Ledger.Violated(
                Promise.Recovery, $"the modem is {_stage.Modem.State} after all faults are over: {back.Failure?.Message}");
        }

        return back.IsDone;
    }

    private async Task<Outcome<bool>> WaitForOnlineAsync()
    {
        TimeSpan limit = plan.IsCellular ? CellularRecoveryLimit : RecoveryLimit;
        Outcome<bool> back = default;
        for (int attempt = 0; attempt < 2; attempt++)
        {
            if (_stage.Modem.State == ModemState.Ready)
            {
                // A user who has asked for the network when it was away asks again.
                await _stage.Calls.TryAsync(
                    "GoOnline", plan.IsCellular ? CellularJoinLimit : JoinLimit, token => _stage.Modem.GoOnlineAsync(token));
            }

            back = await _stage.Calls.TryAsync(
                "WaitForState",
                limit + TimeSpan.FromSeconds(1),
                token => _stage.Modem.WaitForStateAsync(ModemState.Online, limit, token));
            await _stage.DelayAsync(TimeSpan.FromMilliseconds(100));
            if (back.IsDone && _stage.Modem.State == ModemState.Online)
            {
                return back;
            }
        }

        return back;
    }

    private Task<Outcome<bool>> CloseAsync() =>
        _stage.Calls.TryAsync("Modem.Dispose", DisposeLimit, _ => _stage.Modem.DisposeAsync().AsTask());
}
