using Microsoft.Extensions.Time.Testing;
using ModemDriver.Scheduling;
using ModemDriver.Tests.Channel;

namespace ModemDriver.Tests.Scheduling;

public sealed class LoopWaitTests
{
    private readonly HandPump _pump = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ModemLoop _loop;
    private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LoopWaitTests() => _loop = new ModemLoop(_pump, _pump);

    [Fact]
    public void A_wait_ends_as_soon_as_the_loop_is_pumped_and_on_the_loop()
    {
        bool? isOnLoop = null;
        Task waiting = Start(async () =>
        {
            await LoopWait.ForAsync(_source.Task, TimeSpan.FromSeconds(1), _time);
            isOnLoop = _loop.IsCurrent;
        });
        Assert.False(waiting.IsCompleted);

        _source.SetResult();
        _pump.Run();

        Assert.True(waiting.IsCompletedSuccessfully);
        Assert.True(isOnLoop);
    }

    [Fact]
    public void A_wait_ends_by_its_limit()
    {
        Task waiting = Start(() => LoopWait.ForAsync(_source.Task, TimeSpan.FromSeconds(1), _time));

        _time.Advance(TimeSpan.FromSeconds(1));
        _pump.Run();

        Assert.IsType<TimeoutException>(waiting.Exception?.InnerException);
    }

    [Fact]
    public async Task A_wait_ends_by_its_token()
    {
        using CancellationTokenSource cancellation = new();
        Task waiting = Start(() => LoopWait.ForAsync(_source.Task, cancellation.Token));

        await cancellation.CancelAsync();
        _pump.Run();

        Assert.True(waiting.IsCanceled);
    }

    [Fact]
    public void A_wait_ends_with_the_failure_of_what_was_waited_for()
    {
        Task waiting = Start(() => LoopWait.ForAsync(_source.Task, TimeSpan.FromSeconds(1), _time));

        _source.SetException(new InvalidDataException());
        _pump.Run();

        Assert.IsType<InvalidDataException>(waiting.Exception?.InnerException);
    }

    private Task Start(Func<Task> body)
    {
        Task task = _loop.InvokeAsync(body);
        _pump.Run();
        return task;
    }
}
