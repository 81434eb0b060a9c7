using ModemDriver.Transport;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>A port on which bytes never stop coming, and none of them is an answer.</summary>
public sealed class FloodTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("noise")]
    [InlineData("\r\nRING\r\n")]
    [InlineData("\r\n+IPD,0,1460:")]
    [InlineData("\r\nOK\r\n\r\nOK\r\n")]
    public async Task A_port_that_never_stops_sending_is_given_up_in_time(string said)
    {
        using var flood = new FloodStream(said);
        ModemOptions options = new() { OpenTimeLimit = TimeSpan.FromSeconds(2) };
        TransportFactory factory = TransportFactory.ForStream("flood", _ => ValueTask.FromResult<Stream>(flood));

        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => Modem.OpenAsync(factory, options, Token)).Within(Token);

        Assert.True(failure is ModemException or TimeoutException, $"{failure}");
        Assert.True(flood.IsDisposed);
        Assert.InRange(flood.Sent, 1_000_000, long.MaxValue);
    }

    /// <summary>Gives the same piece again and again, as fast as it is read; takes whatever is written.</summary>
    private sealed class FloodStream(string said) : Stream
    {
        private readonly byte[] _piece = [.. Enumerable.Repeat(System.Text.Encoding.Latin1.GetBytes(said), 200).SelectMany(bytes => bytes)];
        private long _sent;

        public long Sent => Interlocked.Read(ref _sent);

        public bool IsDisposed { get; private set; }

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            int count = Math.Min(buffer.Length, _piece.Length);
            _piece.AsSpan(0, count).CopyTo(buffer.Span);
            Interlocked.Add(ref _sent, count);
            return count;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
