namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>One command of a line.</summary>
/// <param name="Name">What stands behind AT, in upper case, with its sign: <c>E</c>, <c>&amp;W</c>, <c>+CSQ</c>.</param>
/// <param name="Form">Which form.</param>
/// <param name="Text">The parameters as they were written.</param>
internal readonly record struct CommandPart(string Name, CommandForm Form, string Text);

/// <summary>The four forms of a command.</summary>
internal enum CommandForm
{
    Test,
    Read,
    Set,
    Execute,
}

/// <summary>Takes a command line apart (ITU-T V.250 clause 5.2): basic commands follow each other, an extended one ends at
/// a semicolon.</summary>
internal static class CommandLine
{
    private const string Signs = "+^*#$%";

    /// <summary>The commands behind AT; <see langword="null"/> when the line is none.</summary>
    internal static IReadOnlyList<CommandPart>? Parse(string line)
    {
        if (!line.StartsWith("AT", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var parts = new List<CommandPart>();
        int position = 2;
        while (position < line.Length)
        {
            char first = line[position];
            if (first is ' ' or ';')
            {
                position++;
                continue;
            }

            CommandPart? part = Signs.Contains(first)
                ? ParseExtended(line, ref position)
                : ParseBasic(line, ref position);
            if (part is null)
            {
                return null;
            }

            parts.Add(part.Value);
        }

        return parts;
    }

    private static CommandPart? ParseExtended(string line, ref int position)
    {
        int start = position;
        position = EndOfCommand(line, position);
        string body = line[start..position].TrimEnd();
        int end = body.IndexOfAny(['=', '?']);
        string name = (end < 0 ? body : body[..end]).TrimEnd().ToUpperInvariant();
        string rest = end < 0 ? "" : body[end..];
        if (name.Length < 2)
        {
            return null;
        }

        return rest switch
        {
            "" => new CommandPart(name, CommandForm.Execute, ""),
            "?" => new CommandPart(name, CommandForm.Read, ""),
            "=?" => new CommandPart(name, CommandForm.Test, ""),
            _ when rest[0] == '=' => new CommandPart(name, CommandForm.Set, rest[1..]),
            _ => null,
        };
    }

    // A letter, or & and a letter, and digits; S has ? or = and digits behind its number; D takes the rest.
    private static CommandPart? ParseBasic(string line, ref int position)
    {
        int start = position;
        position += line[position] == '&' ? 2 : 1;
        if (position > line.Length || !char.IsAsciiLetter(line[position - 1]))
        {
            return null;
        }

        string name = line[start..position].ToUpperInvariant();
        if (name == "D")
        {
            string number = line[position..];
            position = line.Length;
            return new CommandPart(name, CommandForm.Set, number);
        }

        string digits = Digits(line, ref position);
        if (name != "S")
        {
            return new CommandPart(name, CommandForm.Execute, digits);
        }

        if (digits.Length == 0 || position >= line.Length || line[position] is not ('?' or '='))
        {
            return null;
        }

        bool isRead = line[position++] == '?';
        string register = "S" + digits.TrimStart('0').PadLeft(1, '0');
        return isRead
            ? new CommandPart(register, CommandForm.Read, "")
            : new CommandPart(register, CommandForm.Set, Digits(line, ref position));
    }

    private static string Digits(string line, ref int position)
    {
        int start = position;
        while (position < line.Length && char.IsAsciiDigit(line[position]))
        {
            position++;
        }

        return line[start..position];
    }

    /// <summary>The place of the semicolon that ends the command, outside quotes.</summary>
    private static int EndOfCommand(string line, int position)
    {
        bool isQuoted = false;
        for (; position < line.Length; position++)
        {
            isQuoted ^= line[position] == '"';
            if (line[position] == ';' && !isQuoted)
            {
                break;
            }
        }

        return position;
    }
}
