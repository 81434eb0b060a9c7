using System.IO.Pipelines;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ModemDriver.Diagnostics;

namespace ModemDriver.Lifecycle;

/// <summary>Carries events from the loop to the handlers of users: bounded, in order, at the rim.</summary>
/// <remarks>
/// A handler that throws is logged, and the next one runs. A handler that never returns stops only this queue, which
/// then drops and counts what it cannot hold; the modem goes on, and closing does not wait for it.
/// </remarks>
internal sealed class EventQueue
{
    private const int Capacity = 1024;

    private readonly Channel<(string Event, Action Handler)> _events;
    private readonly ILogger _logger;
    private readonly string _port;
    private readonly PipeScheduler _rim;
    private readonly ModemMetrics _metrics;
    private long _dropped;
    private int _isDispatching;

    /// <summary>Makes an empty queue whose handlers run where callers are told of results.</summary>
    public EventQueue(ILogger logger, string port, PipeScheduler rim, ModemMetrics? metrics = null)
    {
        _metrics = metrics ?? new ModemMetrics(port);
        _rim = rim;
        _logger = logger;
        _port = port;
        _events = System.Threading.Channels.Channel.CreateBounded<(string, Action)>(
            new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true });
    }

    /// <summary>How many events found the queue full.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Queues a call of a handler. Called on the loop.</summary>
    public void Post(string name, Action handler)
    {
        if (!_events.Writer.TryWrite((name, handler)))
        {
            _metrics.CountEventDropped();
            Log.HandlerQueueFull(_logger, _port, Interlocked.Increment(ref _dropped));
            return;
        }

        if (Interlocked.Exchange(ref _isDispatching, 1) == 0)
        {
            _rim.Schedule(static queue => ((EventQueue)queue!).Dispatch(), this);
        }
    }

    /// <summary>No further events; what is queued is still delivered.</summary>
    public void Complete() => _events.Writer.TryComplete();

    private void Dispatch()
    {
        do
        {
            while (_events.Reader.TryRead(out var queued))
            {
                Call(queued.Event, queued.Handler);
            }

            // What comes from here on finds nobody dispatching; what came just before is looked for once more.
            Volatile.Write(ref _isDispatching, 0);
        }
        while (_events.Reader.TryPeek(out _) && Interlocked.Exchange(ref _isDispatching, 1) == 0);
    }

    private void Call(string name, Action handler)
    {
#pragma warning disable CA1031 // A user's handler may throw anything; it is reported, and must not stop the others.
        try
        {
            handler();
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(_logger, _port, name, exception);
        }
#pragma warning restore CA1031
    }
}
