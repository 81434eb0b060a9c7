using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

public sealed class PacketStreamTests : IDisposable
{
    private readonly SlowLink _link = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _link.Dispose();

    [Fact]
    public async Task Reads_of_a_header_byte_by_byte_cost_one_read_of_the_link()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using var stream = new PacketStream(_link, _time);
        _link.Incoming.Enqueue([0x30, 0x03, 1, 2, 3]);
        _link.Incoming.Enqueue([0x40]);

        byte[] read = new byte[6];
        for (int i = 0; i < read.Length; i++)
        {
            Assert.Equal(1, await stream.ReadAsync(read.AsMemory(i, 1), token));
        }

        Assert.Equal<byte>([0x30, 0x03, 1, 2, 3, 0x40], read);
        Assert.Equal(2, _link.Reads);
        Assert.Equal(0, await stream.ReadAsync(read, token));
    }

    [Fact]
    public async Task A_token_that_has_fired_before_a_write_sends_nothing()
    {
        await using var stream = new PacketStream(_link, _time);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await stream.WriteAsync(new byte[3], new CancellationToken(canceled: true)));

        Assert.Empty(_link.Written);
    }

    [Fact]
    public async Task A_token_that_fires_during_a_write_does_not_cut_it()
    {
        using var source = new CancellationTokenSource();
        await using var stream = new PacketStream(_link, _time);
        ValueTask write = stream.WriteAsync(new byte[] { 1, 2, 3 }, source.Token);

        await source.CancelAsync();
        _link.AcceptWrite.SetResult();
        await write;

        Assert.Equal<byte>([1, 2, 3], _link.Written);
        Assert.False(_link.IsDisposed);
    }

    [Fact]
    public async Task A_cancelled_write_that_does_not_complete_closes_the_link()
    {
        using var source = new CancellationTokenSource();
        await using var stream = new PacketStream(_link, _time);
        Task write = stream.WriteAsync(new byte[] { 1, 2, 3 }, source.Token).AsTask();

        await source.CancelAsync();
        while (!write.IsCompleted)
        {
            // The grace begins when the cancellation has been seen, on another thread; time goes on until then.
            _time.Advance(PacketStream.WriteGrace);
            await Task.Yield();
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        Assert.True(_link.IsDisposed);
    }

    /// <summary>A link whose writes wait until they are accepted, or the link is disposed.</summary>
    private sealed class SlowLink : Stream
    {
        public Queue<byte[]> Incoming { get; } = new();

        public List<byte> Written { get; } = [];

        public TaskCompletionSource AcceptWrite { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Reads { get; private set; }

        public bool IsDisposed { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!Incoming.TryDequeue(out byte[]? piece))
            {
                return ValueTask.FromResult(0);
            }

            Reads++;
            piece.CopyTo(buffer);
            return ValueTask.FromResult(piece.Length);
        }

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await AcceptWrite.Task.WaitAsync(cancellationToken);
            Written.AddRange(buffer.Span);
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            AcceptWrite.TrySetException(new ObjectDisposedException(nameof(SlowLink)));
            base.Dispose(disposing);
        }
    }
}
