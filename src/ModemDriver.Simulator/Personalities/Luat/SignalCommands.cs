using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>What the vendor tells of the air beyond the standard.</summary>
internal sealed class SignalCommands(LuatModule module) : CommandGroup(module)
{
    // Places that no cell of the simulator knows: a usual band and channel.
    private const int Band = 3;
    private const int Channel = 1300;

    private readonly LuatModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+EEMOPT") { Set = Takes(0, 1, value => _module.ShowsEngineering = value == 1) },
        new("+EEMGINFO") { Read = At(ReadEngineering) },
        new("+CCED") { Set = At(ReadCell) },
        new("*CSQ") { Set = Takes(0, 1, SetReports) },
        new("*BANDIND") { Read = Says(() => $"*BANDIND: 0,{Band},7") },
    ];

    private Radio Radio => _module.Radio;

    // +EEMGINFO: <state>,<network>, OK, and then +EEMLTESVC: with thirty fields
    private Outcome ReadEngineering()
    {
        if (_module.Luat.NeedsEngineeringMode && !_module.ShowsEngineering)
        {
            return WrongState;
        }

        if (Radio.Cell is not { Technology: MobileTechnology.Lte } cell || Radio.Measure() is not CellSignal signal)
        {
            Respond.Line("+EEMGINFO: 0,2");
            return Outcome.Ok;
        }

        Respond.Line("+EEMGINFO: 3,2");
        return Outcome.OkThen(() => Respond.Urc(Engineering(cell, signal)));
    }

    // mcc, length of mnc, mnc, tac, pci, channels down and up, band, bandwidth, ci, transmission mode, rsrp, rsrq, sinr,
    // both again for both antennas, rssi, cqi, power, rank, error mode, states, rejects, MME, temporary number
    private string Engineering(MobileCell cell, CellSignal signal)
    {
        string mnc = cell.Operator[3..];
        (int rsrp, int rsrq) = Scaled(signal);
        return WireText.Format($"+EEMLTESVC: {cell.Operator[..3]}, {mnc.Length}, {int.Parse(mnc, null)}, {cell.AreaCode}, ")
            + WireText.Format($"{cell.Id % 504}, {Channel}, {Channel + 18_000}, {Band}, 5, {cell.Id}, 2, {rsrp}, {rsrq}, ")
            + WireText.Format($"{(int)Math.Round(signal.SinrDb)}, {rsrp}, {rsrp - 3}, {rsrq}, {rsrq}, {RegistrationCommands.StrengthIndex(signal)}, ")
            + "9, 12, 1, 0, 1, 2, 0, 0, 32769, 17, 3623957184";
    }

    private (int Rsrp, int Rsrq) Scaled(CellSignal signal) =>
        _module.Switches[LuatSwitches.EngineeringScale] == "dbm"
            ? ((int)Math.Round(signal.RsrpDbm), (int)Math.Round(signal.RsrqDb))
            : (RegistrationCommands.RsrpIndex(signal), RegistrationCommands.RsrqIndex(signal));

    // +CCED:LTE current cell:<mcc>,<mnc>,<imsi>,<roam>,<band>,<bandwidth>,<channel>,<ci>,<rsrp>,<rsrq>,<tac>,<level>,<pci>
    private Outcome ReadCell(CommandCall call)
    {
        if (!call.Parameters.Takes(2, 2) || !call.Parameters.Number(0, 0, 0, out _)
            || !call.Parameters.Number(1, 1, 1, out _))
        {
            return WrongParameter;
        }

        if (Radio.Cell is not { Technology: MobileTechnology.Lte } cell || Radio.Measure() is not CellSignal signal)
        {
            return WrongState;
        }

        (int rsrp, int rsrq) = Scaled(signal);
        int roams = Radio.Status == RegistrationStatus.Roaming ? 1 : 0;
        Respond.Line(
            WireText.Format($"+CCED:LTE current cell:{cell.Operator[..3]},{cell.Operator[3..]},{_module.Sim.Card?.Imsi},{roams},{Band},5,")
            + WireText.Format($"{Channel},{cell.Id},{rsrp},{rsrq},")
            + WireText.Format($"{cell.AreaCode},{(int)signal.RsrpDbm + 140},{cell.Id % 504}"));
        return Outcome.Ok;
    }

    private void SetReports(int value)
    {
        _module.ReportsSignal = value == 1;
        if (value == 1)
        {
            _module.SayReports();
        }
    }
}
