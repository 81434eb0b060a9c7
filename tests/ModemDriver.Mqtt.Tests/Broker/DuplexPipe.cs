using System.IO.Pipelines;

namespace ModemDriver.Mqtt.Tests.Broker;

/// <summary>Two Streams joined in memory; what one side writes, the other reads. Bounded, so writers can be held up.</summary>
internal sealed class DuplexPipe
{
    private readonly Pipe _up;
    private readonly Pipe _down;

    public DuplexPipe(int bound = 64 * 1024)
    {
        PipeOptions options = new(pauseWriterThreshold: bound, resumeWriterThreshold: bound / 2, useSynchronizationContext: false);
        (_up, _down) = (new Pipe(options), new Pipe(options));
        Client = new End(_down.Reader, _up.Writer);
        Server = new End(_up.Reader, _down.Writer);
    }

    public Stream Client { get; }

    public Stream Server { get; }

    private sealed class End(PipeReader reader, PipeWriter writer) : Stream
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
                writer.Complete();
                writer.CancelPendingFlush();
                reader.CancelPendingRead();
            }

            base.Dispose(disposing);
        }
    }
}
