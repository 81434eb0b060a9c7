using System.CommandLine;

namespace ModemDriver.Cli;

/// <summary>Says in one sentence what is wrong with a command line.</summary>
internal static class UsageError
{
    public static async Task<ExitCode> WriteAsync(ParseResult parsed, TextWriter error)
    {
        // The first mistake only: those behind it mostly follow from it, and a word behind a mistyped
        // --password would be the password itself.
        string message = parsed switch
        {
            { CommandResult.Command: RootCommand, UnmatchedTokens: [string word, ..] } => $"There is no verb '{word}'",
            { CommandResult.Command: RootCommand } => "Say what to do",
            _ => parsed.Errors[0].Message,
        };
        message = string.Join(' ', WithoutValue(message).Split(
            (char[])['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        string help = string.Join(' ', CommandPath(parsed)) + " --help";
        await error.WriteLineAsync($"modem: {message}. Try: {help}").ConfigureAwait(false);
        return ExitCode.Usage;
    }

    // '--pasword=secret' is quoted whole by the parser; what stands behind the equals sign is not ours to show.
    private static string WithoutValue(string message)
    {
        int option = message.IndexOf("'-", StringComparison.Ordinal);
        int equals = option < 0 ? -1 : message.IndexOf('=', option);
        int end = equals < 0 ? -1 : message.LastIndexOf('\'');
        return end > equals && equals >= 0 ? string.Concat(message.AsSpan(0, equals), message.AsSpan(end)) : message;
    }

    private static Stack<string> CommandPath(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (System.CommandLine.Parsing.SymbolResult? result = parsed.CommandResult; result is not null;
             result = result.Parent)
        {
            if (result is System.CommandLine.Parsing.CommandResult { Command: var command })
            {
                names.Push(command is RootCommand ? "modem" : command.Name);
            }
        }

        return names;
    }
}
