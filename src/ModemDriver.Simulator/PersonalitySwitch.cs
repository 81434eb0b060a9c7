namespace ModemDriver.Simulator;

/// <summary>A fact about a module that differs between builds, or that nobody has confirmed.</summary>
/// <param name="Name">For <see cref="SimulatorOptions.Switches"/>.</param>
/// <param name="Values">What it may be set to.</param>
/// <param name="Default">What it is when not set.</param>
/// <param name="Description">What it decides.</param>
public sealed record PersonalitySwitch(
    string Name, IReadOnlyList<string> Values, string Default, string Description);
