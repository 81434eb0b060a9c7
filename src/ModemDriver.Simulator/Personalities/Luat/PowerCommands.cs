using ModemDriver.Simulator.Personalities.Cellular;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>Reset, end, factory settings, the slot's switch.</summary>
internal sealed class PowerCommands(LuatModule module) : CommandGroup(module)
{
    private readonly LuatModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+RESET") { Execute = At(() => Outcome.OkThen(_module.Restart)) },
        new("+RSTSET") { Execute = At(Forget) },
        new("+CPOWD") { Set = At(PowerDown) },
        new("+CSCLK") { Read = Says(() => $"+CSCLK: {_module.SleepMode}"), Set = Takes(0, 3, value => _module.SleepMode = value) },
        new("+WAKETIM") { Read = Says(() => $"+WAKETIM:{_module.WakeSeconds}"), Set = Takes(0, 65, value => _module.WakeSeconds = value) },
        new("+CSDT") { Read = Says(() => $"+CSDT: {(_module.Sim.IsHotPlug ? 1 : 0)}"), Set = Takes(0, 1, value => _module.Sim.IsHotPlug = value == 1) },
    ];

    private Outcome Forget()
    {
        _module.ForgetStored();
        Settings.Current = _module.FactorySettings() with { BitRate = Settings.Current.BitRate };
        return Outcome.Ok;
    }

    // AT+CPOWD=<0 silent|1>
    private Outcome PowerDown(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 1) || !call.Parameters.Number(0, 0, 1, out int says))
        {
            return WrongParameter;
        }

        if (says == 1)
        {
            Respond.Final("NORMAL POWER DOWN", -1);
        }

        _module.PowerDown();
        return Outcome.Said;
    }
}
