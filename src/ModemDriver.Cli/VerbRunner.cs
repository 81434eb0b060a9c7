using System.CommandLine;

namespace ModemDriver.Cli;

/// <summary>Runs a verb: its time limit, and from exceptions to one sentence and an exit code.</summary>
internal static class VerbRunner
{
    /// <summary>Has <paramref name="command"/> run <paramref name="body"/>.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="context">Where the sentence goes.</param>
    /// <param name="timeout">The option of the whole run's limit; <see langword="null"/> for a verb without.</param>
    /// <param name="log">The option that asks for stack traces; <see langword="null"/> for a verb without.</param>
    /// <param name="body">The work.</param>
    /// <param name="endsByUser">Whether Ctrl-C is the usual end of the verb, and no failure.</param>
    public static void Run(
        Command command,
        ToolContext context,
        Option<TimeSpan?>? timeout,
        Option<LogKind?>? log,
        Func<ParseResult, CancellationToken, Task<ExitCode>> body,
        Func<ParseResult, bool>? endsByUser = null) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TimeSpan? limit = timeout is null ? null : parsed.GetValue(timeout);
            bool showStack = log is not null && parsed.GetValue(log) == LogKind.Trace;
            ExitCode code = await RunAsync(
                parsed, context, limit, showStack, body, endsByUser?.Invoke(parsed) ?? false, cancellationToken)
                .ConfigureAwait(false);
            return (int)code;
        });

    private static async Task<ExitCode> RunAsync(
        ParseResult parsed,
        ToolContext context,
        TimeSpan? limit,
        bool showStack,
        Func<ParseResult, CancellationToken, Task<ExitCode>> body,
        bool endsByUser,
        CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(limit ?? Timeout.InfiniteTimeSpan, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        try
        {
            return await body(parsed, either.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The rim of the program: whatever went wrong becomes a sentence and an exit code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (endsByUser && cancellationToken.IsCancellationRequested)
            {
                return ExitCode.Ok;
            }

            // Which of the two tokens fired decides, not the kind of exception: a cancelled Stream or HttpClient
            // fails in many ways.
            Trouble trouble = cancellationToken.IsCancellationRequested
                ? new Trouble(ExitCode.Cancelled, "Cancelled.")
                : clock.IsCancellationRequested
                    ? new Trouble(ExitCode.TimeLimit, $"Not done within {limit!.Value.TotalSeconds:0.###} s; "
                        + "give it longer with --timeout, or see with --log wire where it stands.")
                    : Trouble.From(exception);
            await context.Error.WriteLineAsync($"modem: {trouble.Sentence}").ConfigureAwait(false);
            if (showStack)
            {
                await context.Error.WriteLineAsync(exception.ToString()).ConfigureAwait(false);
            }

            return trouble.Code;
        }
    }
}
