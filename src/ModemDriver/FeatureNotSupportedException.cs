namespace ModemDriver;

/// <summary>The module, with its firmware, cannot do what was asked. Nothing was sent.</summary>
/// <remarks>Ask <see cref="Modem.Supports"/> first where it matters.</remarks>
public sealed class FeatureNotSupportedException : NotSupportedException
{
    internal FeatureNotSupportedException(ModemFeature feature, ModuleIdentity module, string? why = null)
        : base($"{module.Dialect} {module.Firmware} does not support {feature}{(why is null ? string.Empty : $": {why}")}.")
    {
        Feature = feature;
        Module = module;
        HelpLink = "docs/errors.md#featurenotsupportedexception";
    }

    /// <summary>What it cannot do.</summary>
    public ModemFeature Feature { get; }

    /// <summary>The module that cannot do it.</summary>
    public ModuleIdentity Module { get; }
}
