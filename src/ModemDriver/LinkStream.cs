using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using ModemDriver.Links;
using ModemDriver.Scheduling;

namespace ModemDriver;

/// <summary>A TCP link of the module as a Stream.</summary>
/// <remarks>
/// <para>Reading gives what the peer sent, complete and in order; 0 only when the peer has closed; an
/// <see cref="IOException"/> with a <see cref="LinkException"/> inside when the link was lost. What had arrived before
/// the end, of either kind, is read first. A cancelled read loses nothing.</para>
/// <para>Writing completes when the bytes are accepted, into a bounded buffer; small writes made while a command runs
/// go out together. <see cref="FlushAsync(CancellationToken)"/> completes when the module's verdict on all of them has
/// come. A token ends a write only before its first byte was accepted; after that it is completed, so that no packet
/// is cut in two.</para>
/// <para>While the reader's buffer is full and more waits in the module, nothing is sent on this link: a peer that waits
/// to be read may not read either, and a send that waits for such a peer would hold up the fetch that frees it.</para>
/// <para>One reader and one writer at a time. Disposing wakes both, sends what was accepted, closes the link; it is
/// bounded in time and may be repeated. There is no half-close: modules of this kind have none.</para>
/// </remarks>
public sealed class LinkStream : Stream
{
    private readonly Link _link;
    private readonly ModemLoop _loop;
    private readonly TimeProvider _time;
    private readonly RimTurn _writeTurn;
    private Task _room = Task.CompletedTask;
    private int _isReading;
    private int _isDisposed;

    internal LinkStream(Link link, ModemLoop loop, TimeProvider time)
    {
        _link = link;
        _loop = loop;
        _time = time;
        _writeTurn = new RimTurn(loop.StaysOnContext);
    }

    /// <summary>
    /// The number of the link in the module. It may be given to another link after this one has ended.
    /// </summary>
    public int LinkId => _link.Id;

    /// <summary>
    /// The address of the peer that began the link; <see langword="null"/> for a link of your own, and where the module
    /// does not tell.
    /// </summary>
    public System.Net.IPEndPoint? RemoteEndPoint => _link.Remote;

    /// <summary>The link at this moment.</summary>
    public LinkInfo Info => _link.Info;

    /// <inheritdoc/>
    public override bool CanRead => Volatile.Read(ref _isDisposed) == 0;

    /// <inheritdoc/>
    public override bool CanWrite => Volatile.Read(ref _isDisposed) == 0;

    /// <summary>Always false: a link has no positions.</summary>
    public override bool CanSeek => false;

