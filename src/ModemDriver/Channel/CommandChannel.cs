using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using ModemDriver.Commands;
using ModemDriver.Diagnostics;
using ModemDriver.Framing;
using ModemDriver.Scheduling;
using ModemDriver.Protocol;
using ModemDriver.Transport;

namespace ModemDriver.Channel;

/// <summary>
/// One command at a time over one transport. Every command ends by its time limit; one that timed out keeps its place
/// on the wire until its late answer has come or the channel is in step again. Used on the loop only.
/// </summary>
/// <remarks>docs/architecture.md shows the life of a command, and what happens after a timeout.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing.")]
internal sealed partial class CommandChannel
{
    private readonly ModemLoop _loop;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WireTap? _tap;
    private readonly ModemMetrics _metrics;
    private readonly IChannelListener _listener;
    private readonly AtFramer _framer = new();
    private readonly Queue<PendingCommand> _queue = new();
    private readonly SignalQueue<Signal> _signals;
    private readonly LastLines _lastLines = new();
    private readonly LineRouter.UrcTest _isUrc;
    private readonly ITimer _timer;
    private readonly ITimer _stallTimer;
    private readonly Action _onRunEnded;

    private PayloadHeader[] _pushedHeaders = [];
    private PayloadHeader[] _linkHeaders = [];
    private ChannelRules _rules = new();
    private ResultCode[] _resultCodes = [];
    private Redaction _redaction = new([]);
    private ITransport? _transport;
    private string _port = "(not open)";
    private PendingCommand? _current;
    private Exception? _broken;
    private Exception? _brokenBefore;
    private Exception? _aborted;

    // Counts how often it has started over: what was written before, and is finished after, is nobody's any more.
    private int _attachment;

    // Whether new commands wait: behind others, behind who has the wire alone, or for the end of the data state. Whoever
    // waits for the end of all that has the source, which is made when somebody does.
    private bool _isRunning;
    private TaskCompletionSource? _idle;
    private bool _isInRun;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _run;
    private bool _needsSettling;
    private bool _mayWaitForPayload;
    private long _sequence;
    private long _startedAt;
    private long _armedAt;
    private TimeSpan _armedFor = Timeout.InfiniteTimeSpan;
    private CancellationTokenSource _giveUpWrite = new();
    private long _lastPayloadAt;

    /// <summary>Makes a channel that has no transport yet.</summary>
    public CommandChannel(
        ModemLoop loop, TimeProvider time, IChannelListener listener, ILogger logger, WireTap? tap = null,
        ModemMetrics? metrics = null)
    {
        _metrics = metrics ?? new ModemMetrics("(none)");
        _loop = loop;
        _signals = new SignalQueue<Signal>(loop);
        _onRunEnded = () => EndRun(_run);
        _time = time;
        _logger = logger;
        _tap = tap;
        _listener = listener;
        _isUrc = listener.IsUrc;
        _resultCodes = [.. _rules.ResultCodes];
        _timer = CreateTimer(static channel => channel.OnTimer());
        _stallTimer = CreateTimer(static channel => channel.CheckStall());
        _pushedTimer = CreateTimer(static channel => channel.CheckPushedTime());
    }

    /// <summary>Told when the place in the dialogue was looked for: why, how long, and whether it was found.</summary>
    public Action<Exception, TimeSpan, bool>? Resynchronised { get; set; }

    /// <summary>What the channel is doing.</summary>
    public ChannelState State { get; private set; }

    /// <summary>The first reason for which the channel was given up; <see langword="null"/> while it works.</summary>
    public Exception? BrokenReason => _broken;

    /// <summary>What is never shown.</summary>
    public Redaction Redaction => _redaction;

    /// <summary>The name of the port.</summary>
    public string Port => _port;

    /// <summary>The rules in force.</summary>
    public ChannelRules Rules => _rules;

    /// <summary>Starts over on an open transport; whatever was broken is forgotten.</summary>
    public void Attach(ITransport transport)
    {
        Debug.Assert(_current is null && _queue.Count == 0, "the old transport's commands have been failed");
        _transport = transport;
        _port = transport.Name;
        _attachment++;
        _brokenBefore = _broken ?? _brokenBefore;
        _broken = null;
        _needsSettling = false;
        _restDue = 0;
        _framer.Reset();
        LeavePushed();
        _dataSink = null;
        Debug.Assert(!_isInRun, "a command that is under way ends by the reason for which its channel was broken");
        GoOnWithQueue();
        _lineFreeAt = 0;
        _isAsking = false;
        transport.TryPauseReceiving(false);
        State = ChannelState.Idle;
    }

