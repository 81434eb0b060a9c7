using Microsoft.Extensions.Time.Testing;
using ModemDriver.Scheduling;
using ModemDriver.Tests.Channel;

namespace ModemDriver.Tests.Scheduling;

public class ModemLoopTests
{
    private readonly HandPump _pump = new();
    private readonly ModemLoop _loop;

    public ModemLoopTests() => _loop = new ModemLoop(_pump, _pump);

    [Fact]
    public void Posting_only_queues_and_callbacks_run_in_order_on_the_loop()
    {
        var seen = new List<string>();
        _loop.Post(() =>
        {
            seen.Add($"first {_loop.IsCurrent}");
            _loop.Post(() => seen.Add("third"));
        });
        _loop.Post(() => seen.Add("second"));
        Assert.Empty(seen);

        _pump.Run();

        Assert.Equal(["first True", "second", "third"], seen);
        Assert.False(_loop.IsCurrent);
    }

    [Fact]
    public void What_another_thread_has_posted_runs_before_what_a_callback_posts_after_that()
    {
        var seen = new List<string>();
        _loop.Post(() =>
        {
            _loop.Post(() => seen.Add("own, before"));
            var other = new Thread(() => _loop.Post(() => seen.Add("another's")));
            other.Start();
            Assert.True(other.Join(TimeSpan.FromSeconds(30)));
            _loop.Post(() => seen.Add("own, after"));
        });

        _pump.Run();

        Assert.Equal(["own, before", "another's", "own, after"], seen);
    }

    [Fact]
    public void It_cannot_be_entered_by_blocking() =>
        Assert.Throws<NotSupportedException>(() => _loop.Send(static _ => { }, null));

    [Fact]
    public void A_reader_runs_in_place_when_the_loop_is_idle_and_what_that_posts_runs_too()
    {
        var seen = new List<string>();

        var ran = OutsideAnyContext(() => _loop.TryRunInPlace("ab"u8, seen, (data, list) =>
        {
            list.Add($"{data.Length} bytes {_loop.IsCurrent}");
            _loop.Post(() => list.Add("posted"));
        }));

        Assert.True(ran);
        Assert.Equal(["2 bytes True", "posted"], seen);
    }

    [Fact]
    public void A_reader_does_not_run_in_place_while_something_waits()
    {
        _loop.Post(static () => { });

        Assert.False(OutsideAnyContext(() => _loop.TryRunInPlace("a"u8, 0, static (_, _) => Assert.Fail("it ran"))));
    }

    [Fact]
    public void A_thread_inside_another_context_never_enters()
    {
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new ModemLoop(_pump, _pump));
        try
        {
            Assert.False(_loop.TryRunInPlace("a"u8, 0, static (_, _) => Assert.Fail("it ran")));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    [Fact]
    public void An_exception_goes_to_the_handler_and_the_next_callback_runs()
    {
        Exception? fault = null;
        var next = false;
        _loop.OnFault(exception => fault = exception);
        _loop.Post(() => throw new InvalidOperationException("boom"));
        _loop.Post(() => next = true);

        _pump.Run();

        Assert.Equal("boom", fault?.Message);
        Assert.True(next);
    }

    [Fact]
    public void What_nobody_waits_for_is_watched()
    {
        Exception? fault = null;
        _loop.OnFault(exception => fault = exception);
        _loop.Post(() => _loop.Watch(FailLaterAsync()));

        _pump.Run();

        Assert.Equal("later", fault?.Message);
    }

    [Fact]
    public void An_outcome_is_handed_over_at_the_rim_and_never_on_the_loop()
    {
        var rim = new HandPump();
        var loop = new ModemLoop(_pump, rim);
        var call = loop.InvokeAsync(() => Task.FromResult(7));

        _pump.Run();
        Assert.False(call.IsCompleted);
        rim.Run();

        Assert.True(call.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failure_reaches_the_caller_whether_it_is_thrown_at_once_or_later(bool atOnce)
    {
        var call = _loop.InvokeAsync(() => atOnce ? throw new InvalidOperationException("later") : FailLaterAsync());

        _pump.Run();

        Assert.Equal("later", (await Assert.ThrowsAsync<InvalidOperationException>(() => call)).Message);
    }

    [Fact]
    public async Task Every_attempt_of_a_policy_is_on_the_loop_and_its_waits_are_on_the_given_clock()
    {
        var time = new FakeTimeProvider();
        var where = new List<bool>();
        var call = _loop.InvokeAsync(() => LoopPolicies.RetryAsync(
            time,
            new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)),
            static outcome => outcome < 3,
            () =>
            {
                where.Add(_loop.IsCurrent);
                return Task.FromResult(where.Count);
            },
            CancellationToken.None));

        _pump.Run();
        Assert.Equal([true], where);
        for (var i = 0; i < 2; i++)
        {
            time.Advance(TimeSpan.FromSeconds(4));
            _pump.Run();
        }

        Assert.Equal(3, await call);
        Assert.Equal([true, true, true], where);
    }

    [Fact]
    public async Task The_gate_lets_one_through_at_a_time_and_forgets_who_has_gone()
    {
        var gate = new LoopGate();
        using var gone = new CancellationTokenSource();
        await gate.EnterAsync(CancellationToken.None);
        var second = gate.EnterAsync(gone.Token);
        var third = gate.EnterAsync(CancellationToken.None);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);

        gate.Leave();

        await third.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private async Task FailLaterAsync()
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(turn.SetResult);
        await turn.Task;
        throw new InvalidOperationException("later");
    }

    private static bool OutsideAnyContext(Func<bool> body)
    {
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return body();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }
}
