using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem restart</c>: the module starts anew.</summary>
internal sealed class RestartVerb(ToolContext context)
{
    private readonly SessionOptions _options = new(kind: NetworkKind.None);

    public Command Create()
    {
        var command = new Command("restart", "Starts the module anew; what is not stored in it is forgotten.");
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
            long started = context.Time.GetTimestamp();
            await session.Modem.ResetModuleAsync(cancellationToken).ConfigureAwait(false);
            var report = new RestartReport(
                session.Modem.State.ToString(), context.Time.GetElapsedTime(started).TotalSeconds);
            await context.Out.WriteLineAsync(parsed.GetValue(_options.Json)
                ? ToolJson.Print(report, json => json.RestartReport)
                : string.Create(CultureInfo.InvariantCulture, $"The module has started anew, in {report.Seconds:0.0} s."))
                .ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }
}
