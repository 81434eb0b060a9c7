using System.Diagnostics;
using System.IO.Pipelines;

namespace ModemDriver.Scheduling;

/// <summary>
/// The modem's one loop: runs one callback at a time, in order. All that a modem does happens here, so its state needs
/// no lock. Inside, a plain await comes back to it.
/// </summary>
/// <remarks>
/// <para>The queue is drained by whoever owns the loop: a work item of the scheduler, or the transport's reader thread,
/// which runs what it has brought in place when the loop is idle. Waking the thread pool for every read costs a quarter
/// of a core at 921,600 bit/s; running in place costs under two percent.</para>
/// <para>User code never runs here. Results go out through <see cref="Rim"/>.</para>
/// </remarks>
internal sealed class ModemLoop : SynchronizationContext, IThreadPoolWorkItem
{
    // Enough for what one read of a port sets off; after that the reader must go back to reading.
    private const int InPlaceBudget = 64;

    // A pool thread gives way to others after this many callbacks.
    private const int PoolBudget = 4096;

    private static readonly SendOrPostCallback StartCall = static call => _ = ((CallBase)call!).StartAsync();

    private readonly Lock _gate = new();

    // In order, for whoever owns the loop alone. What others post comes behind it, by way of the second queue, under the gate.
    // A callback is a SendOrPostCallback, or an Action<object?> of a pipe: kept as it is, it needs no box.
    private readonly Queue<(Delegate Callback, object? State)> _queue = new();
    private readonly Queue<(Delegate Callback, object? State)> _posted = new();
    private volatile int _postedCount;
    private readonly PipeScheduler _scheduler;
    private Action<Exception>? _onFault;
    private bool _owned;

    /// <summary>Makes a loop.</summary>
    /// <param name="scheduler">Runs the loop when callbacks wait: the thread pool, or a pump in a simulation.</param>
    /// <param name="rim">Where callers are told of results.</param>
    public ModemLoop(PipeScheduler? scheduler = null, PipeScheduler? rim = null)
    {
        _scheduler = scheduler ?? PipeScheduler.ThreadPool;
        Rim = rim ?? PoolScheduler.Instance;
        StaysOnContext = rim is not null;
        AsScheduler = new LoopScheduler(this);
    }

    /// <summary>Where continuations of callers run; never on the loop.</summary>
    public PipeScheduler Rim { get; }

    /// <summary>
    /// Whether what awaits at the rim goes on in the context of its caller. False with the thread pool, where a caller's
    /// context might be one that it blocks. True with a scheduler that was given: whoever pumps it has all on one thread.
    /// </summary>
    public bool StaysOnContext { get; }

    /// <summary>Memory for what goes from the rim to the loop, and back.</summary>
    public BlockPool Blocks { get; } = new();

    /// <summary>The loop as a scheduler of pipes, for the side of a pipe that the driver holds.</summary>
    public PipeScheduler AsScheduler { get; }

    /// <summary>Whether the calling thread is running this loop.</summary>
    public bool IsCurrent => ReferenceEquals(Current, this);

    /// <summary>Names who is told of an exception that a callback let out; it never leaves the thread.</summary>
    public void OnFault(Action<Exception> handler) => _onFault = handler;

    /// <summary>Queues a callback. Never runs it.</summary>
    public override void Post(SendOrPostCallback d, object? state) => Enqueue(d, state);

    private void Enqueue(Delegate callback, object? state)
    {
        // A callback of the loop posts without the gate: it owns the queue. What others had posted before stays before.
        if (IsCurrent)
        {
            TakePosted();
            _queue.Enqueue((callback, state));
            return;
        }

        lock (_gate)
        {
            _posted.Enqueue((callback, state));
            _postedCount = _posted.Count;
            if (_owned)
            {
                return;
            }

            _owned = true;
        }

        Schedule();
    }

    /// <summary>Queues an action. Never runs it.</summary>
    public void Post(Action action) => Post(static state => ((Action)state!)(), action);

    /// <summary>Not supported: nothing waits for the loop by blocking.</summary>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("The modem's loop cannot be entered by blocking; post to it.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>
    /// Runs <paramref name="callback"/> in place when the loop is idle and the thread is inside no loop at all.
    /// </summary>
    /// <returns>Whether it ran; if not, the caller posts.</returns>
    public bool TryRunInPlace<TState>(ReadOnlySpan<byte> data, TState state, SpanCallback<TState> callback)
    {
        // A thread that is inside any loop, this one or another, never enters a second one.
        if (Current is not null)
        {
            return false;
        }

        lock (_gate)
        {
            if (_owned)
            {
                return false;
            }

            _owned = true;
        }

        SetSynchronizationContext(this);
        try
        {
            Guarded(data, state, callback);
            Drain(InPlaceBudget);
        }
        finally
        {
            SetSynchronizationContext(null);
        }

        Release();
        return true;
    }

    /// <summary>Runs an asynchronous method on the loop and hands its outcome to the caller at the rim.</summary>
    public Task<T> InvokeAsync<T>(Func<Task<T>> body)
    {
        var call = new Call<T>(this, body);
        Post(StartCall, call);
        return call.Task;
    }

