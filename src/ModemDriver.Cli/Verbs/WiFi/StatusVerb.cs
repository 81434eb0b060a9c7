using System.CommandLine;

namespace ModemDriver.Cli.Verbs.WiFi;

/// <summary><c>modem wifi status</c>: where the module is joined, and how.</summary>
internal sealed class StatusVerb(ToolContext context)
{
    private readonly SessionOptions _options = new(kind: NetworkKind.None);

    public Command Create()
    {
        var command = new Command("status", "Says where the module is joined, how strong, and with which addresses.");
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
            await WiFiFacts.ShowAsync(
                context,
                await WiFiFacts.ReadAsync(session.Modem, cancellationToken).ConfigureAwait(false),
                parsed.GetValue(_options.Json)).ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }
}