    /// <summary>Takes over what a dialect does differently.</summary>
    public void Apply(ChannelRules rules)
    {
        _rules = rules;
        _resultCodes = [.. rules.ResultCodes];
        _redaction = new Redaction(rules.SecretPrefixes);
        _framer.SetUnendedLines([.. rules.UnendedLines.Select(System.Text.Encoding.ASCII.GetBytes)]);
        SetPushedHeaders(_linkHeaders);
    }

    /// <summary>Sets the headers of links that the module may push; they change with the mode. Those of its services stay.</summary>
    public void SetPushedHeaders(params PayloadHeader[] headers)
    {
        _linkHeaders = headers;
        _pushedHeaders = [.. headers, .. _rules.ServiceHeaders];
        _framer.SetPushedHeaders(_pushedHeaders);
    }

    /// <summary>
    /// Queues a command. What is returned is awaited once, on the loop. It ends with the final result code, of success or
    /// failure; by the command's time limit; or when the token fires, and then the command runs on to its end without its
    /// caller.
    /// </summary>
    /// <exception cref="CommandTimeoutException">No final result code in time, or no turn.</exception>
    /// <exception cref="ModemClosedException">
    /// The channel is broken; the inner exception is the first reason.
    /// </exception>
    public ValueTask<FinalResult> ExecuteAsync(AtCommand command, CancellationToken cancellationToken = default) =>
        ExecuteAsync(command, refused: null, cancellationToken);

    /// <summary>The same, where a result that is no success is an exception.</summary>
    /// <param name="command">The command.</param>
    /// <param name="refused">Makes the exception; <see langword="null"/>: it is a result like others.</param>
    /// <param name="cancellationToken">Lets the caller go.</param>
    public ValueTask<FinalResult> ExecuteAsync(
        AtCommand command, Func<AtCommand, FinalResult, Exception>? refused, CancellationToken cancellationToken)
    {
        Debug.Assert(_loop.IsCurrent, "the channel lives on the loop");
        if (_broken is not null)
        {
            return ValueTask.FromException<FinalResult>(Closed());
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FinalResult>(cancellationToken);
        }

        var pending = new PendingCommand(_loop, command, ++_sequence, _time.GetTimestamp())
        {
            Cause = ModemTracing.Caller,
            Refused = refused,
        };
        if (cancellationToken.CanBeCanceled)
        {
            pending.AbandonWhen(cancellationToken);
        }

        _queue.Enqueue(pending);
        if (_isRunning)
        {
            ArmQueueTimer(pending);
        }
        else
        {
            StartRun();
        }

        return pending.Completion;
    }

