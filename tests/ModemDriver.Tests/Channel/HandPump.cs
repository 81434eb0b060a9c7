using System.IO.Pipelines;

namespace ModemDriver.Tests.Channel;

/// <summary>A scheduler that runs only when a test says so, on the test's own thread.</summary>
internal sealed class HandPump : PipeScheduler
{
    private readonly Lock _gate = new();
    private readonly Queue<(Action<object?> Action, object? State)> _queue = new();

    public override void Schedule(Action<object?> action, object? state)
    {
        lock (_gate)
        {
            _queue.Enqueue((action, state));
        }
    }

    /// <summary>Runs until nothing waits.</summary>
    public void Run()
    {
        while (true)
        {
            (Action<object?> Action, object? State) item;
            lock (_gate)
            {
                if (!_queue.TryDequeue(out item))
                {
                    return;
                }
            }

            item.Action(item.State);
        }
    }
}
