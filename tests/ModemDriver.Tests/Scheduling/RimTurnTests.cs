using ModemDriver.Scheduling;

namespace ModemDriver.Tests.Scheduling;

public sealed class RimTurnTests
{
    private readonly RimTurn _turn = new(staysOnContext: true);

    [Fact]
    public async Task One_at_a_time_in_the_order_of_arrival()
    {
        Assert.True(_turn.EnterAsync(CancellationToken.None).IsCompletedSuccessfully);
        Task second = _turn.EnterAsync(CancellationToken.None);
        Task third = _turn.EnterAsync(CancellationToken.None);
        Assert.False(_turn.TryEnter());

        _turn.Leave();
        await second;
        Assert.False(third.IsCompleted);

        _turn.Leave();
        await third;

        _turn.Leave();
        Assert.True(_turn.TryEnter());
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_gives_its_turn_to_the_next()
    {
        await _turn.EnterAsync(CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        Task second = _turn.EnterAsync(cancellation.Token);
        Task third = _turn.EnterAsync(CancellationToken.None);

        await cancellation.CancelAsync();
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(cancellation.Token, thrown.CancellationToken);

        _turn.Leave();
        await third;
    }

    [Fact]
    public async Task A_turn_that_has_come_is_not_taken_back()
    {
        await _turn.EnterAsync(CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        Task second = _turn.EnterAsync(cancellation.Token);

        _turn.Leave();
        await cancellation.CancelAsync();

        await second;
        Assert.False(_turn.TryEnter());
    }

    [Fact]
    public async Task A_token_that_has_fired_takes_no_turn()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _turn.EnterAsync(cancellation.Token));
        Assert.True(_turn.TryEnter());
    }

    [Fact]
    public async Task A_wait_goes_on_in_the_context_of_its_caller_where_it_is_told_to()
    {
        var context = new CountingContext();
        await _turn.EnterAsync(CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        SynchronizationContext? before = SynchronizationContext.Current;
        Task second;
        try
        {
            SynchronizationContext.SetSynchronizationContext(context);
            second = _turn.EnterAsync(cancellation.Token);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        _turn.Leave();
        await second;
        Assert.Equal(1, context.Posts);
    }

    private sealed class CountingContext : SynchronizationContext
    {
        public int Posts { get; private set; }

        public override void Post(SendOrPostCallback d, object? state)
        {
            Posts++;
            d(state);
        }
    }
}
