namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>A cable that can be cut and mended: while it is cut nothing gets through, and neither side is told.</summary>
internal sealed class Cable
{
    private volatile bool _isCut;
    private volatile int _opened;
    private volatile int _deafUpTo;

    public void Cut() => _isCut = true;

    public void Mend() => _isCut = false;

    /// <summary>What is open now gets nothing through any more; what is opened from now on does.</summary>
    public void Deafen() => _deafUpTo = _opened;

    private bool LetsThrough(int number) => !_isCut && number > _deafUpTo;

    public Stream Through(Stream module) => new Wire(this, module, ++_opened);

    private sealed class Wire(Cable cable, Stream inner, int number) : Stream
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
            while (count > 0 && !cable.LetsThrough(number));

            return count;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            cable.LetsThrough(number) ? inner.WriteAsync(buffer, cancellationToken) : ValueTask.CompletedTask;

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
