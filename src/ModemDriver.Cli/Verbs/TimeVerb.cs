using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem time</c>: the time as the module fetches it from the network.</summary>
internal sealed class TimeVerb(ToolContext context)
{
    private readonly SessionOptions _options = new();

    private readonly Option<string[]> _servers = new("--server")
    {
        Description = "A time server (pool.ntp.org unless given); up to three, each with its own --server.",
        HelpName = "HOST",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<TimeSpan> _offset = new("--offset")
    {
        Description = "What the module's clock is to be ahead of UTC, as +02:00 or -03:30 (0 unless given).",
        HelpName = "OFFSET",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            string digits = text.TrimStart('+', '-');
            if (text.Length - digits.Length <= 1
                && TimeSpan.TryParseExact(digits, @"hh\:mm", CultureInfo.InvariantCulture, out TimeSpan offset)
                && (text[0] == '-' ? -offset : offset) is var signed
                && signed >= TimeSpan.FromHours(-12) && signed <= TimeSpan.FromHours(14))
            {
                return signed;
            }

            result.AddError($"--offset must be from -12:00 to +14:00, not '{text}'");
            return default;
        },
    };

    public Command Create()
    {
        var command = new Command("time", "Has the module fetch the time from the network, and prints it.")
        {
            _servers,
            _offset,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(_servers) is { Tokens.Count: > 3 })
            {
                result.AddError("--server may be given three times at most");
            }
        });
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var source = new NetworkTimeOptions { UtcOffset = parsed.GetValue(_offset) };
        if (parsed.GetValue(_servers) is { Length: > 0 } servers)
        {
            source = source with { Servers = servers };
        }

        ModemSession session = await ModemSession.OpenOnlineAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            DateTimeOffset time = await FetchAsync(session.Modem, source, cancellationToken).ConfigureAwait(false);
            DateTimeOffset here = context.Time.GetUtcNow();
            var report = new TimeReport(time, here, Math.Round((time - here).TotalSeconds));
            await context.Out.WriteLineAsync(parsed.GetValue(_options.Json)
                ? ToolJson.Print(report, json => json.TimeReport)
                : time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture)).ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }

    // A cellular module asks one server, once, and sets its clock by it.
    private static async Task<DateTimeOffset> FetchAsync(
        Modem modem, NetworkTimeOptions source, CancellationToken cancellationToken)
    {
        if (modem.Supports(ModemFeature.NetworkTime) || !modem.Supports(ModemFeature.ClockByNtp))
        {
            await modem.SetTimeSourceAsync(source, cancellationToken).ConfigureAwait(false);
            return await modem.WaitForTimeAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        ModuleTime? clock = await modem.Board.FetchTimeAsync(source.Servers[0], source.UtcOffset, cancellationToken)
            .ConfigureAwait(false);
        return clock?.Time ?? throw new ToolException(ExitCode.Refused, "The module's clock shows no time.");
    }
}
