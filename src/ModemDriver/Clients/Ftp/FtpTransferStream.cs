using System.Diagnostics.CodeAnalysis;
using System.Net.Security;

namespace ModemDriver.Clients.Ftp;

/// <summary>A file on its way. Its end counts only when the server has said so on the other connection.</summary>
internal sealed class FtpTransferStream : Stream
{
    // What passes within the limit also on a slow line.
    private const int WritePieceBytes = 8192;

    private readonly Stream _data;
    private readonly TimeProvider _time;
    private readonly TimeSpan _stallLimit;
    private readonly bool _isReading;
    private readonly Func<CancellationToken, Task> _conclude;
    private readonly Action _closed;
    private bool _isOver;
    private bool _isDisposed;
    private bool _hasFailed;
    private bool _hasTold;
    private FtpException? _failure;

    /// <summary>Takes a transfer that has begun.</summary>
    /// <param name="data">The connection of the data; closed with this.</param>
    /// <param name="time">What the limit is measured by.</param>
    /// <param name="stallLimit">How long it may stand still.</param>
    /// <param name="isReading">Whether the server sends.</param>
    /// <param name="conclude">Reads what the server says of the end, and throws if it is not good.</param>
    /// <param name="closed">Told when it is over, one way or the other.</param>
    public FtpTransferStream(
        Stream data, TimeProvider time, TimeSpan stallLimit, bool isReading, Func<CancellationToken, Task> conclude, Action closed)
    {
        _data = data;
        _time = time;
        _stallLimit = stallLimit;
        _isReading = isReading;
        _conclude = conclude;
        _closed = closed;
    }

    /// <inheritdoc/>
    public override bool CanRead => _isReading && !_isDisposed;

    /// <inheritdoc/>
    public override bool CanWrite => !_isReading && !_isDisposed;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_isReading)
        {
            throw new NotSupportedException("The file is being written.");
        }

        if (_isOver)
        {
            return _failure is { } failure ? throw new FtpException(failure.Reason, failure.Code, failure.Message, failure) : 0;
        }

        var count = await WithinAsync(token => _data.ReadAsync(buffer, token).AsTask(), cancellationToken).ConfigureAwait(false);
        if (count == 0 && buffer.Length > 0)
        {
            await EndAsync(cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "The synchronous members of a Stream block by contract.")]
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isReading)
        {
            throw new NotSupportedException("The file is being read.");
        }

        while (!buffer.IsEmpty)
        {
            // The limit is for a standstill, so each piece has its own.
            var piece = buffer[..Math.Min(buffer.Length, WritePieceBytes)];
            buffer = buffer[piece.Length..];
            await WithinAsync(
                async token =>
                {
                    await _data.WriteAsync(piece, token).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
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
    public override Task FlushAsync(CancellationToken cancellationToken) => _data.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => _data.Flush();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        try
        {
            if (!_isOver)
            {
                await CloseAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            TellClosed();
            await base.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "The synchronous members of a Stream block by contract.")]
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    // A file that was written is there only when the server says so. One that was not read to its end is given up: what the
    // server says of it is read, so that the next reply is the next command's, and means nothing.
    private async Task CloseAsync()
    {
        if (!_isReading && !_hasFailed)
        {
            await EndAsync(CancellationToken.None).ConfigureAwait(false);
            return;
        }

        await _data.DisposeAsync().ConfigureAwait(false);
        try
        {
            await _conclude(CancellationToken.None).ConfigureAwait(false);
        }
        catch (FtpException exception) when (exception.Code is not null || _hasFailed)
        {
            // 426 or 226, as it had all sent: either ends it. Whoever read or wrote has been told of a failure.
        }
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        _isOver = true;
        try
        {
            if (!_isReading)
            {
                await WithinAsync(
                    async token =>
                    {
                        await _data.FlushAsync(token).ConfigureAwait(false);
                        return true;
                    },
                    cancellationToken).ConfigureAwait(false);
            }

            if (_data is SslStream tls)
            {
                // Without its word of an end, a server cannot tell a whole file from a cut one.
                await WithinAsync(
                    async token =>
                    {
                        await tls.ShutdownAsync().WaitAsync(token).ConfigureAwait(false);
                        return true;
                    },
                    cancellationToken).ConfigureAwait(false);
            }

            await _data.DisposeAsync().ConfigureAwait(false);
            await _conclude(cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException exception)
        {
            _failure = exception;
            throw;
        }
        finally
        {
            TellClosed();
        }
    }

    // The next transfer may have begun since.
    private void TellClosed()
    {
        if (!_hasTold)
        {
            _hasTold = true;
            _closed();
        }
    }

    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(_stallLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        try
        {
            return await body(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            _hasFailed = true;
            throw new FtpException(
                FtpFailure.NoAnswer, null, $"Nothing was transferred for {_stallLimit.TotalSeconds:0.###} s.", exception);
        }
        catch
        {
            _hasFailed = true;
            throw;
        }
    }
}
