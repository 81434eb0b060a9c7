using System.Globalization;
using ModemDriver.Simulator;

namespace ModemDriver.Cli.Verbs;

/// <summary>What <c>modem simulate</c> is told in the form NAME=VALUE: switches of the personality, and real ports for
/// ports of the module.</summary>
internal static class SimulateSettings
{
    /// <summary>What is wrong, a sentence each.</summary>
    public static IEnumerable<string> Mistakes(string personality, string[]? switches, string[]? ports)
    {
        foreach (string text in switches ?? [])
        {
            if (SwitchMistake(personality, text) is string mistake)
            {
                yield return mistake;
            }
        }

        foreach (string text in ports ?? [])
        {
            (string module, string port) = Split(text);
            if (Port(module) is null or 0 || Port(port) is null)
            {
                yield return $"--listen needs a port of the module and one of this computer, such as 80=8080, not '{text}'";
            }
        }
    }

    /// <summary>The last one counts where a name comes twice.</summary>
    public static IReadOnlyDictionary<string, string> Switches(string[]? switches)
    {
        var chosen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in (switches ?? []).Select(Split))
        {
            chosen[name] = value;
        }

        return chosen;
    }

    /// <summary>By port of the module; of texts that have no mistakes.</summary>
    public static IReadOnlyDictionary<int, int> Ports(string[]? ports)
    {
        var chosen = new Dictionary<int, int>();
        foreach ((string module, string port) in (ports ?? []).Select(Split))
        {
            chosen[Port(module)!.Value] = Port(port)!.Value;
        }

        return chosen;
    }

    private static string? SwitchMistake(string personality, string text)
    {
        if (!PersonalityCatalog.Names.Contains(personality))
        {
            return null; // Another option's mistake, which is told already.
        }

        (string name, string value) = Split(text);
        IReadOnlyList<PersonalitySwitch> all = PersonalityCatalog.Switches(personality);
        PersonalitySwitch? known = all.FirstOrDefault(each => each.Name == name);
        if (known is null)
        {
            return $"--switch has no '{name}', only: {string.Join(", ", all.Select(each => each.Name))}";
        }

        return known.Values.Contains(value)
            ? null
            : $"--switch {name} can be {string.Join(", ", known.Values)}, not '{value}'";
    }

    private static (string Name, string Value) Split(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
    }

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= 65_535 ? port : null;
}
