using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem restore</c>: the module as it left the factory. Asks first.</summary>
internal sealed class RestoreVerb(ToolContext context)
{
    private readonly SessionOptions _options = new(kind: NetworkKind.None);

    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Does not ask." };

    public Command Create()
    {
        var command = new Command(
            "restore", "Sets the module back to how it left the factory: networks, names, bit rate. Asks first.")
        {
            _yes,
        };
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!parsed.GetValue(_yes))
        {
            await AskAsync(_options.PortName(parsed)!, cancellationToken).ConfigureAwait(false); // the parser has seen to it
        }

        ModemSession session = await ModemSession.OpenAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            long started = context.Time.GetTimestamp();
            await session.Modem.RestoreFactoryAsync(cancellationToken).ConfigureAwait(false);
            var report = new RestartReport(
                session.Modem.State.ToString(), context.Time.GetElapsedTime(started).TotalSeconds);
            await context.Out.WriteLineAsync(parsed.GetValue(_options.Json)
                ? ToolJson.Print(report, json => json.RestartReport)
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"The module is as it left the factory, at {session.Modem.BitRate} bit/s."))
                .ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }

    // Before the port is opened: no is no byte.
    private async Task AskAsync(string port, CancellationToken cancellationToken)
    {
        await context.Error.WriteAsync(
            $"Everything that is stored in the module on {port} will be erased. Type yes to go on: ").ConfigureAwait(false);
        using var input = new StreamReader(context.OpenInput(), leaveOpen: true);
        string? answer = await input.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        if (!string.Equals(answer?.Trim(), "yes", StringComparison.OrdinalIgnoreCase))
        {
            await context.Error.WriteLineAsync().ConfigureAwait(false);
            throw new ToolException(ExitCode.Refused, "Nothing was done: it was not confirmed (--yes does not ask).");
        }
    }
}
