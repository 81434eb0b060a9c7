using System.CommandLine;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs.Cellular;

/// <summary><c>modem ussd</c>: a code to the network, and the menu behind it.</summary>
internal sealed class UssdVerb(ToolContext context)
{
    private readonly SessionOptions _options = new(kind: NetworkKind.Cellular);

    private readonly Argument<string> _code = new("CODE") { Description = "The code, such as *100#." };

    private readonly Argument<string[]> _answers = new("ANSWER")
    {
        Description = "Answers to the menus, in order; when they are used up, lines of standard input.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public Command Create()
    {
        var command = new Command("ussd", "Sends a code to the network, and walks through its menu.") { _code, _answers };
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
            await session.Modem.Cellular.RegisterAsync(cancellationToken).ConfigureAwait(false);
            bool isJson = parsed.GetValue(_options.Json);
            List<UssdReport> said = [];
            UssdReply last = await TalkAsync(
                session.Modem.Ussd,
                parsed.GetRequiredValue(_code),
                new Queue<string>(parsed.GetValue(_answers) ?? []),
                reply => isJson ? AddAsync(said, reply) : ShowAsync(reply),
                cancellationToken).ConfigureAwait(false);
            if (isJson)
            {
                await context.Out.WriteLineAsync(ToolJson.Print([.. said], json => json.UssdReportArray)).ConfigureAwait(false);
            }

            return last.Status is UssdStatus.NotSupported or UssdStatus.TimedOut ? ExitCode.Refused : ExitCode.Ok;
        }
    }

    private async Task<UssdReply> TalkAsync(
        UssdInterface ussd, string code, Queue<string> answers, Func<UssdReply, Task> told, CancellationToken cancellationToken)
    {
        using var input = new StreamReader(context.OpenInput());
        UssdReply reply = await ussd.SendAsync(code, cancellationToken).ConfigureAwait(false);
        await told(reply).ConfigureAwait(false);
        while (reply.IsAnswerExpected)
        {
            string? answer;
            try
            {
                answer = answers.TryDequeue(out string? given)
                    ? given
                    : await AskAsync(input, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Also at Ctrl-C: the network does not wait for an answer.
                await ussd.CancelAsync(CancellationToken.None).ConfigureAwait(false);
                throw;
            }

            if (string.IsNullOrEmpty(answer))
            {
                await ussd.CancelAsync(cancellationToken).ConfigureAwait(false);
                break;
            }

            reply = await ussd.SendAsync(answer, cancellationToken).ConfigureAwait(false);
            await told(reply).ConfigureAwait(false);
        }

        return reply;
    }

    private async Task<string?> AskAsync(StreamReader input, CancellationToken cancellationToken)
    {
        if (context.IsErrorTerminal)
        {
            await context.Error.WriteAsync("Answer (empty: none): ").ConfigureAwait(false);
            await context.Error.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return await input.ReadLineAsync(cancellationToken).ConfigureAwait(false);
    }

    private static Task AddAsync(List<UssdReport> said, UssdReply reply)
    {
        said.Add(new UssdReport(reply.Status.ToString(), reply.Text));
        return Task.CompletedTask;
    }

    private async Task ShowAsync(UssdReply reply)
    {
        foreach (string line in (reply.Text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await context.Out.WriteLineAsync(SafeText.Show(line.TrimEnd('\r'))).ConfigureAwait(false);
        }

        if (reply.Status is not (UssdStatus.Done or UssdStatus.AnswerExpected))
        {
            await context.Error.WriteLineAsync(reply.Status switch
            {
                UssdStatus.NotSupported => "modem: The network does not know this code.",
                UssdStatus.TimedOut => "modem: The network has waited for an answer, and given up.",
                UssdStatus.AnsweredElsewhere => "modem: Another program on the module has answered.",
                _ => "modem: The network has ended the dialogue.",
            }).ConfigureAwait(false);
        }

        await context.Out.FlushAsync().ConfigureAwait(false);
    }
}
