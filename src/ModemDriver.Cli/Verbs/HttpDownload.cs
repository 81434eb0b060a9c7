using System.Globalization;
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
        using HttpResponseMessage response = await StartAsync(client, url, cancellationToken).ConfigureAwait(false);
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
        using var watch = new SilenceWatch(SilenceLimit, context.Time, cancellationToken);
        while (true)
        {
            watch.Restart();
            int read = await ReadAsync(body, buffer, watch).ConfigureAwait(false);
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

    private static async ValueTask<int> ReadAsync(Stream body, byte[] buffer, SilenceWatch watch)
    {
        try
        {
            return await body.ReadAsync(buffer, watch.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (watch.IsTooLong)
        {
            throw TooSilent(exception);
        }
    }

    private async Task<HttpResponseMessage> StartAsync(
        HttpClient client, Uri url, CancellationToken cancellationToken)
    {
        using var watch = new SilenceWatch(SilenceLimit, context.Time, cancellationToken);
        watch.Restart();
        try
        {
            return await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, watch.Token)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (watch.IsTooLong)
        {
            throw TooSilent(exception);
        }
    }

    private static ToolException TooSilent(Exception exception) => new(
        ExitCode.TimeLimit,
        string.Create(
            CultureInfo.InvariantCulture, $"The server sent nothing for {SilenceLimit.TotalSeconds:0} s: try again later."),
        exception);
}
