using Microsoft.Extensions.Time.Testing;
using ModemDriver.Lifecycle;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;
using ModemDriver.Tests.Channel;

namespace ModemDriver.Tests.Lifecycle;

public sealed class NoticeBoardTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly HandPump _pump = new();
    private readonly ModemLoop _loop;
    private readonly FakeTimeProvider _time = new();
    private readonly NoticeBoard _board;

    public NoticeBoardTests()
    {
        _loop = new ModemLoop(_pump, _pump);
        _board = new NoticeBoard(_time);
    }

    [Fact]
    public async Task Everyone_who_waits_for_a_notice_is_told_of_it()
    {
        Task<bool> one = Wait(NoticeKind.ModuleReady);
        Task<bool> two = Wait(NoticeKind.ModuleReady);
        Task<bool> other = Wait(NoticeKind.AddressObtained);

        Post(NoticeKind.ModuleReady);

        Assert.True(one.IsCompletedSuccessfully && await one);
        Assert.True(two.IsCompletedSuccessfully && await two);
        Assert.False(other.IsCompleted);
    }

    [Fact]
    public void What_came_before_does_not_count()
    {
        Post(NoticeKind.ModuleReady);

        Assert.False(Wait(NoticeKind.ModuleReady).IsCompleted);
    }

    [Fact]
    public async Task A_wait_ends_by_its_limit_without_an_exception()
    {
        Task<bool> waiting = Wait(NoticeKind.ModuleReady);

        Advance(Limit - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(waiting.IsCompletedSuccessfully);
        Assert.False(await waiting);
        Post(NoticeKind.ModuleReady);
    }

    [Fact]
    public async Task A_token_ends_a_wait()
    {
        using var impatience = new CancellationTokenSource();
        Task<bool> waiting = WaitWith(impatience.Token);

        await impatience.CancelAsync();
        _pump.Run();

        Assert.True(waiting.IsCanceled);
    }

    private Task<bool> Wait(NoticeKind kind) => Start(() => _board.WaitAsync(kind, Limit, CancellationToken.None));

    private Task<bool> WaitWith(CancellationToken cancellationToken) =>
        Start(() => _board.WaitAsync(NoticeKind.ModuleReady, Limit, cancellationToken));

    private Task<bool> Start(Func<Task<bool>> wait)
    {
        Task<bool> task = _loop.InvokeAsync(wait);
        _pump.Run();
        return task;
    }

    private void Post(NoticeKind kind)
    {
        _loop.Post(() => _board.Post(kind));
        _pump.Run();
    }

    private void Advance(TimeSpan time)
    {
        _time.Advance(time);
        _pump.Run();
    }
}
