using System.Diagnostics.CodeAnalysis;

namespace ModemDriver.Clients;

/// <summary>
/// A connection whose silence is noticed, in both directions: a heartbeat is sent when nothing else is, and the
/// connection ends when nothing comes.
/// </summary>
/// <remarks>Reads and writes may run at the same time, as of any Stream; the heartbeat waits for a write to end.</remarks>
internal sealed class WatchedConnection(Stream inner, ManagedTcpOptions options) : Stream
{
    // A write is seen to go on by as much: some seconds on a slow link.
    private const int Piece = 16 * 1024;

    private readonly TimeProvider _time = options.TimeProvider;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _ended = new();
    private long _lastSent = options.TimeProvider.GetTimestamp();
    private long _lastReceived = options.TimeProvider.GetTimestamp();
    private Exception? _failure;

    /// <summary>Why the watch has ended the connection; null if it has not.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <inheritdoc/>
    public override bool CanRead => inner.CanRead;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => inner.CanWrite;

    /// <inheritdoc/>
    public override bool CanTimeout => inner.CanTimeout;

    /// <inheritdoc/>
    public override int ReadTimeout
    {
        get => inner.ReadTimeout;
        set => inner.ReadTimeout = value;
    }

    /// <inheritdoc/>
    public override int WriteTimeout
    {
        get => inner.WriteTimeout;
        set => inner.WriteTimeout = value;
    }

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Watches until the connection is disposed, or ended by the watch.</summary>
    public async Task WatchAsync()
    {
        try
        {
            while (NextCheck() is { } pause)
            {
                await Task.Delay(pause, _time, _ended.Token).ConfigureAwait(false);
                await CheckAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The connection is over, and with it the watch.
        }
#pragma warning disable CA1031 // Whatever a stream throws on a heartbeat is why the connection ends.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await FailAsync(exception).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _lastReceived, _time.GetTimestamp());
            return count > 0 || buffer.IsEmpty || Failure is not { } failure ? count : throw Ended(failure);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or IOException && Failure is not null)
        {
            throw Ended(Failure!);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "The synchronous members of a Stream block by contract.")]
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var rest = buffer;
            do
            {
                var piece = rest[..Math.Min(rest.Length, Piece)];
                await inner.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref _lastSent, _time.GetTimestamp());
                rest = rest[piece.Length..];
            }
            while (!rest.IsEmpty);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or IOException && Failure is not null)
        {
            throw Ended(Failure!);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "The synchronous members of a Stream block by contract.")]
    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ended.Cancel();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static IOException Ended(Exception failure) => new(failure.Message, failure);

    // Null: there is nothing to watch for.
    private TimeSpan? NextCheck()
    {
        var beat = options.Heartbeat.IsEmpty ? (TimeSpan?)null : Left(Volatile.Read(ref _lastSent), options.HeartbeatInterval);
        var silence = options.SilenceLimit is { } limit ? Left(Volatile.Read(ref _lastReceived), limit) : (TimeSpan?)null;
        return beat is null || silence < beat ? silence : beat;
    }

    private TimeSpan Left(long since, TimeSpan limit)
    {
        var left = limit - _time.GetElapsedTime(since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task CheckAsync()
    {
        if (options.SilenceLimit is { } limit && Left(Volatile.Read(ref _lastReceived), limit) == TimeSpan.Zero)
        {
            await FailAsync(new TimeoutException($"The peer has sent nothing for {limit}.")).ConfigureAwait(false);
            return;
        }

        if (!options.Heartbeat.IsEmpty
            && Left(Volatile.Read(ref _lastSent), options.HeartbeatInterval) == TimeSpan.Zero)
        {
            await BeatAsync().ConfigureAwait(false);
        }
    }

    // A send that hangs must not keep the silence from being noticed.
    private async Task BeatAsync()
    {
        var time = options.SilenceLimit is { } silence && silence < options.HeartbeatInterval
            ? silence
            : options.HeartbeatInterval;
        using var limit = new CancellationTokenSource(time, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _ended.Token);
        try
        {
            await WriteAsync(options.Heartbeat, both.Token).ConfigureAwait(false);
            await FlushAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (
            !_ended.IsCancellationRequested && Left(Volatile.Read(ref _lastSent), time) > TimeSpan.Zero)
        {
            // It stood behind a write of the user that goes on: there is no need for it.
        }
        catch (OperationCanceledException exception) when (!_ended.IsCancellationRequested)
        {
            throw new TimeoutException($"The heartbeat could not be sent within {time}.", exception);
        }
    }

    private async Task FailAsync(Exception failure)
    {
        if (Interlocked.CompareExchange(ref _failure, failure, null) is null)
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }
}
