using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using ModemDriver.Clients.Ftp;

namespace ModemDriver.Tests.Ftp;

/// <summary>A file on its way: when it stands still, and when it is over.</summary>
public sealed class FtpTransferTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly SlowStream _data = new();
    private readonly TaskCompletionSource _said = new();
    private int _concluded;
    private int _told;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_read_stands_still_only_while_nothing_comes()
    {
        await using FtpTransferStream file = NewFile(isReading: true);
        byte[] buffer = new byte[8];
        for (int i = 0; i < 5; i++)
        {
            Task<int> reading = file.ReadAsync(buffer, Token).AsTask();
            _time.Advance(Limit - TimeSpan.FromSeconds(1));
            _data.Give("a");
            Assert.Equal(1, await reading);
        }

        Task<int> last = file.ReadAsync(buffer, Token).AsTask();
        _time.Advance(Limit - TimeSpan.FromSeconds(1));
        Assert.False(last.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        FtpException failure = await Assert.ThrowsAsync<FtpException>(() => last);
        Assert.Equal(FtpFailure.NoAnswer, failure.Reason);
        _said.SetResult();
    }

    // A slow line takes longer than the limit for a large write, though it never stands still.
    [Fact]
    public async Task A_large_write_may_take_longer_than_the_limit()
    {
        FtpTransferStream file = NewFile(isReading: false);
        Task writing = file.WriteAsync(new byte[4 * 8192], Token).AsTask();
        for (int i = 0; i < 4; i++)
        {
            Assert.False(writing.IsCompleted);
            await _data.WriteAsked(Token);
            _time.Advance(Limit - TimeSpan.FromSeconds(1));
            _data.TakeWrite();
        }

        await writing;
        _said.SetResult();
        await file.DisposeAsync();
        Assert.Equal(4 * 8192, _data.Written);
    }

    [Fact]
    public async Task A_write_that_stands_still_ends_and_the_file_is_not_said_to_be_there()
    {
        FtpTransferStream file = NewFile(isReading: false);
        Task writing = file.WriteAsync(new byte[10], Token).AsTask();
        await _data.WriteAsked(Token);
        _time.Advance(Limit);
        Assert.Equal(FtpFailure.NoAnswer, (await Assert.ThrowsAsync<FtpException>(() => writing)).Reason);

        // What the server says of it is read, and whatever it says has been told by the write.
        _said.SetException(new FtpException(FtpFailure.TransferCut, 426, "cut", null));
        await file.DisposeAsync();
        Assert.Equal((1, 1), (_concluded, _told));
    }

    [Fact]
    public async Task An_end_is_told_once_and_only_when_the_server_has_said_so()
    {
        FtpTransferStream file = NewFile(isReading: true);
        _data.End();
        Task<int> reading = file.ReadAsync(new byte[8], Token).AsTask();
        Assert.Equal((1, 0, false), (_concluded, _told, reading.IsCompleted));
        _said.SetResult();
        Assert.Equal(0, await reading);
        Assert.Equal((1, 1), (_concluded, _told));

        // By now another transfer may be on its way, whose end this is not.
        Assert.Equal(0, await file.ReadAsync(new byte[8], Token));
        await file.DisposeAsync();
        await file.DisposeAsync();
        Assert.Equal((1, 1), (_concluded, _told));
    }

    [Fact]
    public async Task A_file_that_was_cut_says_so_to_every_read_and_its_end_is_told_once()
    {
        FtpTransferStream file = NewFile(isReading: true);
        _data.End();
        _said.SetException(new FtpException(FtpFailure.TransferCut, 426, "cut", null));
        for (int i = 0; i < 2; i++)
        {
            FtpException failure = await Assert.ThrowsAsync<FtpException>(() => file.ReadAsync(new byte[8], Token).AsTask());
            Assert.Equal((FtpFailure.TransferCut, 426), (failure.Reason, failure.Code));
        }

        await file.DisposeAsync();
        Assert.Equal((1, 1), (_concluded, _told));
    }

    [Fact]
    public async Task A_file_that_is_closed_while_the_server_is_silent_is_not_over()
    {
        FtpTransferStream file = NewFile(isReading: false);
        Task closing = file.DisposeAsync().AsTask();
        Assert.Equal((1, 0, false), (_concluded, _told, closing.IsCompleted));
        _said.SetResult();
        await closing;
        Assert.Equal((1, 1), (_concluded, _told));
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(60, 0)]
    [InlineData(3601, 60)]
    [InlineData(60, 3601)]
    public async Task Limits_beyond_their_range_are_refused(int reply, int stall)
    {
        var options = new FtpOptions("127.0.0.1") { ReplyLimit = TimeSpan.FromSeconds(reply), StallLimit = TimeSpan.FromSeconds(stall) };

        Assert.Throws<ArgumentOutOfRangeException>(options.Validate);
        new FtpOptions("127.0.0.1") { ReplyLimit = TimeSpan.FromHours(1), StallLimit = TimeSpan.FromHours(1) }.Validate();
        await Task.CompletedTask;
    }

    private FtpTransferStream NewFile(bool isReading) => new(
        _data,
        _time,
        Limit,
        isReading,
        _ =>
        {
            _concluded++;
            return _said.Task;
        },
        () => _told++);

    /// <summary>Gives what it is told to give, and takes a write when it is told to.</summary>
    private sealed class SlowStream : Stream
    {
        private readonly Channel<byte[]> _given = System.Threading.Channels.Channel.CreateUnbounded<byte[]>();
        private readonly Channel<TaskCompletionSource> _writes = System.Threading.Channels.Channel.CreateUnbounded<TaskCompletionSource>();
        private TaskCompletionSource? _write;

        public int Written { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Give(string text) => _given.Writer.TryWrite(System.Text.Encoding.ASCII.GetBytes(text));

        public void End() => _given.Writer.Complete();

        public async Task WriteAsked(CancellationToken cancellationToken) => _write = await _writes.Reader.ReadAsync(cancellationToken);

        public void TakeWrite() => _write!.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!await _given.Reader.WaitToReadAsync(cancellationToken))
            {
                return 0;
            }

            byte[] piece = await _given.Reader.ReadAsync(cancellationToken);
            piece.CopyTo(buffer);
            return piece.Length;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var taken = new TaskCompletionSource();
            _writes.Writer.TryWrite(taken);
            await taken.Task.WaitAsync(cancellationToken);
            Written += buffer.Length;
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
