using System.IO.Pipelines;

namespace ModemDriver.Mqtt.Tests.Broker;

/// <summary>Two Streams joined in memory; what one side writes, the other reads. Bounded, so writers can be held up.</summary>
internal sealed class DuplexPipe
{
    private readonly Pipe _up;
    private readonly Pipe _down;
    private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isHeldUp;

    public DuplexPipe(int bound = 64 * 1024)
    {
        PipeOptions options = new(pauseWriterThreshold: bound, resumeWriterThreshold: bound / 2, useSynchronizationContext: false);
        (_up, _down) = (new Pipe(options), new Pipe(options));
        Client = new End(_down.Reader, _up.Writer, this);
        Server = new End(_up.Reader, _down.Writer, owner: null);
    }

    public Stream Client { get; }

    /// <summary>Ends when a write of the client is held up.</summary>
    public Task Stalled => _stalled.Task;

    /// <summary>From the next write of the client on nothing is taken from it.</summary>
    public void HoldUp() => _isHeldUp = true;

    public Stream Server { get; }

    private sealed class End(PipeReader reader, PipeWriter writer, DuplexPipe? owner) : Stream
    {

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
            ReadResult result = await reader.ReadAsync(cancellationToken);
            ObjectDisposedException.ThrowIf(result.IsCanceled, this);
            int count = (int)Math.Min(buffer.Length, result.Buffer.Length);
            int at = 0;
            foreach (ReadOnlyMemory<byte> segment in result.Buffer.Slice(0, count))
            {
                segment.CopyTo(buffer[at..]);
                at += segment.Length;
            }

            reader.AdvanceTo(result.Buffer.GetPosition(count));
            return count;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (owner is { _isHeldUp: true })
            {
                owner._stalled.TrySetResult();
                await owner._released.Task;
            }

            FlushResult result = await writer.WriteAsync(buffer, cancellationToken);
            if (result.IsCompleted || result.IsCanceled)
            {
                throw new IOException("The other side has gone.");
            }
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                owner?._released.TrySetException(new ObjectDisposedException(nameof(DuplexPipe)));
                writer.Complete();
                writer.CancelPendingFlush();
                reader.CancelPendingRead();
            }

            base.Dispose(disposing);
        }
    }
}
