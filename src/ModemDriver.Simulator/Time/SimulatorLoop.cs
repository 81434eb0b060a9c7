using System.IO.Pipelines;

namespace ModemDriver.Simulator.Time;

/// <summary>The one loop on which everything in the module happens: runs one callback at a time, in order.</summary>
/// <remarks>Not a thread: it borrows one from its scheduler while there is something to do.</remarks>
internal sealed class SimulatorLoop : SynchronizationContext, IThreadPoolWorkItem
{
    /// <summary>Callbacks run in one borrowing of a thread, so that other users of the scheduler get their turn.</summary>
    private const int TurnBudget = 64;

    private readonly Lock _gate = new();
    // A callback is a SendOrPostCallback, or an Action<object?> of a pipe: kept as it is, it needs no box.
    private readonly Queue<(Delegate Callback, object? State)> _queue = new();
    private readonly PipeScheduler _scheduler;
    private readonly Action<object?> _run;
    private bool _scheduled;

    internal SimulatorLoop(PipeScheduler scheduler)
    {
        _scheduler = scheduler;
        _run = _ => Run();
        Scheduler = new LoopScheduler(this);
    }

    /// <summary>Brings the continuations of pipes onto the loop.</summary>
    internal PipeScheduler Scheduler { get; }

    /// <summary>The first exception that left a callback: a defect of the simulator.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Called after each callback: what was written in it goes out together.</summary>
    internal Action? AfterTurn { get; set; }

    /// <summary>Told of the first failure.</summary>
    internal Action<Exception>? Failed { get; set; }

    internal bool IsCurrent => ReferenceEquals(Current, this);

    internal void Post(Action action) => Post(static state => ((Action)state!)(), action);

    public override void Post(SendOrPostCallback d, object? state) => Enqueue(d, state);

    private void Enqueue(Delegate callback, object? state)
    {
        lock (_gate)
        {
            _queue.Enqueue((callback, state));
            if (_scheduled)
            {
                return;
            }

            _scheduled = true;
        }

        Schedule();
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("The simulator's loop is entered by Post only.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Starts asynchronous work on the loop. Cancellation ends it quietly; another exception is a failure.</summary>
    internal void Start(Func<Task> work) => Post(() => _ = WatchAsync(work));

    /// <summary>The same for work that is started on the loop already; runs to its first wait at once.</summary>
    internal void StartHere(Func<Task> work) => _ = WatchAsync(work);

    private async Task WatchAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // The module was reset, or switched off: what was under way ends without a word.
        }
#pragma warning disable CA1031 // Whatever it is, it must not be lost with the task: it becomes the loop's failure.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(failure);
        }
    }

    // The loop is a work item of the pool itself, since what the pool makes for each is memory.
    private void Schedule()
    {
        if (ReferenceEquals(_scheduler, PipeScheduler.ThreadPool))
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            _scheduler.Schedule(_run, null);
        }
    }

    void IThreadPoolWorkItem.Execute() => Run();

    private void Run()
    {
        SynchronizationContext? previous = Current;
        SetSynchronizationContext(this);
        try
        {
            for (int turn = 0; turn < TurnBudget; turn++)
            {
                (Delegate Callback, object? State) next;
                lock (_gate)
                {
                    if (!_queue.TryDequeue(out next))
                    {
                        _scheduled = false;
                        return;
                    }
                }

                RunOne(next.Callback, next.State);
            }
        }
        finally
        {
            SetSynchronizationContext(previous);
        }

        Schedule();
    }

    private void RunOne(Delegate callback, object? state)
    {
        try
        {
            if (callback is SendOrPostCallback posted)
            {
                posted(state);
            }
            else
            {
                ((Action<object?>)callback)(state);
            }

            AfterTurn?.Invoke();
        }
#pragma warning disable CA1031 // An exception must not leave the borrowed thread: it becomes the loop's failure.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(failure);
        }
    }

    private void Fail(Exception failure)
    {
        if (Failure is null)
        {
            Failure = failure;
            Failed?.Invoke(failure);
        }
    }

    private sealed class LoopScheduler(SimulatorLoop loop) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state) => loop.Enqueue(action, state);
    }
}
