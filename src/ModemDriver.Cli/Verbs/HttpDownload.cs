using ModemDriver.Cli.Output;
using Spectre.Console;

namespace ModemDriver.Cli.Verbs;

/// <summary>One GET, from the link to a file or to standard output, a buffer at a time.</summary>
internal sealed class HttpDownload(HttpMessageHandler handler, ToolContext context, bool showProgress)
{
    /// <summary>How long a server may be silent before and within its answer; curl users know such a limit as --speed-time.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(60);

    public async Task<HttpReport> RunAsync(Uri url, string file, CancellationToken cancellationToken)
    {
        long started = context.Time.GetTimestamp();
        using var client = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        using HttpResponseMessage response = await InTimeAsync(
            token => client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, token), cancellationToken)
            .ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw new ToolException(
                ExitCode.Refused,
                $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}; nothing was written.");
        }

        long written = await SaveAsync(response.Content, file, cancellationToken).ConfigureAwait(false);
        return new HttpReport(
            url.ToString(),
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString(),
            written,
            context.Time.GetElapsedTime(started).TotalSeconds);
    }

    private async Task<long> SaveAsync(HttpContent content, string file, CancellationToken cancellationToken)
    {
        Stream body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            Stream target = file == "-" ? context.OpenOutput() : Create(file);
            await using (target.ConfigureAwait(false))
            {
                return await CopyAsync(body, target, content.Headers.ContentLength, cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }

    private static FileStream Create(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ExitCode.Usage, $"--output {file} cannot be written: {exception.Message}", exception);
        }
    }

    private Task<long> CopyAsync(Stream body, Stream target, long? length, CancellationToken cancellationToken)
    {
        if (!showProgress || length is not long total)
        {
            return CopyAsync(body, target, _ => { }, cancellationToken);
        }

        return Screen.For(context.Error).Progress()
            .Columns(
                new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(),
                new RemainingTimeColumn())
            .StartAsync(progress =>
            {
                ProgressTask bar = progress.AddTask("body", maxValue: Math.Max(total, 1));
                return CopyAsync(body, target, read => bar.Increment(read), cancellationToken);
            });
    }

    private async Task<long> CopyAsync(
        Stream body, Stream target, Action<int> advance, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[16 * 1024];
        long copied = 0;
        while (true)
        {
            int read = await InTimeAsync(token => body.ReadAsync(buffer, token).AsTask(), cancellationToken)
                .ConfigureAwait(false);
            if (read == 0)
            {
                await target.FlushAsync(cancellationToken).ConfigureAwait(false);
                return copied;
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            copied += read;
            advance(read);
        }
    }

    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(SilenceLimit, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            return await work(either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (clock.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ToolException(
                ExitCode.TimeLimit, $"The server sent nothing for {SilenceLimit.TotalSeconds:0} s.", exception);
        }
    }
}
