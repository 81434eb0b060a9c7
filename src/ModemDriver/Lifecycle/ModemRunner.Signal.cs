using ModemDriver.Cellular;
using ModemDriver.Dialects;
using ModemDriver.Scheduling;

namespace ModemDriver.Lifecycle;

/// <summary>The signal: read when somebody asks, or by itself every so often.</summary>
internal sealed partial class ModemRunner
{
    // The line follows the answer at once.
    private static readonly TimeSpan ReportLimit = TimeSpan.FromMilliseconds(500);

    // A firmware that has said OK so often, and nothing more, has no such line.
    private const int MaxReportsMissed = 2;

    private readonly SignalTracker _signal = new();
    private TaskCompletionSource<SignalQuality>? _signalReport;
    private Dialect? _reporting;
    private int _reportsMissed;
    private ITimer? _signalTimer;
    private bool _isReadingSignal;

    /// <summary>Told of each change of the signal's class, off the loop; null while nobody wants to know.</summary>
    public Action<SignalChange>? SignalChanged { get; set; }

    /// <summary>Reads the signal.</summary>
    /// <exception cref="CommandFailedException">The module refused every question for it.</exception>
    public async Task<SignalQuality> ReadSignalAsync(CancellationToken cancellationToken)
    {
        var commands = Require(ModemFeature.SignalQuality).Cellular!; // a dialect with the feature has it
        var signal = new SignalQuality();
        CommandFailedException? refused = null;
        var isAnswered = false;
        foreach (var read in commands.ReadSignal())
        {
            var result = await ExecuteAsync(read, cancellationToken);
            isAnswered |= result.IsSuccess;
            signal = Merge(signal, read.Answer);
            refused ??= result.IsSuccess
                ? null
                : new CommandFailedException(read.Line.Display, result, read.Remarks) { Port = PortName, State = State };
        }

        if (!isAnswered && refused is not null)
        {
            throw refused;
        }

        if (signal is { RsrpDbm: not null, SinrDb: null })
        {
            signal = Merge(signal, await ReadSignalReportAsync(commands, cancellationToken));
        }

        signal = signal with { Technology = _cellular.Registration?.Technology };
        OnSignal(signal);
        return signal;
    }

    private async Task<SignalQuality> ReadSignalReportAsync(ICellularCommands commands, CancellationToken cancellationToken)
    {
        if (_reporting != Dialect)
        {
            (_reporting, _reportsMissed) = (Dialect, 0);
        }

        var asked = commands.AskForSignalReport();
        if (asked.Count == 0 || _reportsMissed >= MaxReportsMissed)
        {
            return new SignalQuality();
        }

        var report = new TaskCompletionSource<SignalQuality>(TaskCreationOptions.RunContinuationsAsynchronously);
        _signalReport = report;
        try
        {
            foreach (var command in asked)
            {
                if (!(await ExecuteAsync(command, cancellationToken)).IsSuccess)
                {
                    _reportsMissed++;
                    return new SignalQuality();
                }
            }

            await LoopWait.ForAsync(report.Task, ReportLimit, _time, cancellationToken);
            _reportsMissed = 0;
            return await report.Task;
        }
        catch (TimeoutException)
        {
            _reportsMissed++;
            return new SignalQuality(); // Not known; the other figures are.
        }
        finally
        {
            if (_signalReport == report)
            {
                _signalReport = null;
            }
        }
    }

    // What the first answer leaves open the second may know.
    private static SignalQuality Merge(SignalQuality known, SignalQuality further) => known with
    {
        RssiDbm = known.RssiDbm ?? further.RssiDbm,
        RsrpDbm = known.RsrpDbm ?? further.RsrpDbm,
        RsrqDb = known.RsrqDb ?? further.RsrqDb,
        SinrDb = known.SinrDb ?? further.SinrDb,
        RscpDbm = known.RscpDbm ?? further.RscpDbm,
        EcNoDb = known.EcNoDb ?? further.EcNoDb,
        BitErrorClass = known.BitErrorClass ?? further.BitErrorClass,
    };

    private void OnSignal(SignalQuality signal)
    {
        _metrics.RecordSignal(signal);
        if (_signal.Add(signal) is { } change && SignalChanged is { } told)
        {
            _events.Post(nameof(CellularInterface.SignalChanged), () => told(change));
        }
    }

    private void StartSignal()
    {
        if (_options.Cellular.SignalInterval is { } interval && Dialect?.Supports(ModemFeature.SignalQuality) == true)
        {
            _signalTimer ??= _time.CreateTimer(_ => _loop.Post(OnSignalTimer), null, interval, interval);
        }
    }

    private void StopSignal()
    {
        _signalTimer?.Dispose();
        _signalTimer = null;
    }

    // One question at a time, and none into a data state.
    private void OnSignalTimer()
    {
        if (!_isReadingSignal && State is ModemState.Searching or ModemState.Registered or ModemState.Online)
        {
            _isReadingSignal = true;
            _loop.Watch(PollSignalAsync());
        }
    }

    private async Task PollSignalAsync()
    {
        try
        {
            await ReadSignalAsync(_life.Token);
        }
        catch (Exception exception) when (exception is ModemException or OperationCanceledException)
        {
            // The channel and the recovery deal with a module that does not answer; the next reading comes by itself.
        }
        finally
        {
            _isReadingSignal = false;
        }
    }
}
