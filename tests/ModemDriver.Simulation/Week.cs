using System.Globalization;
using ModemDriver.Simulation.Checks;
using ModemDriver.Simulation.Faults;
using ModemDriver.Simulation.Workload;

namespace ModemDriver.Simulation;

/// <summary>A week of a module in the field: an exchange every few minutes, and a fault about every quarter of an hour.</summary>
/// <param name="module">The simulator's personality.</param>
/// <param name="seed">Of all chance.</param>
/// <param name="length">A week, or less.</param>
internal sealed class Week(string module, int seed, TimeSpan length) : IDisposable
{
    /// <summary>Seven days.</summary>
    public static readonly TimeSpan Whole = TimeSpan.FromDays(7);

    private const int KeptLines = 120;
    private const long MostSteps = 20_000_000;

    private static readonly TimeSpan MeanPeace = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(4);

    // A fault of the wire waits for its command no longer.
    private static readonly TimeSpan FaultTime = TimeSpan.FromSeconds(45);

    // Of a header that was damaged in push mode nothing tells the user but the answer that does not come.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Past this a modem counts as lost: in the field somebody would be sent.
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromMinutes(30);

    private readonly Random _random = new(seed);
    private readonly Stage _stage = new(PlanOf(module, seed), KeptLines);
    private readonly RecoveryHistogram _histogram = new();

    /// <summary>What it has found.</summary>
    public Ledger Ledger => _stage.Ledger;

    /// <summary>How long the ways back were.</summary>
    public RecoveryHistogram Histogram => _histogram;

    /// <summary>What came of each kind of fault.</summary>
    public FaultOutcomes Outcomes { get; } = new();

    /// <summary>How many faults there were.</summary>
    public int Faults { get; private set; }

    /// <summary>How many exchanges were made in peace, and have gone well.</summary>
    public int Exchanges { get; private set; }

    /// <summary>Runs weeks, one module after the other, and prints them.</summary>
    /// <returns>Whether no promise was broken and every fault was recovered from.</returns>
    public static bool Run(string dialect, string? module, int seed, TextWriter output)
    {
        var all = new RecoveryHistogram();
        var outcomes = new FaultOutcomes();
        bool isWell = true;
        foreach (string each in module is null ? RunPlan.ModulesOf(dialect) : [module])
        {
            using var week = new Week(each, seed++, Whole); // other faults for each
            isWell &= week.Run(output);
            all.Add(week.Histogram);
            outcomes.Add(week.Outcomes);
        }

        outcomes.Print(output);
        all.Print(output);
        return isWell;
    }

    /// <inheritdoc/>
    public void Dispose() => _stage.Dispose();

    private static RunPlan PlanOf(string module, int seed) => new(seed)
    {
        Personality = module,
        IsSlow = true,
        ConnectionMode = ConnectionMode.Multiple,
        LinkBufferBytes = 16 * 1024,
        HealthInterval = TimeSpan.FromMinutes(1),
    };

