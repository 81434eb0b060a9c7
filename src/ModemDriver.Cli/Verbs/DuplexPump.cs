namespace ModemDriver.Cli.Verbs;

/// <summary>Input to a link and the link to output, at the same time, until one of the ends of <c>modem tcp</c>.</summary>
/// <remarks>
/// Ends when the peer has closed, or when the input has ended, all of it has been sent, and nothing has come for the
/// linger time. Both directions run at once: an echo server stops reading when nobody reads what it writes.
/// </remarks>
internal sealed class DuplexPump(Stream link, Stream input, Stream output, TimeProvider time, TimeSpan linger)
{
    private const int BufferBytes = 16 * 1024;

    private long _sent;
    private long _received;
    private bool _sending;

    public long BytesSent => Interlocked.Read(ref _sent);

    public long BytesReceived => Interlocked.Read(ref _received);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var silence = new CancellationTokenSource();
        using ITimer timer = time.CreateTimer(
            _ => silence.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        // A read of standard input cannot be cancelled; on a thread of the pool it does not hold up the end.
        Task upload = Task.Run(() => UploadAsync(stop.Token), stop.Token);
        Task download = DownloadAsync(timer, upload, silence.Token, stop.Token);

        if (await Task.WhenAny(upload, download).ConfigureAwait(false) == upload)
        {
            // Also when it has failed: what the peer said before it closed is worth reading.
            timer.Change(linger, Timeout.InfiniteTimeSpan);
            await Task.WhenAll(upload, download).ConfigureAwait(false);
            return;
        }

        try
        {
            await download.ConfigureAwait(false);
            if (Volatile.Read(ref _sending))
            {
                throw new ToolException(
                    ExitCode.Refused, "The other end closed the link before all of the input was sent.");
            }
        }
        finally
        {
            // The upload is not waited for: it may stand in a read of standard input.
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task UploadAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferBytes];
        int read;
        while ((read = await input.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            Volatile.Write(ref _sending, true);
            await link.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _sent, read);
            Volatile.Write(ref _sending, false);
        }

        // The module's verdict on the last byte, before silence is counted.
        Volatile.Write(ref _sending, true);
        await link.FlushAsync(cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _sending, false);
    }

    private async Task DownloadAsync(
        ITimer timer, Task upload, CancellationToken silence, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence, cancellationToken);
        byte[] buffer = new byte[BufferBytes];
        try
        {
            int read;
            while ((read = await link.ReadAsync(buffer, either.Token).ConfigureAwait(false)) > 0)
            {
                await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                Interlocked.Add(ref _received, read);
                if (upload.IsCompleted)
                {
                    timer.Change(linger, Timeout.InfiniteTimeSpan);
                }
            }
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested
                                                 && !cancellationToken.IsCancellationRequested)
        {
            // The agreed end: nothing has come for the linger time.
        }

        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
