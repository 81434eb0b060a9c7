namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>A command line, taken apart: AT, AT+NAME, AT+NAME?, AT+NAME=?, AT+NAME=parameters. The name is what stands
/// behind AT+; a command without the plus sign keeps its AT.</summary>
internal readonly record struct CommandLine(string Name, CommandForm Form, string Text)
{
    /// <summary>What stands behind control characters and bytes above 0x7e, where they do no harm.</summary>
    internal static string SkipNoise(string line, EspAtSwitches switches) =>
        switches[EspAtSwitches.NoiseBeforeAt] == "ignored"
            ? line[NoiseLength(line, switches[EspAtSwitches.LineEnd] != "cr")..]
            : line;

    private static int NoiseLength(string line, bool countsLineFeeds)
    {
        int length = 0;
        while (length < line.Length && (line[length] is < ' ' or > '~' and <= '\u00ff')
            && (countsLineFeeds || line[length] != '\n'))
        {
            length++;
        }

        return length;
    }

    /// <summary>Reads a line without its end; <see langword="null"/> when it does not begin with AT.</summary>
    internal static CommandLine? Parse(string line)
    {
        // The two letters in upper or in lower case; everything behind them in upper case.
        if (!line.StartsWith("AT", StringComparison.Ordinal) && !line.StartsWith("at", StringComparison.Ordinal))
        {
            return null;
        }

        string body = line[2..];
        if (!body.StartsWith('+'))
        {
            return new CommandLine("AT" + body, CommandForm.Execute, "");
        }

        int end = body.IndexOfAny(['=', '?']);
        if (end < 0)
        {
            return new CommandLine(body[1..], CommandForm.Execute, "");
        }

        string name = body[1..end];
        string rest = body[end..];
        return rest switch
        {
            "?" => new CommandLine(name, CommandForm.Read, ""),
            "=?" => new CommandLine(name, CommandForm.Test, ""),
            _ when rest[0] == '=' => new CommandLine(name, CommandForm.Set, rest[1..]),
            _ => new CommandLine(body[1..], CommandForm.Execute, ""),
        };
    }
}

/// <summary>The four forms of a command.</summary>
internal enum CommandForm
{
    Test,
    Read,
    Set,
    Execute,
}