    /// <summary>Runs it, and prints what was found.</summary>
    /// <returns>Whether no promise was broken and every fault was recovered from.</returns>
    public bool Run(TextWriter output)
    {
        long began = TimeProvider.System.GetTimestamp();
        new Pump(_stage) { LongestRun = length + TimeSpan.FromHours(6), MostSteps = MostSteps, StopsAtViolation = true }.Run(MainAsync);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{module}: {_stage.Clock.Now.TotalDays:0.00} days, {Faults} faults, {_histogram.Count} recovered from, {Exchanges} exchanges in peace, "
            + $"{_stage.Ledger.Violations.Count} violations, {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s"));
        if (_stage.Ledger.Violations.Count > 0)
        {
            foreach (string line in _stage.Wire.Tail())
            {
                output.WriteLine(line);
            }
        }

        foreach (string violation in _stage.Ledger.Violations)
        {
            output.WriteLine("VIOLATION " + violation);
        }

        return _stage.Ledger.Violations.Count == 0;
    }

    private async Task MainAsync()
    {
        _stage.Network.Serve(Stage.Host, Stage.EchoPort, PeerBook.EchoAsync);
        if (!await OpenAsync())
        {
            return;
        }

        var faults = new FaultDriver(_stage);
        while (_stage.Clock.Now < length)
        {
            await PeaceAsync();
            await FaultAsync(faults);
        }

        await _stage.Calls.TryAsync(
            "Modem.Dispose", TimeSpan.FromSeconds(20), _ => _stage.Modem.DisposeAsync().AsTask());
        await _stage.DelayAsync(TimeSpan.FromMinutes(2));
        _ = _stage.Module.DisposeAsync().AsTask(); // its end goes over the pool, when nothing is left that could be disturbed
        await _stage.DelayAsync(TimeSpan.FromSeconds(1));
    }

    private async Task<bool> OpenAsync()
    {
        Outcome<Modem> opened = await _stage.Calls.TryAsync(
            "Open", TimeSpan.FromMinutes(3), token => Modem.OpenAsync(_stage.Factory, _stage.Options, token));
        if (opened.Value is not { } modem)
        {
            Ledger.Violated(Promise.Recovery, $"a module without faults cannot be opened: {opened.Failure}");
            return false;
        }

        _stage.Modem = modem;
        modem.StateChanged += (_, change) =>
        {
            _stage.Wire.Remark($"{change.OldState} -> {change.NewState} ({change.Trigger})");
            if (change.NewState == ModemState.Faulted)
            {
                Ledger.Violated(Promise.Recovery, $"the modem has given up: {change.Reason}");
            }
        };
        Outcome<bool> online = await _stage.Calls.TryAsync("GoOnline", TimeSpan.FromMinutes(12), token => modem.GoOnlineAsync(token));
        if (!online.IsDone)
        {
            Ledger.Violated(Promise.Recovery, $"a module without faults does not go online: {online.Failure}");
        }

        return online.IsDone;
    }

    // Nothing goes wrong: each exchange works.
    private async Task PeaceAsync()
    {
        TimeSpan left = MeanPeace * -Math.Log(1 - _random.NextDouble());
        while (left > Pause)
        {
            TimeSpan pause = Pause * (0.5 + _random.NextDouble() / 2);
            left -= pause;
            await _stage.DelayAsync(pause);
            if (await Act.TryEchoAsync(_stage, Patience) is { } failure)
            {
                Ledger.Violated(Promise.Recovery, $"nothing is wrong, and {failure}");
            }
            else
            {
                Exchanges++;
            }
        }

        await _stage.DelayAsync(left);
    }

    // The users go on while it lasts; then it is mended, and the first exchange that works ends the way back.
    private async Task FaultAsync(FaultDriver faults)
    {
        SimFault fault;
        do
        {
            fault = FaultDrawer.DrawOne(_random, _stage.Plan.IsCellular, TimeSpan.Zero);
        }
        while (fault.Act is WorldAct.PeersReset or WorldAct.PeersRefuse or WorldAct.PeersSilent or WorldAct.PeersStall); // the one peer of the week is well

        _stage.Wire.Remark(fault.ToString());
        Faults++;
        Task happening = faults.LetHappenAsync(fault);
        Task waiting = fault.Wire is null ? Task.CompletedTask : _stage.DelayAsync(FaultTime);
        int failed = 0;
        do
        {
            failed += await Act.TryEchoAsync(_stage, Patience) is null ? 0 : 1;
            await _stage.DelayAsync(TimeSpan.FromSeconds(2));
        }
        while (!happening.IsCompleted || !waiting.IsCompleted);

        faults.Restore();
        TimeSpan mended = _stage.Clock.Now;
        while (await Act.TryEchoAsync(_stage, Patience) is { } failure)
        {
            if (_stage.Clock.Now - mended > RecoveryLimit)
            {
                Ledger.Violated(Promise.Recovery, $"{fault.Kind}: no way back in {RecoveryLimit} ({_stage.Modem.State}): {failure}");
                return;
            }

            await _stage.DelayAsync(TimeSpan.FromSeconds(1));
        }

        TimeSpan back = _stage.Clock.Now - mended;
        _histogram.Add(back);
        Outcomes.Add(fault.Kind, failed, back);
    }
}
