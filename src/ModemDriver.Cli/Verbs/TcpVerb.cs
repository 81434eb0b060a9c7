using System.CommandLine;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem tcp</c>: standard input and output over a link.</summary>
internal sealed class TcpVerb(ToolContext context)
{
    private readonly SessionOptions _options = new();

    private readonly Argument<string> _host = new("HOST")
    {
        Description = "The other end, by name or address, as seen from the module's network.",
    };

    private readonly Argument<int> _tcpPort = new("TCPPORT")
    {
        Description = "Its TCP port, 1 to 65535.",
        CustomParser = result => CommonOptions.WholeNumber(result, "TCPPORT", 1, 65_535),
    };

    private readonly Option<TimeSpan?> _linger = CommonOptions.Seconds(
        "--linger", "Seconds of silence after the end of the input that end the run (2 unless given).");

    public Command Create()
    {
        var command = new Command("tcp", "Sends standard input over a link, and prints what comes back.")
        {
            _host,
            _tcpPort,
            _linger,
        };
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string host = parsed.GetRequiredValue(_host);
        int port = parsed.GetValue(_tcpPort);
        TimeSpan linger = parsed.GetValue(_linger) ?? TimeSpan.FromSeconds(2);

        ModemSession session = await ModemSession.OpenOnlineAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            Stream link = await session.Modem.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
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
        if (parsed.GetValue(_options.Json))
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
