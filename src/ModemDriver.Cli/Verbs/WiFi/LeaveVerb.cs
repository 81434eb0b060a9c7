using System.CommandLine;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs.WiFi;

/// <summary><c>modem wifi leave</c>: out of the network.</summary>
internal sealed class LeaveVerb(ToolContext context)
{
    private readonly SessionOptions _options = new(kind: NetworkKind.None);

    public Command Create()
    {
        var command = new Command("leave", "Leaves the network; the module does not come back by itself.");
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ModemSession session = await ModemSession.OpenAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            AccessPointInfo? joined = await session.Modem.WiFi.ReadAccessPointAsync(cancellationToken)
                .ConfigureAwait(false);
            await session.Modem.WiFi.LeaveAsync(cancellationToken).ConfigureAwait(false);
            await context.Out.WriteLineAsync(parsed.GetValue(_options.Json)
                ? ToolJson.Print(new LeaveReport(joined?.Ssid), json => json.LeaveReport)
                : joined is null ? "The module was in no network." : $"Left {SafeText.Show(joined.Ssid)}.")
                .ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }
}
