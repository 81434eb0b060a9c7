using Microsoft.Extensions.Time.Testing;
using ModemDriver.Clients;

namespace ModemDriver.Tests.Clients;

public sealed class WatchedConnectionTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly SlowStream _slow = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _slow.Dispose();

    [Fact]
    public async Task A_long_write_that_goes_on_needs_no_heartbeat()
    {
        await using WatchedConnection connection = NewConnection();
        Task watch = connection.WatchAsync();
        Task write = connection.WriteAsync(new byte[100_000], Token).AsTask();

        // Ten times as long as a heartbeat may wait, in all.
        while (!write.IsCompleted)
        {
            Task asked = _slow.AskedAsync();
            if (await Task.WhenAny(asked, write).WaitAsync(Deadline, Token) == asked)
            {
                _time.Advance(TimeSpan.FromSeconds(50));
                _slow.Take();
            }
        }

        await write;
        Assert.Null(connection.Failure);
        Assert.False(watch.IsCompleted);
        Assert.Equal(100_000, _slow.Taken);
    }

    [Fact]
    public async Task A_write_that_stands_still_ends_the_connection()
    {
        await using WatchedConnection connection = NewConnection();
        Task watch = connection.WatchAsync();
        Task write = connection.WriteAsync(new byte[100_000], Token).AsTask();
        await _slow.AskedAsync().WaitAsync(Deadline, Token);

        using CancellationTokenSource deadline = new(Deadline);
        while (!watch.IsCompleted)
        {
            deadline.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.IsType<TimeoutException>(connection.Failure);
        IOException thrown = await Assert.ThrowsAsync<IOException>(() => write.WaitAsync(Deadline, Token));
        Assert.IsType<TimeoutException>(thrown.InnerException);
    }

    private WatchedConnection NewConnection() => new(_slow, new ManagedTcpOptions
    {
        Heartbeat = "PING\n"u8.ToArray(),
        HeartbeatInterval = TimeSpan.FromSeconds(60),
        TimeProvider = _time,
    });

    /// <summary>Takes each write when it is told to.</summary>
    private sealed class SlowStream : Stream
    {
        private readonly SemaphoreSlim _asked = new(0);
        private readonly SemaphoreSlim _room = new(0);
        private readonly CancellationTokenSource _disposed = new();

        public int Taken { get; private set; }

        public override bool CanRead => false;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public Task AskedAsync() => _asked.WaitAsync();

        public void Take() => _room.Release();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _asked.Release();
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
                await _room.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
            {
                throw new ObjectDisposedException(nameof(SlowStream));
            }

            Taken += buffer.Length;
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
            _disposed.Cancel();
            base.Dispose(disposing);
        }
    }
}
