using System.IO.Pipelines;
using ModemDriver.Simulator.Ways;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator;

/// <summary>The host's end of the UART, in the process: see <see cref="ModemSimulator.OpenStream"/>. Disposing it unplugs
/// the module. Reading after an unplug first gives what had arrived, then throws.</summary>
public sealed class HostStream : DuplexStream
{
    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;
    private readonly ArrivalLog _arrivals;
    private readonly Action _unplug;
    private volatile int _bitRate;
    private int _disposed;

    internal HostStream(PipeReader reader, PipeWriter writer, ArrivalLog arrivals, Action unplug)
    {
        _reader = reader;
        _writer = writer;
        _arrivals = arrivals;
        _unplug = unplug;
    }

    /// <summary>The bit rate of the host's port in bit/s. Where it differs from the module's by more than 3 %, both
    /// sides read garbage; it holds for what the module has not read yet. <see langword="null"/>, the default, always
    /// fits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public int? BitRate
    {
        get => _bitRate == 0 ? null : _bitRate;
        set
        {
            if (value is int rate)
            {
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate, nameof(value));
            }

            _bitRate = value ?? 0;
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => !IsDisposed;

    /// <inheritdoc/>
    public override bool CanWrite => !IsDisposed;

    private bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        ReadResult result = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(IsDisposed || result.IsCanceled, this);
        int taken = _reader.Take(result, buffer.Span);
        if (taken == 0 && result.IsCompleted && !buffer.IsEmpty)
        {
            throw new IOException("The module was unplugged.");
        }

        return taken;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        _arrivals.Add(buffer.Length);
        FlushResult result = await _writer.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (result.IsCompleted)
        {
            throw new IOException("The module was unplugged.");
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            // A pending read must end now; the reader itself is left for it to leave.
            _reader.CancelPendingRead();
            _writer.CancelPendingFlush();
            _unplug();
        }

        base.Dispose(disposing);
    }
}
