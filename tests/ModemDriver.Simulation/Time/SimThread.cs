using System.IO.Pipelines;

namespace ModemDriver.Simulation.Time;

/// <summary>
/// The one thread of a run, as a queue: driver, module, peers, users and timers all take their turn here. Whatever comes
/// from another thread is a failure of the run, because it could not be repeated.
/// </summary>
internal sealed class SimThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private readonly Lock _gate = new();
    private readonly int _owner = Environment.CurrentManagedThreadId;

    /// <summary>Makes the queue of the calling thread.</summary>
    public SimThread() => Scheduler = new QueueScheduler(this);

    /// <summary>The queue as a scheduler of pipes and loops.</summary>
    public PipeScheduler Scheduler { get; }

    /// <summary>Where another thread was seen, by its stack; <see langword="null"/> while there was none.</summary>
    public string? Trespass { get; private set; }

    /// <summary>How many pieces of work have been done.</summary>
    public long Steps { get; private set; }

    /// <summary>The first exception that a piece of work let out.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        Check("work is queued");
        lock (_gate)
        {
            _queue.Enqueue((d, state));
        }
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing waits for the thread by blocking it.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Notes a call from a thread that is not the one of the run.</summary>
    public void Check(string what)
    {
        if (Environment.CurrentManagedThreadId != _owner)
        {
            lock (_gate)
            {
                Trespass ??= what + " from another thread:\n" + Environment.StackTrace;
            }
        }
    }

    /// <summary>Works until nothing waits.</summary>
    /// <returns>False if it does not come to rest.</returns>
    public bool RunAll(int most)
    {
        SynchronizationContext? previous = Current;
        SetSynchronizationContext(this);
        try
        {
            for (int done = 0; done < most; done++)
            {
                if (!TryTake(out (SendOrPostCallback Callback, object? State) next))
                {
                    return true;
                }

                Steps++;
                Run(next.Callback, next.State);
            }

            return false;
        }
        finally
        {
            SetSynchronizationContext(previous);
        }
    }

    private bool TryTake(out (SendOrPostCallback Callback, object? State) next)
    {
        lock (_gate)
        {
            return _queue.TryDequeue(out next);
        }
    }

    private void Run(SendOrPostCallback callback, object? state)
    {
        try
        {
            callback(state);
        }
#pragma warning disable CA1031 // It is kept: the run ends with it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failure ??= failure;
        }
    }

    private sealed class QueueScheduler(SimThread thread) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state) =>
            thread.Post(static item =>
            {
                (Action<object?> action, object? state) = ((Action<object?>, object?))item!;
                action(state);
            }, (action, state));
    }
}
