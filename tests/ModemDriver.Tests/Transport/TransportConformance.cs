using Microsoft.Extensions.Time.Testing;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Transport;

/// <summary>What every transport does. One subclass for each.</summary>
public abstract class TransportConformance
{
    private const int Many = 2 * 1024 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>More than the wire and everything around it takes when the other end does not read.</summary>
    private protected virtual int StuckBytes => 1024 * 1024;

    private protected abstract TransportRig CreateRig(TimeProvider timeProvider);

    private TransportRig CreateRig() => CreateRig(TimeProvider.System);

    [Fact]
    public async Task What_the_peer_sends_arrives_complete_and_in_order()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);
        byte[] sent = RandomBytes(Many);

        Task writing = rig.PeerWriteAsync(sent);
        await rig.Sink.WaitForAsync(sent.Length, Token);

        await writing.Within(Token);
        AssertSame(sent, rig.Sink.Bytes);
        rig.Sink.AssertContract(closings: 0);
    }

    [Fact]
    public async Task What_is_written_reaches_the_peer_complete_and_in_order()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);
        byte[] sent = RandomBytes(Many);

        Task<byte[]> reading = rig.PeerReadExactlyAsync(sent.Length);
        await WritePiecesAsync(rig.Transport, sent);

        AssertSame(sent, await reading.Within(Token));
    }

    [Fact]
    public async Task Both_directions_run_at_once_and_the_sink_is_called_from_one_thread_at_a_time()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);
        byte[] down = RandomBytes(Many / 2), up = RandomBytes(Many / 2);

        Task<byte[]> reading = rig.PeerReadExactlyAsync(down.Length);
        Task writing = rig.PeerWriteAsync(up);
        await WritePiecesAsync(rig.Transport, down);
        await rig.Sink.WaitForAsync(up.Length, Token);

        await writing.Within(Token);
        AssertSame(down, await reading.Within(Token));
        AssertSame(up, rig.Sink.Bytes);
        rig.Sink.AssertContract(closings: 0);
    }

    [Fact]
    public async Task One_write_may_be_larger_than_every_buffer()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);
        byte[] sent = RandomBytes(StuckBytes);

        Task<byte[]> reading = rig.PeerReadExactlyAsync(sent.Length);
        await rig.Transport.WriteAsync(sent, Token).Within(Token);

        AssertSame(sent, await reading.Within(Token));
    }

    [Fact]
    public async Task A_write_that_nobody_takes_can_be_cancelled_and_the_transport_then_closes()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);
        using CancellationTokenSource giveUp = new();

        ValueTask write = rig.Transport.WriteAsync(RandomBytes(StuckBytes), giveUp.Token);
        Assert.False(write.IsCompleted);
        await giveUp.CancelAsync();

        OperationCanceledException thrown =
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.Within(Token));
        Assert.Equal(giveUp.Token, thrown.CancellationToken);
        await rig.Transport.DisposeAsync().Within(Token);
        Assert.Null(await rig.Sink.Closed.Within(Token));
        rig.Sink.AssertContract(closings: 1);
    }

    [Fact]
    public async Task A_write_after_a_cancelled_one_goes_through()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);
        using CancellationTokenSource giveUp = new();
        ValueTask write = rig.Transport.WriteAsync(new byte[StuckBytes], giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.Within(Token));

        Task<bool> reading = ReadUntilAsync(rig, 1);
        await rig.Transport.WriteAsync(new byte[] { 1 }, Token).Within(Token);

        Assert.True(await reading.Within(Token));
    }

    [Fact]
    public async Task A_write_with_a_cancelled_token_sends_nothing()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => rig.Transport.WriteAsync("never"u8.ToArray(), new CancellationToken(canceled: true)).AsTask());
        await rig.Transport.WriteAsync("next"u8.ToArray(), Token).Within(Token);

        Assert.Equal("next"u8.ToArray(), await rig.PeerReadExactlyAsync(4).Within(Token));
    }

    [Fact]
    public async Task A_write_that_nobody_takes_for_the_limit_closes_the_transport_as_stalled()
    {
        FakeTimeProvider time = new();
        await using TransportRig rig = CreateRig(time);
        await rig.OpenAsync(Token);

        Task write = rig.Transport.WriteAsync(new byte[StuckBytes], Token).AsTask();
        await AdvanceUntilAsync(time, write);

        TransportException thrown = await Assert.ThrowsAsync<TransportException>(() => write);
        Assert.Equal(TransportFailure.Stalled, thrown.Failure);
        TransportException? reason = await rig.Sink.Closed.Within(Token);
        Assert.Equal(TransportFailure.Stalled, reason?.Failure);
        rig.Sink.AssertContract(closings: 1);
    }

    [Fact]
    public async Task Closing_while_nothing_moves_ends_with_no_reason()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);

        await rig.Transport.DisposeAsync().Within(Token);

        Assert.Null(await rig.Sink.Closed.Within(Token));
        rig.Sink.AssertContract(closings: 1);
    }

    [Fact]
    public async Task Closing_while_bytes_arrive_ends_with_no_reason()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);
        byte[] sent = RandomBytes(Many);
        Task writing = rig.PeerWriteAsync(sent);
        await rig.Sink.WaitForAsync(Many / 100, Token);

        await rig.Transport.DisposeAsync().Within(Token);

        Assert.Null(await rig.Sink.Closed.Within(Token));
        byte[] received = rig.Sink.Bytes;
        AssertSame(sent[..received.Length], received);
        rig.Sink.AssertContract(closings: 1);
        await Task.WhenAny(writing).Within(Token); // fails or not, as the wire has it
    }

    [Fact]
    public async Task Closing_while_a_write_waits_ends_the_write()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);
        Task write = rig.Transport.WriteAsync(new byte[StuckBytes], Token).AsTask();

        await rig.Transport.DisposeAsync().Within(Token);

        TransportException thrown = await Assert.ThrowsAsync<TransportException>(() => write.Within(Token));
        Assert.Equal(TransportFailure.Closed, thrown.Failure);
        Assert.Null(await rig.Sink.Closed.Within(Token));
        rig.Sink.AssertContract(closings: 1);
    }

    [Fact]
    public async Task Unplugging_while_idle_is_told_once_and_later_writes_fail()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);

        rig.Unplug();

        await AssertGoneAsync(rig);
    }

    [Fact]
    public async Task Unplugging_after_bytes_have_arrived_is_told_once_and_later_writes_fail()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);
        await rig.PeerWriteAsync(RandomBytes(Many / 10)).Within(Token);
        await rig.Sink.WaitForAsync(Many / 10, Token);

        rig.Unplug();

        await AssertGoneAsync(rig);
    }

    [Fact]
    public async Task Unplugging_while_a_write_waits_ends_the_write_and_is_told_once()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);
        Task write = rig.Transport.WriteAsync(new byte[StuckBytes], Token).AsTask();

        rig.Unplug();

        TransportException thrown = await Assert.ThrowsAsync<TransportException>(() => write.Within(Token));
        Assert.Equal(TransportFailure.Gone, thrown.Failure);
        await AssertGoneAsync(rig);
    }

    [Fact]
    public async Task Disposing_twice_or_at_once_from_many_threads_closes_once()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);

        await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => Task.Run(async () => await rig.Transport.DisposeAsync(), Token))).Within(Token);
        await rig.Transport.DisposeAsync().Within(Token);

        Assert.Null(await rig.Sink.Closed.Within(Token));
        rig.Sink.AssertContract(closings: 1);
    }

    [Fact]
    public async Task Disposing_from_the_sinks_own_thread_neither_hangs_nor_reenters_the_sink()
    {
        await using TransportRig rig = CreateRig();
        TaskCompletionSource<Task> disposing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Sink.OnReceived = () => disposing.TrySetResult(rig.Transport.DisposeAsync().AsTask());
        await rig.OpenAsync(Token);

        await rig.PeerWriteAsync("x"u8.ToArray()).Within(Token);

        await (await disposing.Task.Within(Token)).Within(Token);
        Assert.Null(await rig.Sink.Closed.Within(Token));
        rig.Sink.AssertContract(closings: 1);
    }

    [Fact]
    public async Task A_sink_that_throws_ends_the_transport_with_its_exception()
    {
        await using TransportRig rig = CreateRig();
        InvalidDataException failure = new("broken");
        rig.Sink.OnReceived = () => throw failure;
        await rig.OpenAsync(Token);

        await rig.PeerWriteAsync("x"u8.ToArray()).Within(Token);

        TransportException? reason = await rig.Sink.Closed.Within(Token);
        Assert.Same(failure, reason?.InnerException);
        rig.Sink.AssertContract(closings: 1);
    }

    [Fact]
    public async Task Opening_twice_is_refused_and_the_first_opening_stands()
    {
        await using TransportRig rig = CreateRig();
        await rig.OpenAsync(Token);

        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Transport.OpenAsync(new RecordingSink(), Token).AsTask());

        await rig.Transport.WriteAsync("on"u8.ToArray(), Token).Within(Token);
        Assert.Equal("on"u8.ToArray(), await rig.PeerReadExactlyAsync(2).Within(Token));
    }

    [Fact]
    public async Task A_disposed_transport_neither_opens_nor_writes()
    {
        await using TransportRig rig = CreateRig(new FakeTimeProvider());

        await rig.Transport.DisposeAsync().Within(Token);

        TransportException opening =
            await Assert.ThrowsAsync<TransportException>(() => rig.Transport.OpenAsync(rig.Sink, Token).AsTask());
        TransportException writing =
            await Assert.ThrowsAsync<TransportException>(() => rig.Transport.WriteAsync(new byte[1], Token).AsTask());
        Assert.Equal(TransportFailure.Closed, opening.Failure);
        Assert.Equal(TransportFailure.Closed, writing.Failure);
        rig.Sink.AssertContract(closings: 0);
    }

    [Fact]
    public async Task Writing_before_opening_and_two_writes_at_once_are_refused()
    {
        await using TransportRig rig = CreateRig();
        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Transport.WriteAsync(new byte[1], Token).AsTask());
        await rig.OpenAsync(Token);
        Task first = rig.Transport.WriteAsync(new byte[StuckBytes], Token).AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Transport.WriteAsync(new byte[1], Token).AsTask());

        Task<byte[]> reading = rig.PeerReadExactlyAsync(StuckBytes);
        await first.Within(Token);
        Assert.Equal(StuckBytes, (await reading.Within(Token)).Length);
    }

    [Fact]
    public async Task Opening_with_a_cancelled_token_ends_the_transport()
    {
        await using TransportRig rig = CreateRig(new FakeTimeProvider()); // closing must not wait for a limit

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => rig.Transport.OpenAsync(rig.Sink, new CancellationToken(canceled: true)).AsTask());

        await Assert.ThrowsAsync<TransportException>(() => rig.Transport.WriteAsync(new byte[1], Token).AsTask());
        rig.Sink.AssertContract(closings: 0);
    }

    private static async Task AssertGoneAsync(TransportRig rig)
    {
        TransportException? reason = await rig.Sink.Closed.Within(Token);
        Assert.Equal(TransportFailure.Gone, reason?.Failure);
        TransportException later =
            await Assert.ThrowsAsync<TransportException>(() => rig.Transport.WriteAsync(new byte[1], Token).AsTask());
        Assert.Equal(TransportFailure.Gone, later.Failure);
        Assert.NotSame(reason, later);
        await rig.Transport.DisposeAsync().Within(Token);
        rig.Sink.AssertContract(closings: 1);
    }

    private static async Task WritePiecesAsync(ITransport transport, ReadOnlyMemory<byte> data)
    {
        Random sizes = new(7);
        while (!data.IsEmpty)
        {
            int count = Math.Min(data.Length, sizes.Next(1, 64 * 1024));
            await transport.WriteAsync(data[..count], Token).Within(Token);
            data = data[count..];
        }
    }

    private static async Task<bool> ReadUntilAsync(TransportRig rig, byte end)
    {
        byte[] buffer = new byte[64 * 1024];
        while (await rig.PeerReadAsync(buffer) is var count and > 0)
        {
            if (buffer.AsSpan(0, count).Contains(end))
            {
                return true;
            }
        }

        return false;
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task task)
    {
        using CancellationTokenSource limit = new(Deadline.Limit);
        while (!task.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }
    }

    private protected static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    // Assert.Equal prints and compares megabytes slowly.
    private static void AssertSame(byte[] expected, byte[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.Equal(-1, expected.AsSpan().CommonPrefixLength(actual) is var same && same == expected.Length ? -1 : same);
    }
}
