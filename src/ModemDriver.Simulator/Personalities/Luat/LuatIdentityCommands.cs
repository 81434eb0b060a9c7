using ModemDriver.Simulator.Personalities.Cellular;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>Who the module is, in the vendor's words.</summary>
internal sealed class LuatIdentityCommands(LuatModule module) : CommandGroup(module)
{
    private readonly LuatModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("I") { Execute = At(call => call.Parameters.NumberOr(0, 0, 0, 0, out _) ? Say(_module.Luat.Firmware) : Outcome.Error) },
        new("+VER") { Execute = At(() => Say(_module.Luat.Firmware)) },
        new("+CGMI") { Execute = Says(() => $"+CGMI: \"{Profile.Manufacturer}\"") },
        new("+CGMM")
        {
            Execute = At(() => Say(
                _module.Switches[LuatSwitches.ModelForm] == "bare" ? Profile.Model : $"+CGMM: \"{Profile.Model}\"")),
        },
        new("+CGMR")
        {
            Execute = At(() => Say(_module.Switches[LuatSwitches.RevisionForm] == "revision"
                ? "Revision: " + Profile.Revision
                : $"+CGMR: \"{Profile.Revision}\"")),
        },
        new("+CCID") { Execute = At(() => SayCard("")) },
        new("+ICCID") { Execute = At(() => SayCard("+ICCID: ")) },
        new("*I") { Execute = At(Describe) },
        new("^HVER") { Execute = Says(() => $"^HVER: {_module.Luat.Silicon}") },
        new("*EXINFO") { Read = Says(() => $"*EXINFO: {_module.BootCause}") },
    ];

    private CellularProfile Profile => _module.Profile;

    private Outcome Say(string text)
    {
        Respond.Line(text);
        return Outcome.Ok;
    }

    private Outcome SayCard(string lead) =>
        _module.Sim.Card is SimCard card && _module.Sim.State is not (CardState.Absent or CardState.Busy)
            ? Say(lead + card.Iccid)
            : _module.Sim.Refusal!.Value;

    private Outcome Describe()
    {
        SimCard? card = _module.Sim.IsReady ? _module.Sim.Card : null;
        Respond.Lines(
        [
            "Manufacturer: " + Profile.Manufacturer,
            "Model: " + Profile.Model,
            "Revision: " + Profile.Revision,
            "HWver: " + _module.Luat.Silicon,
            "Buildtime: Aug 21 2024 10:22:14",
            "IMEI: " + Profile.Imei,
            "ICCID: " + card?.Iccid,
            "IMSI: " + card?.Imsi,
        ]);
        return Outcome.Ok;
    }
}
