using System.Diagnostics.CodeAnalysis;
using ModemDriver.Lifecycle;
using ModemDriver.Scheduling;

namespace ModemDriver;

/// <summary>The bytes of a file that the module gets or puts, in pieces of its size.</summary>
/// <param name="loop">The modem's loop.</param>
/// <param name="ftp">The module's client, with the transfer begun.</param>
/// <param name="isReading">Whether it is a get.</param>
internal sealed class ModuleFtpData(ModemLoop loop, ModuleFtp ftp, bool isReading) : Stream
{
    private readonly byte[] _unsent = isReading ? [] : new byte[ftp.Piece];
    private ReadOnlyMemory<byte> _unread;
    private int _count;
    private bool _hasEnded;
    private bool _hasFailed;

    /// <inheritdoc/>
    public override bool CanRead => isReading;

    /// <inheritdoc/>
    public override bool CanWrite => !isReading;

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

    /// <summary>Ends it: of a put the server's word is waited for, what was not ended is given up.</summary>
    public async Task ConcludeAsync(CancellationToken cancellationToken)
    {
        if (!isReading && !_hasFailed)
        {
            await loop.InvokeAsync(() => ftp.EndPutAsync(cancellationToken)).ConfigureAwait(false);
        }
        else if (!_hasEnded)
        {
            await loop.InvokeAsync(ftp.GiveUpAsync).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_unread.IsEmpty && !_hasEnded && !buffer.IsEmpty)
        {
            _unread = await loop.InvokeAsync(() => ftp.FetchAsync(cancellationToken)).ConfigureAwait(false);
            _hasEnded = _unread.IsEmpty;
        }

        var count = Math.Min(buffer.Length, _unread.Length);
        _unread[..count].CopyTo(buffer);
        _unread = _unread[count..];
        return count;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var count = Math.Min(buffer.Length, _unsent.Length - _count);
            buffer[..count].CopyTo(_unsent.AsMemory(_count));
            buffer = buffer[count..];
            _count += count;
            if (_count == _unsent.Length)
            {
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_count == 0 || _hasFailed)
        {
            return;
        }

        // Sent as long as nothing says otherwise: nothing goes twice.
        var piece = _unsent.AsMemory(0, _count);
        _count = 0;
        _hasFailed = true;
        await loop.InvokeAsync(() => ftp.SendAsync(piece, cancellationToken)).ConfigureAwait(false);
        _hasFailed = false;
    }

    /// <inheritdoc/>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "The synchronous members of a Stream block by contract.")]
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "The synchronous members of a Stream block by contract.")]
    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "The synchronous members of a Stream block by contract.")]
    public override void Flush() => FlushAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
