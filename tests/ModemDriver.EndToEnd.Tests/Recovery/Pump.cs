using System.IO.Pipelines;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>Runs what it was given when a test says so, on the thread of the test.</summary>
internal sealed class Pump : PipeScheduler
{
    // Far more than any test has to do at one moment.
    private const int Most = 1_000_000;

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
    /// <returns>Whether anything was run.</returns>
    public bool Run()
    {
        int count = 0;
        while (TryTake(out (Action<object?> Action, object? State) item))
        {
            Assert.True(++count < Most, "it does not come to rest");
            item.Action(item.State);
        }

        return count > 0;
    }

    private bool TryTake(out (Action<object?> Action, object? State) item)
    {
        lock (_gate)
        {
            return _queue.TryDequeue(out item);
        }
    }
}
