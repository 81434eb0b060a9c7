using System.CommandLine;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem at</c>: command lines as they are, and what the module says to them.</summary>
internal sealed class AtVerb(ToolContext context)
{
    private readonly SessionOptions _options = new();

    private readonly Argument<string[]> _commands = new("COMMAND")
    {
        Description = "Command lines, sent one after the other: 'AT+CIPSTATUS' 'AT+CWJAP?'. The first that fails ends "
            + "the run.",
        Arity = ArgumentArity.OneOrMore,
    };

    public Command Create()
    {
        var command = new Command("at", "Sends command lines and prints the information responses and result codes.")
        {
            _commands,
        };
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var reports = new List<CommandReport>();
        bool json = parsed.GetValue(_options.Json);
        ModemSession session = await ModemSession.OpenAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            try
            {
                foreach (string command in parsed.GetRequiredValue(_commands))
                {
                    CommandReport report = await SendAsync(
                        session.Modem, command, parsed.GetValue(_options.Timeout), cancellationToken)
                        .ConfigureAwait(false);
                    reports.Add(report);
                    if (!json)
                    {
                        await PrintAsync(report).ConfigureAwait(false);
                    }

                    if (!report.Ok)
                    {
                        await context.Error.WriteLineAsync(
                            $"modem: The module answered {report.Result} to command {reports.Count}; its manual says "
                            + "what it accepts.").ConfigureAwait(false);
                        return ExitCode.Refused;
                    }
                }

                return ExitCode.Ok;
            }
            finally
            {
                // Also after a failure: a program gets what was answered until then.
                if (json)
                {
                    await context.Out.WriteLineAsync(
                        ToolJson.Print(reports.ToArray(), type => type.CommandReportArray)).ConfigureAwait(false);
                }
            }
        }
    }

    private static async Task<CommandReport> SendAsync(
        Modem modem, string command, TimeSpan? timeLimit, CancellationToken cancellationToken)
    {
        try
        {
            CommandResponse response = await modem.SendAsync(command, timeLimit, cancellationToken)
                .ConfigureAwait(false);
            return new CommandReport(command, response.Lines, response.Result.Text, Ok: true);
        }
        catch (CommandFailedException refused)
        {
            return new CommandReport(command, refused.Lines, refused.Result.Text, Ok: false);
        }
    }

    private async Task PrintAsync(CommandReport report)
    {
        foreach (string line in report.Lines)
        {
            await context.Out.WriteLineAsync(line).ConfigureAwait(false);
        }

        await context.Out.WriteLineAsync(report.Result).ConfigureAwait(false);
    }
}
