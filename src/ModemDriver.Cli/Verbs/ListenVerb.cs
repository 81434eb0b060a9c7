using System.CommandLine;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem listen</c>: the module accepts links; one gets standard input and output, or all an echo.</summary>
internal sealed class ListenVerb(ToolContext context)
{
    private readonly SessionOptions _options = new();

    private readonly Argument<int> _serverPort = new("SERVERPORT")
    {
        Description = "The TCP port on which the module listens, 1 to 65535.",
        CustomParser = result => CommonOptions.WholeNumber(result, "SERVERPORT", 1, 65_535),
    };

    private readonly Option<bool> _echo = new("--echo")
    {
        Description = "Sends back what comes on every link, until Ctrl-C or --count. Without it, the first link gets "
            + "standard input and output, and its end is the end of the run.",
    };

    private readonly Option<int?> _count = new("--count")
    {
        Description = "With --echo: ends after so many links.",
        HelpName = "N",
        CustomParser = result => CommonOptions.WholeNumber(result, "--count", 1, int.MaxValue),
    };

    private readonly Option<int> _max = new("--max")
    {
        Description = "Links at a time, 1 to 5; the module closes what comes beyond them.",
        HelpName = "N",
        DefaultValueFactory = _ => 5,
        CustomParser = result => CommonOptions.WholeNumber(result, "--max", 1, 5),
    };

    private readonly Option<int?> _idle = new("--idle")
    {
        Description = "Seconds of silence after which the module closes a link, 0 for never (as the module has it unless given).",
        HelpName = "SECONDS",
        CustomParser = result => CommonOptions.WholeNumber(result, "--idle", 0, 7200),
    };

    private readonly Option<TimeSpan?> _linger = CommonOptions.Seconds(
        "--linger", "Seconds of silence after the end of the input that end the run (2 unless given).");

    public Command Create()
    {
        var command = new Command("listen", "Has the module listen: standard input and output over the link of a peer.")
        {
            _serverPort,
            _echo,
            _count,
            _max,
            _idle,
            _linger,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(_count) is not null && !result.GetValue(_echo))
            {
                result.AddError("--count goes with --echo");
            }
        });
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        int? idle = parsed.GetValue(_idle);
        var request = new ListenRequest(parsed.GetValue(_serverPort))
        {
            MaxLinks = parsed.GetValue(_max),
            IdleTimeout = idle is null ? null : TimeSpan.FromSeconds(idle.Value),
        };
        ModemSession session = await ModemSession.OpenOnlineAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            LinkListener listener = await session.Modem.ListenAsync(request, cancellationToken).ConfigureAwait(false);
            await using (listener.ConfigureAwait(false))
            {
                ModuleAddresses own = await session.Modem.WiFi.ReadAddressesAsync(cancellationToken).ConfigureAwait(false);
                await context.Error.WriteLineAsync($"Listening on {own.Address}:{request.Port}.").ConfigureAwait(false);
                if (parsed.GetValue(_echo))
                {
                    await EchoAllAsync(parsed, listener, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await PipeOneAsync(parsed, listener, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        return ExitCode.Ok;
    }

    private async Task PipeOneAsync(ParseResult parsed, LinkListener listener, CancellationToken cancellationToken)
    {
        LinkStream link = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
        await using (link.ConfigureAwait(false))
        {
            // One link is all that there is room for in a shell; who else comes is turned away.
            await listener.DisposeAsync().ConfigureAwait(false);
            TimeSpan linger = parsed.GetValue(_linger) ?? TimeSpan.FromSeconds(2);
            var pump = new DuplexPump(link, context.OpenInput(), context.OpenOutput(), context.Time, linger);
            long started = context.Time.GetTimestamp();
            try
            {
                await pump.RunAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                var report = new AcceptedReport(
                    Peer(link), pump.BytesSent, pump.BytesReceived, context.Time.GetElapsedTime(started).TotalSeconds);
                await ReportAsync(parsed, context.Error, listener.Port, [report]).ConfigureAwait(false);
            }
        }
    }

    private async Task EchoAllAsync(ParseResult parsed, LinkListener listener, CancellationToken cancellationToken)
    {
        int? count = parsed.GetValue(_count);
        var echoes = new List<Task<AcceptedReport>>();
        while (count is null || echoes.Count < count)
        {
            LinkStream link = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
            echoes.RemoveAll(echo => count is null && echo.IsCompleted);
            echoes.Add(EchoAsync(parsed, link, cancellationToken));
        }

        AcceptedReport[] reports = await Task.WhenAll(echoes).ConfigureAwait(false);
        if (parsed.GetValue(_options.Json))
        {
            await ReportAsync(parsed, context.Out, listener.Port, reports).ConfigureAwait(false);
        }
    }

    private async Task<AcceptedReport> EchoAsync(ParseResult parsed, LinkStream link, CancellationToken cancellationToken)
    {
        long started = context.Time.GetTimestamp();
        byte[] buffer = new byte[4096];
        string? trouble = null;
        await using (link.ConfigureAwait(false))
        {
            try
            {
                int read;
                while ((read = await link.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
                {
                    await link.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                }
            }
            catch (IOException exception)
            {
                // The end of one link; the others go on.
                trouble = exception.Message;
            }
        }

        var report = new AcceptedReport(
            Peer(link), link.Info.BytesSent, link.Info.BytesReceived, context.Time.GetElapsedTime(started).TotalSeconds);
        if (!parsed.GetValue(_options.Json))
        {
            await context.Out.WriteLineAsync(
                $"{report.Peer ?? "unknown"}: {report.BytesReceived} bytes echoed{(trouble is null ? "" : $"; {trouble}")}")
                .ConfigureAwait(false);
        }

        return report;
    }

    private static string? Peer(LinkStream link) => link.RemoteEndPoint?.ToString();

    private async Task ReportAsync(
        ParseResult parsed, TextWriter writer, int port, IReadOnlyList<AcceptedReport> links)
    {
        if (parsed.GetValue(_options.Json))
        {
            await writer.WriteLineAsync(ToolJson.Print(new ListenReport(port, links), json => json.ListenReport))
                .ConfigureAwait(false);
        }
        else if (context.IsErrorTerminal)
        {
            foreach (AcceptedReport link in links)
            {
                await writer.WriteLineAsync(
                    $"{link.Peer ?? "unknown"}: {link.BytesSent} bytes sent, {link.BytesReceived} received, {link.Seconds:0.0} s")
                    .ConfigureAwait(false);
            }
        }
    }
}
