using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Testing;
using ModemDriver.Diagnostics;
using ModemDriver.Lifecycle;
using ModemDriver.Tests.Channel;

namespace ModemDriver.Tests.Lifecycle;

public class EventQueueTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeLogger _logger = new();
    private readonly EventQueue _queue;

    public EventQueueTests() => _queue = new EventQueue(_logger, "port", PipeScheduler.ThreadPool);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handler_that_throws_is_logged_and_the_next_one_runs()
    {
        var next = new TaskCompletionSource();
        _queue.Post("StateChanged", () => throw new InvalidOperationException("the user's mistake"));
        _queue.Post("StateChanged", next.SetResult);

        await next.Task.WaitAsync(Deadline, Token);

        var record = Assert.Single(_logger.Collector.GetSnapshot());
        Assert.Equal(EventIds.HandlerFailed, record.Id.Id);
        Assert.Equal("the user's mistake", record.Exception?.Message);
    }

    [Fact]
    public async Task A_handler_that_never_returns_stops_nobody_and_what_does_not_fit_is_counted()
    {
        using var release = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        _queue.Post("UrcReceived", () =>
        {
            entered.SetResult();
            release.Wait(Deadline, CancellationToken.None);
        });
        await entered.Task.WaitAsync(Deadline, Token);

        var ran = 0;
        var last = new TaskCompletionSource();
        for (var i = 0; i < 1023; i++)
        {
            _queue.Post("UrcReceived", () => Interlocked.Increment(ref ran));
        }

        _queue.Post("UrcReceived", last.SetResult);
        _queue.Post("UrcReceived", () => Interlocked.Increment(ref ran));
        Assert.Equal(1, _queue.Dropped);

        release.Set();
        await last.Task.WaitAsync(Deadline, Token);
        Assert.Equal(1023, ran);
    }

    [Fact]
    public void Handlers_run_in_order_where_callers_are_told_and_not_before()
    {
        var rim = new HandPump();
        var queue = new EventQueue(_logger, "port", rim);
        var seen = new List<int>();
        queue.Post("StateChanged", () =>
        {
            seen.Add(1);
            queue.Post("StateChanged", () => seen.Add(3));
        });
        queue.Post("StateChanged", () => seen.Add(2));
        Assert.Empty(seen);

        rim.Run();
        Assert.Equal([1, 2, 3], seen);

        queue.Post("StateChanged", () => seen.Add(4));
        rim.Run();
        Assert.Equal([1, 2, 3, 4], seen);
    }
}
