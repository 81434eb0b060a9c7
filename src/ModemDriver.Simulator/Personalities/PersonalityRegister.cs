using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Personalities.EspAt;
using ModemDriver.Simulator.Personalities.Luat;

namespace ModemDriver.Simulator.Personalities;

/// <summary>One personality: its name and how to make it.</summary>
internal sealed record PersonalityEntry(
    string Name,
    string Description,
    IReadOnlyList<PersonalitySwitch> Switches,
    Func<ModuleHost, Personality> Create)
{
    /// <summary>Whether its air is that of mobile networks.</summary>
    internal bool IsMobile { get; init; }
}

/// <summary>All personalities; each vendor's folder feeds it. The first is the default.</summary>
internal static class PersonalityRegister
{
    internal static IReadOnlyList<PersonalityEntry> Entries { get; } = 
        [.. EspAtProfiles.All.Select(EspAtEntry), .. LuatProfiles.All.Select(LuatEntry)];

    internal static PersonalityEntry Find(string name) =>
        Entries.FirstOrDefault(entry => entry.Name == name) ?? throw new ArgumentException(
            $"There is no personality '{name}'; there are: {string.Join(", ", Entries.Select(entry => entry.Name))}.",
            nameof(name));

    private static PersonalityEntry EspAtEntry(EspAtProfile profile) => new(
        profile.Name, profile.Description, EspAtSwitches.Describe(profile), host => new EspAtModule(host, profile));

    private static PersonalityEntry LuatEntry(LuatProfile profile) => new(
        profile.Core.Name,
        profile.Core.Description,
        CellularSwitches.Describe(profile.Core, LuatSwitches.All),
        host => new LuatModule(host, profile)) { IsMobile = true };
}
