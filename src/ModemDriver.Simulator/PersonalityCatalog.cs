using ModemDriver.Simulator.Personalities;

namespace ModemDriver.Simulator;

/// <summary>The modules that can be simulated.</summary>
public static class PersonalityCatalog
{
    /// <summary>Their names, for <see cref="SimulatorOptions.Personality"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. PersonalityRegister.Entries.Select(entry => entry.Name)];

    /// <summary>The name of the one that is taken when nobody chooses.</summary>
    public static string Default => PersonalityRegister.Entries[0].Name;

    /// <summary>Says in a sentence which module and firmware a name stands for.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is no such personality.</exception>
    public static string Describe(string name) => PersonalityRegister.Find(name).Description;

    /// <summary>The switches that a personality knows, with their defaults there.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is no such personality.</exception>
    public static IReadOnlyList<PersonalitySwitch> Switches(string name) => PersonalityRegister.Find(name).Switches;
}
