namespace ModemDriver.Cli;

/// <summary>
/// Input whose reads end at once when they are cancelled. A read of standard input itself hears no token: it goes on, on a
/// thread of the pool, and what it brings is for the next read.
/// </summary>
internal sealed class InterruptibleInput(Stream input) : Stream
{
    private const int BufferBytes = 16 * 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private Task<int>? _reading;
    private ReadOnlyMemory<byte> _left;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left.IsEmpty)
        {
            _reading ??= Task.Run(() => input.ReadAsync(_buffer).AsTask(), CancellationToken.None);
            int count = await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
            _reading = null;
            _left = _buffer.AsMemory(0, count);
        }

        int taken = Math.Min(buffer.Length, _left.Length);
        _left[..taken].CopyTo(buffer);
        _left = _left[taken..];
        return taken;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously.");

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // A stream in which a read stands is left to the end of the process.
    protected override void Dispose(bool disposing)
    {
        if (disposing && _reading is null)
        {
            input.Dispose();
        }

        base.Dispose(disposing);
    }
}