    /// <summary>
    /// Ends when no command is in flight or queued, the line is out of the data state, and whoever waited there has been told.
    /// </summary>
    /// <remarks>It never ends at once while something is under way: who waits in a loop would not let that go on.</remarks>
    public Task WhenIdleAsync() =>
        _isRunning
            ? (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task
            : Task.CompletedTask;

    /// <summary>Gives up: the first reason is kept, every command fails with it inside.</summary>
    public void Break(Exception reason)
    {
        if (_broken is not null)
        {
            return;
        }

        EndPushedUnlessBegun();
        _broken = reason;
        State = ChannelState.Broken;
        Log.ChannelBroken(_logger, _port, reason);
        FailAll();
        _listener.OnBroken(reason);
    }

    /// <summary>
    /// Fails the command in flight and all that are queued; the channel itself goes on. For a module that has started
    /// anew: it will answer none of them.
    /// </summary>
    public void Abort(Exception reason)
    {
        EndPushedUnlessBegun();
        _framer.Reset();
        _framer.SetFetchedHeader(null);
        _bodyFollows = false;
        _needsSettling = false;
        _restDue = 0;
        MayCarryData = false;
        FailQueued(() => new ModemClosedException(reason.Message, reason) { Port = _port });
        if (_current is not null || _dataSink is not null)
        {
            _aborted = reason;
            _signals.Set(new Signal(SignalKind.Aborted));
        }

        EndData();
    }

    /// <summary>A line of an answer, for the message of an error.</summary>
    public string RedactText(string line) => _redaction.Display(System.Text.Encoding.Latin1.GetBytes(line));

    /// <summary>The last lines that came, for the message of an error.</summary>
    public IReadOnlyList<string> LastLines() => _lastLines.ToList(_redaction);

    private ITimer CreateTimer(Action<CommandChannel> onLoop) => _time.CreateTimer(
        static state =>
        {
            var (channel, action) = ((CommandChannel, Action<CommandChannel>))state!;
            channel._loop.Post(() => action(channel));
        },
        (this, onLoop),
        Timeout.InfiniteTimeSpan,
        Timeout.InfiniteTimeSpan);

    private void FailAll()
    {
        DisarmTimer();
        _stallTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        FailQueued(Closed);
        if (_current is not null || _dataSink is not null)
        {
            _signals.Set(new Signal(SignalKind.Broken));
        }

        EndData();
    }

    private void FailQueued(Func<Exception> reason)
    {
        while (_queue.TryDequeue(out var pending))
        {
            pending.QueueTimer?.Dispose();
            pending.Fail(reason());
        }
    }

    private ModemClosedException Ended() =>
        _aborted is { } reason && _broken is null
            ? new ModemClosedException(reason.Message, reason) { Port = _port }
            : Closed();

    private ModemClosedException Closed()
    {
        var reason = _broken ?? _brokenBefore;
        return new($"{_port}: the command channel is closed: {reason?.Message}", reason) { Port = _port };
    }

    // By hand, and not by a method that awaits: this is done for every command that finds the channel idle.
    [SuppressMessage("Reliability", "CA2012", Justification = "It is consumed once, by EndRun, at once or when it ends.")]
    private void StartRun()
    {
        Debug.Assert(!_isInRun, "there is one run at a time, and one waiter for all that comes back");
        _isRunning = true;
        _isInRun = true;
        var run = RunAsync().ConfigureAwait(false).GetAwaiter();
        if (run.IsCompleted)
        {
            EndRun(run);
        }
        else
        {
            _run = run;
            run.UnsafeOnCompleted(_onRunEnded);
        }
    }

    [SuppressMessage("Usage", "VSTHRD002", Justification = "It has ended.")]
    private void EndRun(ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter run)
    {
#pragma warning disable CA1031 // It is handled where all faults of the loop are.
        try
        {
            run.GetResult();
        }
        catch (Exception exception)
        {
            _loop.Watch(Task.FromException(exception));
        }
#pragma warning restore CA1031
    }

    // A run that is still on its way out goes on with what is queued, and tells when nothing is.
    private void GoOnWithQueue()
    {
        if (_isInRun)
        {
            return;
        }

        if (_queue.Count > 0 && _broken is null)
        {
            StartRun();
        }
        else
        {
            Rest();
        }
    }

    private void Rest()
    {
        _isRunning = false;
        _idle?.TrySetResult();
        _idle = null;
    }

    private void ArmQueueTimer(PendingCommand pending) =>
        pending.QueueTimer = _time.CreateTimer(
            static state =>
            {
                var (channel, command) = ((CommandChannel, PendingCommand))state!;
                channel._loop.Post(() => channel.OnQueueTimer(command));
            },
            (this, pending),
            _rules.QueueLimit,
            Timeout.InfiniteTimeSpan);

    private void OnQueueTimer(PendingCommand pending)
    {
        if (pending.QueueTimer is not null)
        {
            _metrics.CountTimeout(pending.Stage);
            pending.Fail(TimedOut(pending, _rules.QueueLimit));
        }
    }

    private CommandTimeoutException TimedOut(PendingCommand pending, TimeSpan limit) => new(
        pending.Command.Line.Display, pending.Stage, limit, _time.GetElapsedTime(pending.QueuedAt), LastLines())
    {
        Port = _port,
    };

    private enum SignalKind
    {
        Final,
        Busy,
        Prompt,
        TimeLimit,
        PayloadLost,
        Aborted,
        Withdrawn,
        Word,
        Broken,
    }

    private readonly record struct Signal(
        SignalKind Kind, FinalResult Result = default, ModemProtocolException? Reason = null, int Word = -1);
}
