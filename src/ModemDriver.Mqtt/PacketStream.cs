namespace ModemDriver.Mqtt;

/// <summary>What MQTTnet needs of a Stream and a link does not do by itself.</summary>
/// <remarks>
/// <para>Reads: MQTTnet reads two bytes of a header, then the length byte by byte. Here they come from a buffer.</para>
/// <para>Writes are all or nothing: a packet that a token cut half-way would put the connection out of step while
/// MQTTnet still believes in it. A token that fires before a write begins ends it; one that fires later has the write
/// run on for <see cref="WriteGrace"/>, after which the link is closed rather than continued with half a packet.</para>
/// </remarks>
internal sealed class PacketStream(Stream link, TimeProvider timeProvider) : Stream
{
    /// <summary>How long a cancelled write may take to complete. As the usual keep-alive allowance of brokers: 10 s.</summary>
    internal static readonly TimeSpan WriteGrace = TimeSpan.FromSeconds(10);

    // As much as MQTTnet reads at most in one go.
    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (_start == _end)
        {
            if (buffer.Length >= _buffer.Length)
            {
                return await link.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }

            // Both are set after the read has succeeded: a cancelled read leaves the buffer empty, not wrong.
            int read = await link.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
            (_start, _end) = (0, read);
        }

        int count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer.Span);
        _start += count;
        return count;
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task write = link.WriteAsync(buffer, CancellationToken.None).AsTask();
        if (!write.IsCompleted && cancellationToken.CanBeCanceled)
        {
            await CompleteAsync(write, cancellationToken).ConfigureAwait(false);
            return;
        }

        await write.ConfigureAwait(false);
    }

    /// <summary>Does nothing: what a link has accepted is sent without being asked to, and MQTT acknowledges by itself.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;

    public override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_start == _end)
        {
            return link.Read(buffer, offset, count);
        }

        int buffered = Math.Min(count, _end - _start);
        _buffer.AsSpan(_start, buffered).CopyTo(buffer.AsSpan(offset));
        _start += buffered;
        return buffered;
    }

    public override void Write(byte[] buffer, int offset, int count) => link.Write(buffer, offset, count);

    public override void Flush()
    {
        // As FlushAsync.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await link.DisposeAsync().ConfigureAwait(false);
        // Disposes the link once more, which does nothing.
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            link.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task CompleteAsync(Task write, CancellationToken cancellationToken)
    {
        if (await EndsFirstAsync(write, cancellationToken).ConfigureAwait(false))
        {
            await write.ConfigureAwait(false);
            return;
        }

        try
        {
            await write.WaitAsync(WriteGrace, timeProvider, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Half a packet may be out: only a new connection can follow. Closing the link ends the write, whose own
            // failure then says no more than this.
            await link.DisposeAsync().ConfigureAwait(false);
            await write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static async Task<bool> EndsFirstAsync(Task write, CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        CancellationTokenRegistration registration = cancellationToken.Register(cancelled.SetResult);
        await using (registration.ConfigureAwait(false))
        {
            return await Task.WhenAny(write, cancelled.Task).ConfigureAwait(false) == write;
        }
    }
}
