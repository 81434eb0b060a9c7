using System.Text;
using ModemDriver.Commands;
using ModemDriver.Dialects;
using ModemDriver.Tests.Fuzz;
using SimCellular = ModemDriver.Simulator.Personalities.Cellular;
using SimEspAt = ModemDriver.Simulator.Personalities.EspAt;

namespace ModemDriver.Fuzz.Targets;

/// <summary>
/// Every command of every dialect, with any text for its parameters: the simulator reads it as one command without a mistake,
/// with each text as it was given; or it is refused.
/// </summary>
/// <remarks>
/// Input: a digit that chooses the firmware, the name of a command as in <c>IWiFiCommands.Join</c> up to a line feed, then
/// texts, each up to a line feed.
/// </remarks>
internal static class CommandTarget
{
    private static readonly (Func<Dialect> Make, bool IsEspAt)[] Firmware =
    [
        .. FirmwareSamples.AllEspAt.Select(make => (make, true)),
        .. FirmwareSamples.AllLuat.Concat(FirmwareSamples.AllStandard).Select(make => (make, false)),
    ];

    private static readonly CommandRecipe[][] Recipes =
        [.. Firmware.Select(firmware => DialectCommands.Recipes(firmware.Make()).ToArray())];

    public static void Run(ReadOnlySpan<byte> input)
    {
        FuzzInput choices = new(input);
        int index = choices.Byte() % Firmware.Length;
        string name = Encoding.Latin1.GetString(choices.Until((byte)'\n'));
        CommandRecipe recipe = Recipes[index].FirstOrDefault(known => known.Name == name)
            ?? Recipes[index][name.Sum(letter => letter) % Recipes[index].Length];
        GivenTexts texts = new(ref choices);
        List<AtCommand> commands;
        try
        {
            commands = [.. recipe.Make(Firmware[index].Make(), new SampleArguments(texts.Next))];
        }
        catch (ArgumentException)
        {
            return;
        }

        List<string> arrived = [];
        foreach (AtCommand command in commands)
        {
            string line = Encoding.Latin1.GetString(command.Line.Text);
            Promise.Holds(!line.Any(character => character < ' ' || character == '\u007f'), $"a control character in {line}");
            arrived.AddRange(Firmware[index].IsEspAt ? ReadEspAt(line) : ReadCellular(line));
        }

        bool isHardware = recipe.Name.Contains("HardwareAddress", StringComparison.Ordinal);

        // What goes before the opening of a link does not name the host yet.
        foreach ((string? parameter, string text) in recipe.Name.Contains(".Prepare", StringComparison.Ordinal) ? [] : texts.Given)
        {
            // Letters of a hardware address are made small.
            string given = isHardware || parameter == "hardwareAddress" ? text.ToLowerInvariant() : text;
            Promise.Holds(
                commands.Count == 0 || arrived.Count == 0 || arrived.Any(value => IsOf(value, given))
                    || (recipe.Name.StartsWith("IModuleHttpCommands", StringComparison.Ordinal) && arrived.Any(value => IsOf(Numbered(value), given)))
                    || (parameter == "path" && IsOf(string.Concat(arrived), given)), // folder and file go apart
                $"{recipe.Name}: {given} is not among {string.Join('|', arrived)}");
        }
    }

    // Some parameters have signs by their numbers.
    private static string Numbered(string value) =>
        value.Replace("\\22", "\"", StringComparison.Ordinal).Replace("\\5C", "\\", StringComparison.Ordinal);

    // As it is, inside a list, or in hexadecimal.
    private static bool IsOf(string value, string text) =>
        value.Contains(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal)
        || value == Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text));

    private static List<string> ReadEspAt(string text)
    {
        if (text == "+++")
        {
            return [];
        }

        SimEspAt.CommandLine? line = SimEspAt.CommandLine.Parse(text);
        Promise.Holds(line is not null, $"no command: {text}");
        if (line!.Value.Form != SimEspAt.CommandForm.Set)
        {
            return [];
        }

        SimEspAt.Parameters read = SimEspAt.Parameters.Parse(line.Value.Text);
        Promise.Holds(read.Mistake == 0, $"the simulator finds the mistake {read.Mistake} in {text}");
        List<string> texts = [];
        for (int i = 0; i < read.Count; i++)
        {
            if (read.IsText(i) && read.Text(i, int.MaxValue, out string value))
            {
                texts.Add(value);
            }
        }

        return texts;
    }

    private static List<string> ReadCellular(string text)
    {
        if (text == "+++")
        {
            return [];
        }

        IReadOnlyList<SimCellular.CommandPart>? parts = SimCellular.CommandLine.Parse(text);
        Promise.Holds(parts is { Count: <= 1 }, $"not one command: {text}");
        if (parts is not [{ Form: SimCellular.CommandForm.Set } part])
        {
            return [];
        }

        if (part.Name == "D")
        {
            return [part.Text];
        }

        var read = new SimCellular.AtParameters(part.Text);
        Promise.Holds(!read.IsMalformed, $"the simulator cannot read {text}");
        return [.. Enumerable.Range(0, read.Count).Select(i => read.Text(i))];
    }

    /// <summary>Texts of the input for all parameters, in turn.</summary>
    private sealed class GivenTexts
    {
        private readonly List<string> _texts = [];
        private readonly List<(string? Parameter, string Text)> _given = [];

        public GivenTexts(ref FuzzInput input)
        {
            while (!input.IsEmpty)
            {
                _texts.Add(input.Text());
            }
        }

        public IReadOnlyList<(string? Parameter, string Text)> Given => _given;

        public string? Next(string? parameter)
        {
            if (_texts.Count == 0)
            {
                return null;
            }

            string text = _texts[_given.Count % _texts.Count];
            _given.Add((parameter, text));
            return text;
        }
    }
}
