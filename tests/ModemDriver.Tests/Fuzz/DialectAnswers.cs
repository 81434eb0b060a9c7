using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Dialects;
using ModemDriver.Messaging;
using ModemDriver.Protocol;

namespace ModemDriver.Tests.Fuzz;

/// <summary>Gives lines to everything of a dialect that reads lines.</summary>
internal static class DialectAnswers
{
    /// <summary>As answers to each of its commands, and as what the module says of its own.</summary>
    public static void Give(Dialect dialect, byte[][] lines)
    {
        foreach (AtCommand command in DialectCommands.MakeAll(dialect))
        {
            Answer(command, lines, dialect);
        }

        foreach (byte[] line in lines)
        {
            Tell(dialect, line);
        }
    }

    /// <summary>As what the module says unasked.</summary>
    public static void Tell(Dialect dialect, ReadOnlySpan<byte> line)
    {
        _ = dialect.ReadNotice(line);
        _ = dialect.MayFollowPushed(line);
        _ = dialect.ReadWiFiEvent(line);
        _ = dialect.ReadCellularReport(line);
        _ = DialectCatalog.ReadNoticeWhileUnknown(line);
        _ = dialect.Messages?.ReadHead(line);
        _ = dialect.Messages?.ReadPlace(line);
        _ = dialect.ModuleFtp?.Read(line);
        _ = dialect.ModuleHttp?.Read(line);
        _ = dialect.ModuleMqtt?.Read(line);
        foreach (string? characterSet in CharacterSets)
        {
            _ = dialect.Ussd?.IsUnfinished(line);
            _ = dialect.Ussd?.Read(line, characterSet);
            _ = dialect.Calls?.Read(line, characterSet);
            _ = dialect.Messages?.ReadReport(line, characterSet);
            if (dialect.TextMessages is { } texts)
            {
                _ = texts.ReadReport(line, characterSet);
                ReadText(texts, line, characterSet);
            }
        }
    }

    private static void ReadText(IMessageCommands texts, ReadOnlySpan<byte> line, string? characterSet)
    {
        try
        {
            _ = texts.IsBody(line, characterSet) ? texts.ReadBody(line, line, characterSet) : null;
        }
        catch (PduException)
        {
            // It is no message.
        }
    }

    private static readonly string?[] CharacterSets = [null, "GSM", "UCS2", "IRA", "UTF-8"];

    // As the channel does it: a result code may end the command, and what is no part of the answer is a notice.
    private static void Answer(AtCommand command, byte[][] lines, Dialect dialect)
    {
        foreach (byte[] line in lines)
        {
            LineRoute route = LineRouter.Route(
                command,
                CommandStage.Written,
                line,
                dialect.Rules.ResultCodes,
                text => dialect.ReadNotice(text).Kind != NoticeKind.None,
                out ResultCode? code);
            switch (route)
            {
                case LineRoute.Empty:
                    command.OnEmptyLine(line.Length + 2);
                    break;
                case LineRoute.Final:
                    command.OnFinal(code!.ToResult(line)); // the route says that there is one
                    return;
            }
        }

        command.OnFinal(new FinalResult(false, "ERROR"));
    }
}
