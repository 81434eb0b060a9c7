using ModemDriver.Links;
using ModemDriver.Scheduling;

namespace ModemDriver.Tests.Review;

/// <summary>A stream after its end.</summary>
public sealed class LinkStreamTests
{
    [Fact]
    public async Task A_disposed_stream_says_so_to_readers_and_writers()
    {
        ModemLoop loop = new();
        LinkStream stream = new(new Link(loop, "10.0.0.1:80", 1, 4096), loop, TimeProvider.System);
        stream.Dispose();
        CancellationToken token = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.ReadAsync(new byte[1], token).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.WriteAsync(new byte[1], token).AsTask());
    }

    [Fact]
    public async Task A_write_that_waits_for_room_ends_when_the_peer_has_closed()
    {
        ModemLoop loop = new();
        Link link = new(loop, "10.0.0.1:80", 1, 4096);
        LinkStream stream = new(link, loop, TimeProvider.System);
        link.Become(LinkState.Open);
        CancellationToken token = TestContext.Current.CancellationToken;
        await stream.WriteAsync(new byte[4096], token);
        Task waiting = stream.WriteAsync(new byte[1], token).AsTask();
        Assert.False(waiting.IsCompleted);

        link.WasClosed = true;
        await loop.InvokeAsync(() =>
        {
            link.PeerHasClosed();
            return Task.CompletedTask;
        });

        await Assert.ThrowsAsync<IOException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(10), token));
    }
}
