using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ModemDriver.Diagnostics;

namespace ModemDriver.Lifecycle;

/// <summary>Carries events from the loop to the handlers of users: bounded, in order, on the thread pool.</summary>
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
    private long _dropped;
    private bool _isDispatching;

    /// <summary>Makes an empty queue.</summary>
    public EventQueue(ILogger logger, string port)
    {
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
            Log.HandlerQueueFull(_logger, _port, Interlocked.Increment(ref _dropped));
            return;
        }

        if (!_isDispatching)
        {
            _isDispatching = true;
            _ = Task.Run(DispatchAsync);
        }
    }

    /// <summary>No further events; what is queued is still delivered.</summary>
    public void Complete() => _events.Writer.TryComplete();

    private async Task DispatchAsync()
    {
        await foreach (var (name, handler) in _events.Reader.ReadAllAsync().ConfigureAwait(false))
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
}
