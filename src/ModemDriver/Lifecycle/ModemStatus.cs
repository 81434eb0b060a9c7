using Microsoft.Extensions.Logging;
using ModemDriver.Diagnostics;
using ModemDriver.Scheduling;

namespace ModemDriver.Lifecycle;

/// <summary>
/// The state of a modem, its first reason, and who waits for it. The one place where the state changes; used on the
/// loop, but for <see cref="State"/>.
/// </summary>
internal sealed class ModemStatus(
    ModemOptions options, ILogger logger, EventQueue events, string port, ModemMetrics metrics)
{
    private readonly List<(ModemState State, TaskCompletionSource Reached)> _waiters = [];
    private Exception? _reason;
    private int _state;

    /// <summary>Who is told of a change, off the loop; asked for each, so that nobody is told of what was before him.</summary>
    public Func<Action<ModemStateChange>?>? Listener { get; set; }

    /// <summary>The state; may be read from any thread.</summary>
    public ModemState State => (ModemState)Volatile.Read(ref _state);

    /// <summary>Whether commands of users can be run.</summary>
    public bool IsUsable => State is ModemState.Ready or ModemState.Joining or ModemState.Locked
        or ModemState.Searching or ModemState.Registered or ModemState.Attaching or ModemState.Online;

    /// <summary>Applies an event.</summary>
    /// <returns>What is to be done.</returns>
    public ModemEffects Apply(ModemEvent happened, Exception? reason)
    {
        var before = State;
        var (after, effects) = ModemStateMachine.Next(before, happened);
        if (after != before)
        {
            Volatile.Write(ref _state, (int)after);
            _reason = reason ?? _reason;
            Announce(before, after, happened, reason);
        }

        return effects;
    }

    /// <summary>Waits until the modem is in a state.</summary>
    /// <exception cref="TimeoutException">It did not come to it in time.</exception>
    /// <exception cref="ModemClosedException">It was closed or is faulted, and will not come to it.</exception>
    public async Task WaitAsync(ModemState state, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (State == state)
        {
            return;
        }

        if (State is ModemState.Closed or ModemState.Faulted)
        {
            throw NewClosed();
        }

        var entry = (state, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiters.Add(entry);
        try
        {
            await LoopWait.ForAsync(entry.Item2.Task, limit, options.TimeProvider, cancellationToken);
        }
        finally
        {
            _waiters.Remove(entry);
        }
    }

    /// <summary>Refuses what needs a modem that takes commands.</summary>
    public void ThrowIfUnusable()
    {
        if (State == ModemState.OnlineData)
        {
            throw new DataStateException(
                $"{port} is in the data state of a transparent session; suspend that, or let it suspend for commands.")
            {
                Port = port,
                State = State,
            };
        }

        if (!IsUsable)
        {
            throw NewClosed();
        }
    }

    private void Announce(ModemState before, ModemState after, ModemEvent happened, Exception? reason)
    {
        Log.StateChanged(logger, port, before, after, happened.ToString(), reason);
        metrics.CountStateChange(before, after, MetricText<ModemEvent>.Of(happened), reason);
        options.Tap?.Remark($"{before} -> {after} ({happened})");
        if (Listener?.Invoke() is { } handler)
        {
            var change = new ModemStateChange(before, after, happened.ToString(), reason);
            events.Post(nameof(Modem.StateChanged), () => handler(change));
        }

        foreach (var (state, reached) in _waiters)
        {
            if (state == after)
            {
                reached.TrySetResult();
            }
            else if (after is ModemState.Closed or ModemState.Faulted)
            {
                reached.TrySetException(NewClosed());
            }
        }
    }

    private ModemClosedException NewClosed() => new(
        $"{port} is {State}{(_reason is null ? "." : ": " + _reason.Message)}", _reason)
    {
        Port = port,
        State = State,
    };
}
