using System.CommandLine;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs;

/// <summary>Standard input and output over a link, of whatever kind: what <c>tcp</c> and <c>transparent</c> share.</summary>
internal sealed class PipedLink(ToolContext context, SessionOptions options, string host, int port, TimeSpan linger)
{
    /// <summary>The silence after the end of the input that ends the run, unless another one is asked for.</summary>
    public static TimeSpan UsualLinger { get; } = TimeSpan.FromSeconds(2);

    public async Task<ExitCode> RunAsync(
        ParseResult parsed, Func<Modem, Task<Stream>> open, CancellationToken cancellationToken)
    {
        ModemSession session = await ModemSession.OpenOnlineAsync(options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            Stream link = await open(session.Modem).ConfigureAwait(false);
            await using (link.ConfigureAwait(false))
            {
                long started = context.Time.GetTimestamp();
                var pump = new DuplexPump(link, context.OpenInput(), context.OpenOutput(), context.Time, linger);
                try
                {
                    await pump.RunAsync(cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    double seconds = context.Time.GetElapsedTime(started).TotalSeconds;
                    await ReportAsync(
                        parsed, new TransferReport(host, port, pump.BytesSent, pump.BytesReceived, seconds))
                        .ConfigureAwait(false);
                }
            }
        }

        return ExitCode.Ok;
    }

    // To standard error, because standard output is the link's.
    private async Task ReportAsync(ParseResult parsed, TransferReport report)
    {
        if (parsed.GetValue(options.Json))
        {
            await context.Error.WriteLineAsync(ToolJson.Print(report, json => json.TransferReport))
                .ConfigureAwait(false);
        }
        else if (context.IsErrorTerminal)
        {
            await context.Error.WriteLineAsync(
                $"{report.BytesSent} bytes sent, {report.BytesReceived} received, {report.Seconds:0.0} s")
                .ConfigureAwait(false);
        }
    }
}
