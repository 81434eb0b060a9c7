namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>A cable that can be cut and mended: while it is cut nothing gets through, and neither side is told.</summary>
internal sealed class Cable
{
    private volatile bool _isCut;

    public void Cut() => _isCut = true;

    public void Mend() => _isCut = false;

    public Stream Through(Stream module) => new Wire(this, module);

    private sealed class Wire(Cable cable, Stream inner) : Stream
    {
        public override bool CanRead => inner.CanRead;

        public override bool CanWrite => inner.CanWrite;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count;
            do
            {
                count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            while (count > 0 && cable._isCut);

            return count;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            cable._isCut ? ValueTask.CompletedTask : inner.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
