using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace ModemDriver.Simulator.Time;

/// <summary>Only queues; who pumps it runs everything.</summary>
internal sealed class PumpScheduler : PipeScheduler
{
    private readonly ConcurrentQueue<(Action<object?> Action, object? State)> _queue = new();

    public override void Schedule(Action<object?> action, object? state) => _queue.Enqueue((action, state));

    internal void RunAll()
    {
        while (_queue.TryDequeue(out (Action<object?> Action, object? State) next))
        {
            next.Action(next.State);
        }
    }
}
