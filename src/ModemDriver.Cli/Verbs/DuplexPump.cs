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
        using var silence = new SilenceWatch(linger, time, stop.Token);

        // A read of standard input cannot be cancelled; on a thread of the pool it does not hold up the end.
        Task upload = Task.Run(() => UploadAsync(stop.Token), stop.Token);
        Task download = DownloadAsync(silence, upload, stop.Token);

        if (await Task.WhenAny(upload, download).ConfigureAwait(false) == upload)
        {
            // Also when it has failed: what the peer said before it closed is worth reading.
            silence.Restart();
            await Task.WhenAll(upload, download).ConfigureAwait(false);
            return;
        }

        try
        {
            await download.ConfigureAwait(false);
            await CheckAllSentAsync(upload, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // The upload is not waited for: it may stand in a read of standard input.
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The peer has closed: was there something on the way to it?</summary>
    private async Task CheckAllSentAsync(Task upload, CancellationToken cancellationToken)
    {
        if (!Volatile.Read(ref _sending))
        {
            return;
        }

        try
        {
            // A peer that answers and closes at once may be ahead of the module's verdict on the last byte.
            await upload.WaitAsync(linger, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!Volatile.Read(ref _sending))
        {
            // It was sent after all, and the input waits for more.
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            throw new ToolException(
                ExitCode.Refused, "The other end closed the link before all of the input was sent.", exception);
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

    private async Task DownloadAsync(SilenceWatch silence, Task upload, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferBytes];
        try
        {
            int read;
            while ((read = await link.ReadAsync(buffer, silence.Token).ConfigureAwait(false)) > 0)
            {
                await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                Interlocked.Add(ref _received, read);
                if (upload.IsCompleted)
                {
                    silence.Restart();
                }
            }
        }
        catch (OperationCanceledException) when (
            silence.IsTooLong && !cancellationToken.IsCancellationRequested)
        {
            // The agreed end: nothing has come for the linger time.
        }

        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
