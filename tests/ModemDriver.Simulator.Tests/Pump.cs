using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace ModemDriver.Simulator.Tests;

/// <summary>A scheduler that only queues, until it is pumped.</summary>
internal sealed class Pump : PipeScheduler
{
    private readonly ConcurrentQueue<(Action<object?> Action, object? State)> _queue = new();

    public override void Schedule(Action<object?> action, object? state) => _queue.Enqueue((action, state));

    internal void RunAll()
    {
        while (_queue.TryDequeue(out var next))
        {
            next.Action(next.State);
        }
    }
}
