namespace ModemDriver.Simulator;

/// <summary>A service of the network that talks in menus (USSD): a text, and what each answer leads to.</summary>
/// <param name="Text">What is shown: up to 182 characters of the GSM alphabet, or 80 others.</param>
public sealed record UssdMenu(string Text)
{
    /// <summary>What each answer leads to. None, the default: the text is the last word.</summary>
    public IReadOnlyDictionary<string, UssdMenu> Choices { get; init; } =
        new Dictionary<string, UssdMenu>(StringComparer.Ordinal);
}