    /// <summary>Runs an asynchronous method on the loop and hands its outcome to the caller at the rim.</summary>
    public Task InvokeAsync(Func<Task> body)
    {
        var call = new Call(this, body);
        Post(StartCall, call);
        return call.Task;
    }

    /// <summary>
    /// Follows a method that nobody waits for. It handles what it expects; anything else is a fault of the loop, and
    /// never lost.
    /// </summary>
    public void Watch(Task task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            _ = WatchAsync(task);
        }
    }

    private async Task WatchAsync(Task task)
    {
        await task.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (task.Exception is { } exception)
        {
            Fault(exception.InnerException ?? exception);
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
            _scheduler.Schedule(static loop => ((ModemLoop)loop!).RunFromPool(), this);
        }
    }

    void IThreadPoolWorkItem.Execute() => RunFromPool();

    private void RunFromPool()
    {
        var previous = Current;
        SetSynchronizationContext(this);
        try
        {
            Drain(PoolBudget);
        }
        finally
        {
            SetSynchronizationContext(previous);
        }

        Release();
    }

    private void Drain(int budget)
    {
        for (var i = 0; i < budget; i++)
        {
            TakePosted();
            if (!_queue.TryDequeue(out var item))
            {
                return;
            }

            Guarded(item.Callback, item.State);
        }
    }

    private void TakePosted()
    {
        if (_postedCount == 0)
        {
            return;
        }

        lock (_gate)
        {
            while (_posted.TryDequeue(out var item))
            {
                _queue.Enqueue(item);
            }

            _postedCount = 0;
        }
    }

    private void Release()
    {
        lock (_gate)
        {
            if (_queue.Count == 0 && _posted.Count == 0)
            {
                _owned = false;
                return;
            }
        }

        Schedule();
    }

    // Everything is caught: an exception must not end a pool thread or a transport's reader. It breaks the modem.
#pragma warning disable CA1031
    private void Guarded(Delegate callback, object? state)
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
        }
        catch (Exception exception)
        {
            Fault(exception);
        }
    }

    private void Guarded<TState>(ReadOnlySpan<byte> data, TState state, SpanCallback<TState> callback)
    {
        try
        {
            callback(data, state);
        }
        catch (Exception exception)
        {
            Fault(exception);
        }
    }
#pragma warning restore CA1031

    private void Fault(Exception exception)
    {
        Debug.Assert(IsCurrent, "callbacks run on the loop");
        _onFault?.Invoke(exception);
    }

    /// <summary>A callback that reads bytes which are valid during the call only.</summary>
    public delegate void SpanCallback<TState>(ReadOnlySpan<byte> data, TState state);

    // Completed only from inside a work item of the rim, so its continuations run there and not on the loop.
    private abstract class CallBase(ModemLoop loop)
    {
        private readonly Activity? _caller = Activity.Current;
        private Task? _outcome;

        protected abstract Task Begin();

        protected abstract void Settle(Task outcome);

        public async Task StartAsync()
        {
            // What the thread that brings the bytes was started for has nothing to do with this call. Ends with this method.
            if (Activity.Current != _caller)
            {
                Activity.Current = _caller;
            }

#pragma warning disable CA1031 // The exception is the caller's, whatever it is.
            try
            {
                _outcome = Begin();
            }
            catch (Exception exception)
            {
                _outcome = FromException(exception);
            }
#pragma warning restore CA1031

            await _outcome.ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            loop.Rim.Schedule(static call => ((CallBase)call!).Settle(((CallBase)call)._outcome!), this); // it has one
        }

        protected abstract Task FromException(Exception exception);
    }

    private sealed class Call(ModemLoop loop, Func<Task> body) : CallBase(loop)
    {
        private readonly TaskCompletionSource _completion = new();

        public Task Task => _completion.Task;

        protected override Task Begin() => body();

        protected override void Settle(Task outcome) => _completion.SetFromTask(outcome);

        protected override Task FromException(Exception exception) => Task.FromException(exception);
    }

    private sealed class Call<T>(ModemLoop loop, Func<Task<T>> body) : CallBase(loop)
    {
        private readonly TaskCompletionSource<T> _completion = new();

        public Task<T> Task => _completion.Task;

        protected override Task Begin() => body();

        protected override void Settle(Task outcome) => _completion.SetFromTask((Task<T>)outcome);

        protected override Task FromException(Exception exception) => System.Threading.Tasks.Task.FromException<T>(exception);
    }

    // The thread that has brought a result goes on with it if it can: the bytes are still in its cache. A thread that is
    // not of the pool has no queue of its own, and others take what waits in one.
    private sealed class PoolScheduler : PipeScheduler
    {
        public static PoolScheduler Instance { get; } = new();

        public override void Schedule(Action<object?> action, object? state) =>
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: true);
    }

    private sealed class LoopScheduler(ModemLoop loop) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state) => loop.Enqueue(action, state);
    }
}
