using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem ping</c>: the round trip from the module to a host.</summary>
internal sealed class PingVerb(ToolContext context)
{
    private readonly SessionOptions _options = new();

    private readonly Argument<string> _host = new("HOST")
    {
        Description = "The other end, by name or address, as seen from the module's network.",
    };

    private readonly Option<int> _count = new("--count", "-c")
    {
        Description = "How often.",
        HelpName = "N",
        DefaultValueFactory = _ => 4,
        CustomParser = result => CommonOptions.WholeNumber(result, "--count", 1, 1_000_000),
    };

    private readonly Option<TimeSpan?> _interval = CommonOptions.Seconds(
        "--interval", "Seconds between two (1 unless given).");

    public Command Create()
    {
        var command = new Command("ping", "Measures the round trip from the module to a host.")
        {
            _host,
            _count,
            _interval,
        };
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string host = parsed.GetRequiredValue(_host);
        var roundTrips = new List<double?>();
        ModemSession session = await ModemSession.OpenOnlineAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            while (roundTrips.Count < parsed.GetValue(_count))
            {
                if (roundTrips.Count > 0)
                {
                    await Task.Delay(
                        parsed.GetValue(_interval) ?? TimeSpan.FromSeconds(1), context.Time, cancellationToken)
                        .ConfigureAwait(false);
                }

                roundTrips.Add(await PingAsync(parsed, session.Modem, host, cancellationToken).ConfigureAwait(false));
            }
        }

        return await FinishAsync(parsed, ToReport(host, roundTrips)).ConfigureAwait(false);
    }

    private async Task<double?> PingAsync(
        ParseResult parsed, Modem modem, string host, CancellationToken cancellationToken)
    {
        double? milliseconds = null;
        string line;
        try
        {
            milliseconds = (await modem.PingAsync(host, cancellationToken).ConfigureAwait(false)).TotalMilliseconds;
            line = string.Create(CultureInfo.InvariantCulture, $"answer from {host}: {milliseconds:0} ms");
        }
        catch (PingException failed)
        {
            line = $"no answer from {host} ({failed.Reason})";
        }

        if (!parsed.GetValue(_options.Json))
        {
            await context.Out.WriteLineAsync(line).ConfigureAwait(false);
        }

        return milliseconds;
    }

    private async Task<ExitCode> FinishAsync(ParseResult parsed, PingReport report)
    {
        CultureInfo plain = CultureInfo.InvariantCulture;
        await context.Out.WriteLineAsync(
            parsed.GetValue(_options.Json) ? ToolJson.Print(report, json => json.PingReport)
            : report.Received == 0 ? string.Create(plain, $"{report.Sent} sent, none answered")
            : string.Create(
                plain,
                $"{report.Sent} sent, {report.Received} answered: least {report.LeastMs:0} ms, "
                + $"mean {report.MeanMs:0.#} ms, most {report.MostMs:0} ms")).ConfigureAwait(false);
        return report.Received > 0
            ? ExitCode.Ok
            : throw new ToolException(
                ExitCode.Refused, $"{report.Host} has not answered; check that the module's network reaches it.");
    }

    private static PingReport ToReport(string host, List<double?> roundTrips)
    {
        double[] answered = [.. roundTrips.OfType<double>()];
        return new PingReport(
            host,
            roundTrips.Count,
            answered.Length,
            [.. roundTrips],
            answered.Length == 0 ? null : answered.Min(),
            answered.Length == 0 ? null : answered.Average(),
            answered.Length == 0 ? null : answered.Max());
    }
}
