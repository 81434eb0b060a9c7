using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>ITU-T V.250 chapter 6, and 3GPP TS 27.007 clauses 5 and 9.1.</summary>
internal sealed class BasicCommands(CellularModule module) : CommandGroup(module)
{
    private readonly CellularModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("E") { Execute = Basic(1, value => Current.Echo = value == 1) },
        new("V") { Execute = Basic(1, value => Current.Verbose = value == 1) },
        new("Q") { Execute = Basic(1, value => Current.Quiet = value == 1) },
        new("X") { Execute = Basic(4, value => Current.ConnectDetail = value) },
        new("&C") { Execute = Basic(1, value => Current.Carrier = value) },
        new("&D") { Execute = Basic(2, value => Current.TerminalReady = value) },
        new("&F") { Execute = Basic(0, _ => Settings.Current = _module.FactorySettings() with { BitRate = Current.BitRate }) },
        new("&W") { Execute = Basic(0, _ => Store()) },
        new("Z") { Execute = Basic(0, _ => Settings.Current = _module.Stored with { BitRate = Current.BitRate }) },
        Register(3, 13),
        Register(4, 10),
        Register(5, 8),
        new("+CMEE")
        {
            Test = Says(() => $"+CMEE: (0,1,2)"),
            Read = Says(() => $"{_module.ErrorFormLead}{Current.ErrorForm}"),
            Set = Takes(0, 2, value => Current.ErrorForm = value),
        },
        new("+CSCS")
        {
            Test = At(() =>
            {
                Respond.Line("+CSCS: (\"" + string.Join("\",\"", CharacterSets) + "\")");
                return Outcome.Ok;
            }),
            Read = Says(() => $"+CSCS: \"{Settings.CharacterSet}\""),
            Set = At(SetCharacters),
        },
        new("+GCAP") { Execute = Says(() => $"+GCAP: +CGSM") },
        new("+CLAC") { Execute = At(List) },
    ];

    private StoredSettings Current => Settings.Current;

    private string[] CharacterSets =>
        _module.Switches[CellularSwitches.TextSet] == "known" ? ["GSM", "IRA", "UCS2"] : ["GSM", "IRA"];

    private void Store()
    {
        _module.Stored = Current with { };
        _module.StoredRate();
    }

    // Only one value each: CR, LF, BS.
    private CommandEntry Register(int number, int value) => new(WireText.Format($"S{number}"))
    {
        Read = At(() =>
        {
            Respond.Line($"{value:d3}");
            return Outcome.Ok;
        }),
        Set = At(call => call.Parameters.Number(0, value, value, out _) ? Outcome.Ok : Outcome.Error),
    };

    private Outcome SetCharacters(CommandCall call)
    {
        string wanted = call.Parameters.Text(0).ToUpperInvariant();
        if (!call.Parameters.Takes(1, 1) || !CharacterSets.Contains(wanted))
        {
            return WrongParameter;
        }

        Settings.CharacterSet = wanted;
        return Outcome.Ok;
    }

    private Outcome List()
    {
        Respond.Lines(_module.Commands.Entries.Select(entry => "AT" + entry.Name));
        return Outcome.Ok;
    }
}
