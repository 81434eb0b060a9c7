using System.Text;
using ModemDriver.Framing;
using SimCellular = ModemDriver.Simulator.Personalities.Cellular;
using SimEspAt = ModemDriver.Simulator.Personalities.EspAt;

namespace ModemDriver.Fuzz.Targets;

/// <summary>
/// Parameters reach the simulator's reader as they were given, or are refused: one command, the same number of parameters, the
/// same characters, nothing behind them. A refusal has a reason that can be seen. Secrets are in no display.
/// </summary>
/// <remarks>
/// Input: a letter whose bits choose rule and length, then parameters, each with a letter before it: <c>t</c> text, <c>s</c>
/// secret, <c>n</c> number, <c>e</c> empty; texts and numbers end at a line feed.
/// </remarks>
internal static class EncoderTarget
{
    private const int Escapes = 1;
    private const int IsShort = 2;
    private const int IsBeforePrompt = 4;
    private const int MaxParameters = 12;

    public static void Run(ReadOnlySpan<byte> input)
    {
        FuzzInput choices = new(input);
        int modes = choices.Byte();
        ReadOnlySpan<byte> all = choices.Rest;
        List<Parameter> parameters = [];
        while (!choices.IsEmpty && parameters.Count < MaxParameters)
        {
            parameters.Add(ReadParameter(ref choices));
        }

        CheckParameters(parameters, modes);
        CheckRaw(Encoding.UTF8.GetString(all), modes);
    }

    private static Parameter ReadParameter(ref FuzzInput choices)
    {
        char kind = (char)choices.Byte();
        return kind switch
        {
            'e' => new Parameter('e', string.Empty, 0),
            'n' => new Parameter('n', string.Empty, long.TryParse(choices.Text(), out long number) ? number : 0),
            's' => new Parameter('s', choices.Text(), 0),
            _ => new Parameter('t', choices.Text(), 0),
        };
    }

    private static void CheckParameters(List<Parameter> parameters, int modes)
    {
        bool escapes = (modes & Escapes) != 0;
        int longest = (modes & IsShort) != 0 ? 64 : 256;
        CommandLine line;
        try
        {
            line = Build(parameters, escapes, longest, (modes & IsBeforePrompt) != 0, mask: null);
        }
        catch (ArgumentException)
        {
            Promise.Holds(MayBeRefused(parameters, escapes, longest), $"refused without a reason");
            return;
        }

        Promise.Holds(line.Bytes.Length <= longest, $"a line of {line.Bytes.Length}");
        string wire = Encoding.Latin1.GetString(line.Bytes.Span);
        string end = (modes & IsBeforePrompt) != 0 ? "\r" : "\r\n";
        Promise.Holds(wire.EndsWith(end, StringComparison.Ordinal), $"another end");
        string text = wire[..^end.Length];
        Promise.Holds(!text.Any(character => character < ' ' || character == '\u007f'), $"a control character");
        Promise.Holds(text == Encoding.Latin1.GetString(line.Text), $"another text");
        if (escapes)
        {
            CheckEspAt(text, parameters);
        }
        else
        {
            CheckCellular(text, parameters);
        }

        CheckMask(line, parameters, modes);
    }

    private static CommandLine Build(List<Parameter> parameters, bool escapes, int longest, bool isBeforePrompt, string? mask)
    {
        var builder = new CommandLineBuilder("AT+TEST=", escapes ? QuotingRule.Backslash : QuotingRule.Refuse, longest);
        foreach (Parameter parameter in parameters)
        {
            _ = parameter.Kind switch
            {
                'e' => builder.Empty(),
                'n' => builder.Number(parameter.Number),
                's' when mask is null => builder.Secret(parameter.Text, "secret"),
                's' => builder.Text(mask, "secret"),
                _ => builder.Text(parameter.Text, "text"),
            };
        }

        return builder.Build(isBeforePrompt);
    }

    private static bool MayBeRefused(List<Parameter> parameters, bool escapes, int longest)
    {
        bool isUnsendable = parameters.Any(
            parameter => parameter.Text.Any(char.IsControl)
                || !IsEncodable(parameter.Text)
                || (!escapes && parameter.Text.Contains('"', StringComparison.Ordinal)));
        return isUnsendable || LengthOf(parameters, escapes) > longest;
    }

