namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// A pipe with a module at its end that answers inside the write: what is measured is the one who asks. Every line is
/// answered with OK, AT+CSQ with its answer before.
/// </summary>
internal sealed class InstantModule : Stream
{
    private readonly SignalledBytes _answers = new();
    private readonly byte[] _line = new byte[256];
    private int _length;

    /// <summary>How many bytes wait, as <c>SerialPort.BytesToRead</c> tells it.</summary>
    public int BytesToRead => _answers.Count;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => _answers.Take(buffer);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _answers.TakeAsync(buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        foreach (byte b in buffer)
        {
            if (b != '\n')
            {
                _line[_length++] = b;
                continue;
            }

            ReadOnlySpan<byte> line = _line.AsSpan(0, _length);
            _length = 0;
            _answers.Put(line.SequenceEqual("AT+CSQ\r"u8) ? "\r\n+CSQ: 20,99\r\n\r\nOK\r\n"u8 : "\r\nOK\r\n"u8);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _answers.End();
        base.Dispose(disposing);
    }
}
