using ModemDriver.Commands;
using ModemDriver.Dialects;

namespace ModemDriver.Lifecycle;

/// <summary>
/// What a user has set in the module since the modem was opened. A module that starts anew has forgotten it, so it is
/// set again after each bring-up. Used on the loop.
/// </summary>
internal sealed class KeptSettings
{
    private readonly Dictionary<ModemFeature, Func<Dialect, IEnumerable<AtCommand>>> _settings = [];

    /// <summary>Keeps a setting; an earlier one of the same feature is forgotten.</summary>
    /// <param name="feature">What is set.</param>
    /// <param name="commands">Makes the commands anew; a command is used once.</param>
    public void Keep(ModemFeature feature, Func<Dialect, IEnumerable<AtCommand>> commands) =>
        _settings[feature] = commands;

    /// <summary>Whether a setting is kept.</summary>
    public bool Has(ModemFeature feature) => _settings.ContainsKey(feature);

    /// <summary>Forgets a setting.</summary>
    public void Forget(ModemFeature feature) => _settings.Remove(feature);

    /// <summary>Forgets everything: the module was set back to how it left the factory.</summary>
    public void Clear() => _settings.Clear();

    /// <summary>The commands that set everything again; what this firmware cannot do is left out.</summary>
    public IReadOnlyList<AtCommand> CommandsFor(Dialect dialect) =>
        [.. _settings.Where(kept => dialect.Supports(kept.Key)).SelectMany(kept => kept.Value(dialect))];
}