    private static int LengthOf(List<Parameter> parameters, bool escapes)
    {
        int length = "AT+TEST=\r\n".Length + Math.Max(0, parameters.Count - 1);
        foreach (Parameter parameter in parameters)
        {
            length += parameter.Kind switch
            {
                'e' => 0,
                'n' => parameter.Number.ToString(System.Globalization.CultureInfo.InvariantCulture).Length,
                _ => 2 + Encoding.UTF8.GetByteCount(parameter.Text)
                    + (escapes ? parameter.Text.Count(character => character is '"' or '\\' or ',') : 0),
            };
        }

        return length;
    }

    private static bool IsEncodable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static void CheckEspAt(string text, List<Parameter> parameters)
    {
        SimEspAt.CommandLine? line = SimEspAt.CommandLine.Parse(text);
        Promise.Holds(line is { Name: "TEST", Form: SimEspAt.CommandForm.Set } || IsQuestion(parameters), $"another command: {text}");
        SimEspAt.Parameters read = SimEspAt.Parameters.Parse(line!.Value.Text); // there is one
        Promise.Holds(read.Mistake == 0, $"the simulator finds the mistake {read.Mistake} in {text}");
        Promise.Holds(read.Count == Math.Max(1, parameters.Count), $"{read.Count} parameters in {text}");
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            bool isSame = parameter.Kind switch
            {
                'e' => !read.IsGiven(i),
                'n' => read.Plain(i) == parameter.Wire,
                _ => read.IsText(i) && read.Text(i, int.MaxValue, out string value) && value == parameter.Wire,
            };
            Promise.Holds(isSame, $"parameter {i} of {text} is another");
        }
    }

    private static void CheckCellular(string text, List<Parameter> parameters)
    {
        IReadOnlyList<SimCellular.CommandPart>? parts = SimCellular.CommandLine.Parse(text);
        Promise.Holds(
            parts is [{ Name: "+TEST", Form: SimCellular.CommandForm.Set }] || IsQuestion(parameters), $"not one command: {text}");
        var read = new SimCellular.AtParameters(parts![0].Text); // there is one
        Promise.Holds(!read.IsMalformed, $"the simulator cannot read {text}");

        // Nothing behind the equals sign is no parameter, or an empty one.
        Promise.Holds(read.Count == parameters.Count || IsQuestion(parameters), $"{read.Count} parameters in {text}");
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            Promise.Holds(
                read.Text(i) == parameter.Wire && read.IsGiven(i) == (parameter.Kind != 'e'), $"parameter {i} of {text} is another");
        }
    }

    private static bool IsQuestion(List<Parameter> parameters) => parameters is [] or [{ Kind: 'e' }];

    // Whatever the secret is, the line is shown as if it were the mask itself.
    private static void CheckMask(CommandLine line, List<Parameter> parameters, int modes)
    {
        CommandLine masked = Build(parameters, (modes & Escapes) != 0, 4096, (modes & IsBeforePrompt) != 0, mask: "***");
        Promise.Holds(line.Mask(line.Bytes.Span).AsSpan().SequenceEqual(masked.Bytes.Span), $"the mask leaves something: {line.Display}");
        Promise.Holds(line.Display == AtText.Escape(masked.Text), $"shown as {line.Display}");
    }

    // A line that a user typed: as it is, or not at all.
    private static void CheckRaw(string text, int modes)
    {
        int longest = (modes & IsShort) != 0 ? 64 : 256;
        CommandLine line;
        try
        {
            line = CommandLineBuilder.Raw(text, longest);
        }
        catch (ArgumentException)
        {
            Promise.Holds(
                string.IsNullOrWhiteSpace(text) || text.Any(char.IsControl) || !IsEncodable(text)
                    || Encoding.UTF8.GetByteCount(text) + 2 > longest,
                $"refused without a reason");
            return;
        }

        Promise.Holds(line.Bytes.Length <= longest, $"a line of {line.Bytes.Length}");
        Promise.Holds(Encoding.UTF8.GetString(line.Text) == text, $"another line");
        Promise.Holds(line.Bytes.Span.EndsWith("\r\n"u8) && line.Bytes.Length == line.Text.Length + 2, $"another end");
    }

    private sealed record Parameter(char Kind, string Text, long Number)
    {
        /// <summary>The characters on the wire, one a byte.</summary>
        public string Wire => Kind switch
        {
            'n' => Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Text)),
        };
    }
}
