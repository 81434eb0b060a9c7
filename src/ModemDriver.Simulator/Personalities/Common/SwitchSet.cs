namespace ModemDriver.Simulator.Personalities.Common;

/// <summary>The switches of one module: each with the value that was chosen, or its default.</summary>
internal sealed class SwitchSet
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    internal SwitchSet(IReadOnlyList<PersonalitySwitch> known, IReadOnlyDictionary<string, string> chosen)
    {
        foreach (PersonalitySwitch each in known)
        {
            _values[each.Name] = chosen.GetValueOrDefault(each.Name, each.Default);
        }
    }

    internal string this[string name] => _values[name];

    internal bool IsOn(string name) => _values[name] == "on";
}
