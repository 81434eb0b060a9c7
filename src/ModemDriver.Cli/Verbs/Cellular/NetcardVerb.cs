using System.CommandLine;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs.Cellular;

/// <summary><c>modem netcard</c>: the module as a network card of the computer at its USB.</summary>
internal sealed class NetcardVerb(ToolContext context)
{
    public Command Create() => new("netcard", "Switches the module's network card at its USB (RNDIS, ECM), and says how it is set.")
    {
        NewCommand(new Command("status", "Says how it is set."), (_, _, _) => Task.FromResult(false)),
        CreateOn(),
        NewCommand(
            new Command("off", "Switches it off, for good."), (board, _, token) => board.SetNetworkCardAsync(false, cancellationToken: token), true),
    };

    private Command CreateOn()
    {
        var kind = new Option<NetworkCardKind>("--kind")
        {
            Description = "rndis (Windows, Linux) or ecm (Linux, macOS). Default: as it is.",
            HelpName = "KIND",
            CustomParser = result =>
            {
                NetworkCardKind? read = result.Tokens[0].Value switch
                {
                    "rndis" => NetworkCardKind.Rndis,
                    "ecm" => NetworkCardKind.Ecm,
                    _ => null,
                };
                if (read is null)
                {
                    result.AddError("--kind is rndis or ecm");
                }

                return read ?? NetworkCardKind.Unknown;
            },
        };
        return NewCommand(
            new Command("on", "Switches it on, for good: the computer then uses the card's data by itself.") { kind },
            (board, parsed, token) => board.SetNetworkCardAsync(true, parsed.GetValue(kind), token),
            true);
    }

    private Command NewCommand(
        Command command, Func<BoardInterface, ParseResult, CancellationToken, Task<bool>> body, bool canRestart = false)
    {
        var options = new SessionOptions(kind: NetworkKind.Cellular);
        var restart = new Option<bool>("--restart") { Description = "Starts the module anew if it takes that." };
        if (canRestart)
        {
            command.Options.Add(restart);
        }

        options.AddTo(command);
        VerbRunner.Run(command, context, options.Timeout, options.Log, async (parsed, token) =>
        {
            ModemSession session = await ModemSession.OpenAsync(options, parsed, context, token).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                BoardInterface board = session.Modem.Board;
                bool needsRestart = await body(board, parsed, token).ConfigureAwait(false);
                if (needsRestart && canRestart && parsed.GetValue(restart))
                {
                    await session.Modem.ResetModuleAsync(token).ConfigureAwait(false);
                    needsRestart = false;
                }

                await ShowAsync(
                    await board.ReadNetworkCardAsync(token).ConfigureAwait(false), needsRestart, parsed.GetValue(options.Json))
                    .ConfigureAwait(false);
                return ExitCode.Ok;
            }
        });
        return command;
    }

    private async Task ShowAsync(NetworkCardStatus status, bool needsRestart, bool isJson)
    {
        string? kind = status.Kind == NetworkCardKind.Unknown ? null : status.Kind.ToString();
        if (isJson)
        {
            var report = new NetworkCardReport(status.IsOn, kind, status.Gateway?.ToString(), needsRestart);
            await context.Out.WriteLineAsync(ToolJson.Print(report, json => json.NetworkCardReport)).ConfigureAwait(false);
            return;
        }

        await context.Out.WriteLineAsync(string.Join(
            ", ", new[] { status.IsOn ? "on" : "off", kind, status.Gateway?.ToString() }.OfType<string>())).ConfigureAwait(false);
        if (needsRestart)
        {
            await context.Error.WriteLineAsync("It has an effect when the module has started anew: modem restart.").ConfigureAwait(false);
        }
    }
}