    /// <summary>Not supported.</summary>
    public override long Length => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what has arrived, or waits for the first of it. An empty buffer waits without reading.</summary>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is lost.</param>
    /// <returns>How many bytes were read; 0 when the peer has closed, or for an empty buffer.</returns>
    /// <exception cref="IOException">The link was lost; a <see cref="LinkException"/> is inside.</exception>
    /// <exception cref="ObjectDisposedException">The stream is or was disposed meanwhile.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isReading, 1) != 0)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
            throw new InvalidOperationException("Another read of this link is under way.");
        }

        try
        {
            while (true)
            {
                ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
                var result = await _link.ReceiveReader.ReadAsync(cancellationToken).ConfigureAwait(_loop.StaysOnContext);
                if (TryTake(result, buffer.Span, out var count))
                {
                    return count;
                }
            }
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
            CompleteReaderOnceDisposed();
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Reads, blocking the calling thread. Throws on the modem's own loop.</summary>
    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Block(ReadAsync(buffer.AsMemory(offset, count)).AsTask());
    }

    /// <summary>Reads, blocking the calling thread. Throws on the modem's own loop.</summary>
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var rented = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            var count = Read(rented, 0, buffer.Length);
            rented.AsSpan(0, count).CopyTo(buffer);
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <inheritdoc/>
    public override IAsyncResult BeginRead(
        byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc/>
    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    /// <summary>Accepts bytes for sending. Waits while the buffer is full.</summary>
    /// <param name="buffer">The bytes; free for other use when the call has completed.</param>
    /// <param name="cancellationToken">Ends the wait for the first byte to be accepted; then nothing is sent.</param>
    /// <exception cref="IOException">
    /// The link cannot send any more; a <see cref="LinkException"/> is inside.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The stream is or was disposed meanwhile.</exception>
    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        cancellationToken.ThrowIfCancellationRequested();
        await _writeTurn.EnterAsync(cancellationToken).ConfigureAwait(_loop.StaysOnContext);
        try
        {
            await _room.WaitAsync(cancellationToken).ConfigureAwait(_loop.StaysOnContext);
            while (!buffer.IsEmpty)
            {
                // Past the first piece the token is not looked at: a part of a packet would be worse than a late end.
                await _room.ConfigureAwait(_loop.StaysOnContext);
                var piece = buffer[..Math.Min(buffer.Length, _link.BufferBytes)];
                Accept(piece.Span);
                buffer = buffer[piece.Length..];
            }
        }
        finally
        {
            _writeTurn.Leave();
            CompleteWriterOnceDisposed();
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Writes, blocking the calling thread. Throws on the modem's own loop.</summary>
    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Block(WriteAsync(buffer.AsMemory(offset, count)).AsTask());
    }

    /// <summary>Writes, blocking the calling thread. Throws on the modem's own loop.</summary>
    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

    /// <inheritdoc/>
    public override IAsyncResult BeginWrite(
        byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc/>
    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    /// <summary>
    /// Waits until the module has taken all that was written before, and said so; or until the peer has acknowledged it,
    /// where the request of the link says so (<see cref="LinkRequest.FlushWaitsFor"/>).
    /// </summary>
    /// <param name="cancellationToken">Ends the wait only.</param>
    /// <exception cref="IOException">The link was lost first; a <see cref="LinkException"/> is inside.</exception>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        try
        {
            await _loop.InvokeAsync(_link.FlushAsync).WaitAsync(cancellationToken)
                .ConfigureAwait(_loop.StaysOnContext);
        }
        catch (LinkException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <summary>
    /// Does nothing: what was written is on its way. <see cref="FlushAsync(CancellationToken)"/> waits.
    /// </summary>
    public override void Flush()
    {
    }

    /// <summary>Not supported.</summary>
    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>
    /// Wakes pending calls, sends what was accepted, closes the link, and waits for its end, at most
    /// <see cref="DisposeLimit"/>.
    /// </summary>
    [SuppressMessage("Usage", "CA2215", Justification = "The base would only call Dispose, which this does first.")]
    public override async ValueTask DisposeAsync()
    {
        Dispose(disposing: true);
        try
        {
            // On the loop: a wait with a limit beside it would end by way of the thread pool.
            await _loop.InvokeAsync(() => LoopWait.ForAsync(_link.Ended, DisposeLimit, _time))
                .ConfigureAwait(_loop.StaysOnContext);
        }
        catch (TimeoutException)
        {
            // The module does not answer; the channel is finding that out, and the link ends with it.
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>How long <see cref="DisposeAsync"/> waits at most: 30 seconds.</summary>
    public static TimeSpan DisposeLimit { get; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _link.ReceiveReader.CancelPendingRead();
            _link.SendWriter.CancelPendingFlush();
            CompleteReaderOnceDisposed();
            CompleteWriterOnceDisposed();
            _link.RequestClose();
        }

        base.Dispose(disposing);
    }

    private bool TryTake(in ReadResult result, Span<byte> destination, out int count)
    {
        count = 0;
        var available = result.Buffer;
        if (!available.IsEmpty)
        {
            var taken = available.Slice(0, Math.Min(destination.Length, available.Length));
            taken.CopyTo(destination);
            count = (int)taken.Length;
            _link.ReceiveReader.AdvanceTo(taken.End);
            _link.NoteRead(count);
            return true;
        }

        _link.ReceiveReader.AdvanceTo(available.End);
        if (!result.IsCompleted)
        {
            return false;
        }

        if (_link.Fault is { } fault)
        {
            throw new IOException(
                fault.Message,
                new LinkException(fault.Reason, fault.LinkId, fault.EndPoint, fault.Message, fault.InnerException)
                {
                    Port = fault.Port,
                });
        }

        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        return true;
    }

    private void Accept(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        _link.SendWriter.Write(bytes);
        var flush = _link.SendWriter.FlushAsync(CancellationToken.None);
        if (flush.IsCompletedSuccessfully)
        {
            ThrowIfSendingHasEnded(flush.Result);
            _room = Task.CompletedTask;
        }
        else
        {
            // What ends the wait is looked at by the next piece, which finds the same end, and tells it by itself.
            _room = flush.AsTask();
        }

        _link.NoteWritten(bytes.Length);
    }

    private void ThrowIfSendingHasEnded(FlushResult result)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        if (result.IsCompleted)
        {
            var reason = _link.WhyNotSent();
            throw new IOException(reason.Message, reason);
        }
    }

    private void CompleteReaderOnceDisposed()
    {
        // Whoever comes second, the disposer or the reader, finds the other gone and frees the memory.
        if (Volatile.Read(ref _isDisposed) != 0 && Interlocked.CompareExchange(ref _isReading, 1, 0) == 0)
        {
            _link.ReceiveReader.Complete();
        }
    }

    private void CompleteWriterOnceDisposed()
    {
        // The turn is given back, for a writer that was about to wait for it: it is told that the stream is gone.
        if (Volatile.Read(ref _isDisposed) != 0 && _writeTurn.TryEnter())
        {
            _link.SendWriter.Complete();
            _writeTurn.Leave();
        }
    }

    [SuppressMessage("Usage", "VSTHRD002", Justification = "The synchronous members of a Stream block by contract.")]
    private T Block<T>(Task<T> task)
    {
        ThrowIfOnLoop();
        return task.GetAwaiter().GetResult();
    }

    [SuppressMessage("Usage", "VSTHRD002", Justification = "The synchronous members of a Stream block by contract.")]
    private void Block(Task task)
    {
        ThrowIfOnLoop();
        task.GetAwaiter().GetResult();
    }

    private void ThrowIfOnLoop()
    {
        if (_loop.IsCurrent)
        {
            throw new InvalidOperationException("The modem's loop must not be blocked; use the asynchronous members.");
        }
    }
}
