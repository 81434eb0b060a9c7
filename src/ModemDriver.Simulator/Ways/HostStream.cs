using System.IO.Pipelines;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Ways;

/// <summary>The host's end of the UART. Reading after an unplug first gives what had arrived, then throws.</summary>
internal sealed class HostStream(PipeReader reader, PipeWriter writer, ArrivalLog arrivals, Action unplug) : Stream
{
    private int _disposed;

    public override bool CanRead => !IsDisposed;

    public override bool CanWrite => !IsDisposed;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        ReadResult result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(IsDisposed || result.IsCanceled, this);
        int taken = reader.Take(result, buffer.Span);
        if (taken == 0 && result.IsCompleted && !buffer.IsEmpty)
        {
            throw new IOException("The module was unplugged.");
        }

        return taken;
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        arrivals.Add(buffer.Length);
        FlushResult result = await writer.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (result.IsCompleted)
        {
            throw new IOException("The module was unplugged.");
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

#pragma warning disable VSTHRD002 // Stream has synchronous members; they block their caller on the asynchronous ones.
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    public override void Flush()
    {
        // Nothing is held back on this side.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            // A pending read must end now; the reader itself is left for it to leave.
            reader.CancelPendingRead();
            writer.CancelPendingFlush();
            unplug();
        }

        base.Dispose(disposing);
    }
}
