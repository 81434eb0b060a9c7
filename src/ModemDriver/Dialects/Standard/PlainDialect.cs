using ModemDriver.Channel;

namespace ModemDriver.Dialects.Standard;

/// <summary>
/// A module that no other dialect has recognised: commands can be sent to it, and no more is assumed.
/// </summary>
internal sealed class PlainDialect(IReadOnlyList<string> answer) : Dialect
{
    /// <inheritdoc/>
    public override ModuleIdentity Identity { get; } =
        new("generic (V.250)", null, answer.Count > 0 ? answer[0] : null, null, answer);

    /// <inheritdoc/>
    public override ChannelRules Rules { get; } = new();

    /// <inheritdoc/>
    public override bool Supports(ModemFeature feature) => false;
}

/// <summary>
/// Takes whatever answers, with the identification command that every modem has (V.250 section 6.1.3).
/// </summary>
internal sealed class PlainRecogniser : IDialectRecogniser
{
    /// <inheritdoc/>
    public string Question => "ATI";

    /// <inheritdoc/>
    public Dialect? Recognise(IReadOnlyList<string> answer) => new PlainDialect(answer);
}
