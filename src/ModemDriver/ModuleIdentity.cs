namespace ModemDriver;

/// <summary>
/// A module as it gave itself out. Nothing is guessed: what it did not say is <see langword="null"/>.
/// </summary>
/// <param name="Dialect">The dialect that drives it, for people.</param>
/// <param name="Manufacturer">Who made it, or whose firmware it runs.</param>
/// <param name="Model">What it is.</param>
/// <param name="Firmware">The version of its firmware.</param>
/// <param name="Lines">The lines from which all this was read.</param>
public sealed record ModuleIdentity(
    string Dialect, string? Manufacturer, string? Model, string? Firmware, IReadOnlyList<string> Lines);
