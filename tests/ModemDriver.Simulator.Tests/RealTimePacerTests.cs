using System.Collections.Concurrent;
using ModemDriver.Simulator.Time;

namespace ModemDriver.Simulator.Tests;

/// <summary>What holds however slow the machine is: never early, in the order of the moments, and each ends.</summary>
public class RealTimePacerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(700)]
    [InlineData(3_000)]
    public async Task No_wait_ends_before_its_moment(int microseconds)
    {
        for (int i = 0; i < 20; i++)
        {
            long moment = Moment(microseconds);

            await RealTimePacer.Shared.UntilAsync(moment, Token).WaitAsync(Deadline, Token);

            Assert.True(TimeProvider.System.GetTimestamp() >= moment, "it ended too early");
        }
    }

    [Fact]
    public async Task A_wait_that_is_shorter_than_one_under_way_does_not_wait_for_it()
    {
        using CancellationTokenSource never = new();
        Task hours = RealTimePacer.Shared.UntilAsync(Moment(3_600_000_000), never.Token);

        await RealTimePacer.Shared.UntilAsync(Moment(2_000), Token).WaitAsync(Deadline, Token);

        Assert.False(hours.IsCompleted, "the long one goes on");
        await never.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hours.WaitAsync(Deadline, Token));
    }

    [Fact]
    public async Task Many_waits_at_once_all_end()
    {
        Random random = new(7);
        ConcurrentBag<bool> early = [];
        Task[] waits = [.. Enumerable.Range(0, 500).Select(_ => random.Next(1, 20_000)).Select(async microseconds =>
        {
            long moment = Moment(microseconds);
            await RealTimePacer.Shared.UntilAsync(moment, Token);
            early.Add(TimeProvider.System.GetTimestamp() < moment);
        })];

        await Task.WhenAll(waits).WaitAsync(Deadline, Token);

        Assert.Equal(500, early.Count);
        Assert.DoesNotContain(true, early);
    }

    private static long Moment(long microseconds) =>
        TimeProvider.System.GetTimestamp() + (microseconds * TimeProvider.System.TimestampFrequency / 1_000_000);
}
