using ModemDriver.Simulator.Personalities;

namespace ModemDriver.Simulator;

/// <summary>Reports every mistake of the options together.</summary>
internal static class OptionsCheck
{
    internal static PersonalityEntry Check(SimulatorOptions options)
    {
        PersonalityEntry entry = PersonalityRegister.Find(options.Personality);
        var mistakes = new List<string>();
        if (options.BitRate is < 80 or > 5_000_000)
        {
            mistakes.Add($"BitRate is {options.BitRate}; it must be from 80 to 5000000 bit/s.");
        }

        foreach ((string name, string value) in options.Switches)
        {
            PersonalitySwitch? known = entry.Switches.FirstOrDefault(each => each.Name == name);
            if (known is null)
            {
                string names = string.Join(", ", entry.Switches.Select(each => each.Name));
                mistakes.Add($"There is no switch '{name}'; there are: {names}.");
            }
            else if (!known.Values.Contains(value))
            {
                mistakes.Add($"Switch '{name}' cannot be '{value}', only: {string.Join(", ", known.Values)}.");
            }
        }

        return mistakes.Count == 0 ? entry : throw new ArgumentException(string.Join(" ", mistakes), nameof(options));
    }
}
