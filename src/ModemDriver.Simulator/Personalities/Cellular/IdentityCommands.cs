namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>Who the module is: 3GPP TS 27.007 clauses 5.1 to 5.4. The words are the vendor's.</summary>
internal sealed class IdentityCommands(CellularModule module) : CommandGroup(module)
{
    private readonly CellularModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CGSN") { Test = At(() => Outcome.Ok), Execute = At(() => Say(_module.Profile.Imei)) },
        new("+GSN") { Execute = At(() => Say(_module.Profile.Imei)) },
    ];

    private Outcome Say(string text)
    {
        Respond.Line(text);
        return Outcome.Ok;
    }
}
