using System.Diagnostics.CodeAnalysis;
using ModemDriver.Links;
using ModemDriver.Scheduling;

namespace ModemDriver;

/// <summary>One link in transparent mode as a Stream: the port carries its bytes and nothing else.</summary>
/// <remarks>
/// <para>It reads and writes as <see cref="LinkStream"/> does, with two differences that lie in the mode. A write or a
/// flush has no verdict: <see cref="FlushAsync(CancellationToken)"/> completes when the port has taken the bytes. And
/// the end of the link is not always told: a module may make it anew by itself and say nothing;
/// <see cref="LossDetection"/> says what can be known. Reading gives 0 where the module has said, and confirmed, that the
/// peer has closed, and throws where it only is no longer there.</para>
/// <para>Payload that equals the escape sequence, alone or cut over several writes, reaches the peer: it is sent so
/// that the module cannot take it for the sequence.</para>
/// <para>While a module enters or leaves its data state, its own words (such as <c>OK</c> between line ends) come mixed
/// with the peer's bytes. In that time, a few milliseconds at each change and up to a second at the escape, the same
/// bytes from the peer would be taken for them.</para>
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "The field speaks of transparent sessions.")]
public sealed class TransparentSession : Stream
{
    private readonly TransparentLink _session;
    private readonly LinkSet _links;
    private readonly LinkStream _stream;
    private readonly ModemLoop _loop;
    private readonly TimeProvider _time;

    internal TransparentSession(TransparentLink session, LinkSet links, ModemLoop loop, TimeProvider time)
    {
        _session = session;
        _links = links;
        _loop = loop;
        _time = time;
        _stream = new LinkStream(session.Link, loop, time);
    }

    /// <summary>The link at this moment.</summary>
    public LinkInfo Info => _stream.Info;

    /// <summary>Whether the session is suspended: the module takes commands, and the link is kept.</summary>
    public bool IsSuspended => !_session.IsInData;

    /// <summary>What can be known about the loss of the link.</summary>
    public LossDetection LossDetection => _session.LossDetection;

    /// <inheritdoc/>
    public override bool CanRead => _stream.CanRead;

    /// <inheritdoc/>
    public override bool CanWrite => _stream.CanWrite;

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

    /// <summary>
    /// Goes back to the command state, and asks whether the link stands. What the peer sends meanwhile is kept and read
    /// in order; what is written waits for <see cref="ResumeAsync"/>. Does nothing when it is suspended.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait for the turn; an escape that was begun is finished.</param>
    /// <exception cref="LinkException">
    /// The link has ended; or the module obeyed the escape only after a repetition, so that the peer may have received
    /// it as data.
    /// </exception>
    /// <exception cref="ModemException">The module did not come back to the command state, or is gone.</exception>
    public Task SuspendAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => _links.SuspendAsync(_session, cancellationToken));

    /// <summary>Goes into the data state again. Does nothing when it is not suspended.</summary>
    /// <param name="cancellationToken">Ends the wait for the turn; what was begun is finished.</param>
    /// <exception cref="LinkException">The link has ended, or the module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is gone.</exception>
    public Task ResumeAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => LinkSet.ResumeAsync(_session, cancellationToken));

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _stream.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _stream.ReadAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => _stream.Read(buffer, offset, count);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => _stream.Read(buffer);

    /// <inheritdoc/>
    public override IAsyncResult BeginRead(
        byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        _stream.BeginRead(buffer, offset, count, callback, state);

    /// <inheritdoc/>
    public override int EndRead(IAsyncResult asyncResult) => _stream.EndRead(asyncResult);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _stream.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _stream.WriteAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => _stream.Write(buffer, offset, count);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => _stream.Write(buffer);

    /// <inheritdoc/>
    public override IAsyncResult BeginWrite(
        byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        _stream.BeginWrite(buffer, offset, count, callback, state);

    /// <inheritdoc/>
    public override void EndWrite(IAsyncResult asyncResult) => _stream.EndWrite(asyncResult);

    /// <summary>Waits until the port has taken all that was written before.</summary>
    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => _stream.FlushAsync(cancellationToken);

    /// <summary>Does nothing: what was written is on its way.</summary>
    public override void Flush() => _stream.Flush();

    /// <summary>Not supported.</summary>
    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>
    /// Wakes pending calls, sends what was accepted, leaves the data state, closes the link, brings the connection mode
    /// back, and waits for that, at most twice <see cref="LinkStream.DisposeLimit"/>.
    /// </summary>
    [SuppressMessage("Usage", "CA2215", Justification = "The base would only call Dispose, which this does first.")]
    public override async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(_loop.StaysOnContext);
        try
        {
            await _loop.InvokeAsync(() => LoopWait.ForAsync(_session.Restored, LinkStream.DisposeLimit, _time))
                .ConfigureAwait(_loop.StaysOnContext);
        }
        catch (TimeoutException)
        {
            // The module does not answer; the channel is finding that out, and the recovery brings its mode back.
        }

        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
