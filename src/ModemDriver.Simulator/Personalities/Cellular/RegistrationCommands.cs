namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>Registration, signal and the radio's function: 3GPP TS 27.007 clauses 7.2, 8.2, 8.5, 8.69, 10.1.20, 10.1.22.
/// </summary>
internal sealed class RegistrationCommands(CellularModule module) : CommandGroup(module)
{
    private readonly CellularModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        Registration("+CREG", RegistrationDomain.Circuit, 3, value => Settings.Creg = value),
        Registration("+CGREG", RegistrationDomain.Packet, 2, value => Settings.Cgreg = value),
        Registration("+CEREG", RegistrationDomain.Evolved, 5, value => Settings.Cereg = value),
        new("+CSQ") { Test = Says(() => $"+CSQ: (0-31,99),(0-7,99)"), Execute = Says(ReadQuality) },
        new("+CESQ") { Execute = Says(ReadExtendedQuality) },
        new("+CFUN") { Test = Says(() => $"+CFUN: (0,1,4),(0,1)"), Read = Says(() => $"+CFUN: {Radio.Function}"), Set = SetFunctionAsync },
    ];

    private Radio Radio => _module.Radio;

    private CommandEntry Registration(string name, RegistrationDomain domain, int most, Action<int> store) => new(name)
    {
        Test = Says(() => $"{name}: (0-{most})"),
        Read = At(() =>
        {
            if (domain == RegistrationDomain.Evolved && _module.Switches.IsOn(CellularSwitches.RegistrationInAnswer))
            {
                MobileCell? cell = Radio.Cell;
                Respond.Line($"+CGREG: 2,1,\"{cell?.AreaCode ?? 0:X4}\",\"{cell?.Id ?? 0:x8}\",7");
            }

            var form = new RegistrationForm(_module, domain);
            Respond.Line($"{name}: {form.Mode},{form.Text()}");
            return Outcome.Ok;
        }),
        Set = Takes(0, most, store),
    };

    // +CSQ: <rssi>,<ber>    dBm = -113 + 2 * rssi; 99 unknown
    private FormattableString ReadQuality()
    {
        if (Radio.Measure() is not CellSignal signal)
        {
            int strength = _module.Switches[CellularSwitches.NoSignal] == "0" ? 0 : 99;
            return $"+CSQ: {strength},99";
        }

        return $"+CSQ: {StrengthIndex(signal)},0";
    }

    /// <summary>What fills a carrier of 50 resource blocks, by RSRQ = N * RSRP / RSSI.</summary>
    internal static int StrengthIndex(CellSignal signal)
    {
        double rssi = signal.RsrpDbm - signal.RsrqDb + (10 * Math.Log10(50));
        return Math.Clamp((int)Math.Floor((rssi + 113) / 2), 0, 31);
    }

    // +CESQ: <rxlev>,<ber>,<rscp>,<ecno>,<rsrq>,<rsrp>    the steps of RSRP begin at -141 dBm, those of RSRQ at -20 dB
    private FormattableString ReadExtendedQuality()
    {
        if (Radio.Measure() is not CellSignal signal)
        {
            return $"+CESQ: 99,99,255,255,255,255";
        }

        return $"+CESQ: 99,99,255,255,{RsrqIndex(signal)},{RsrpIndex(signal)}";
    }

    internal static int RsrpIndex(CellSignal signal) => Math.Clamp((int)Math.Floor(signal.RsrpDbm + 141), 0, 97);

    internal static int RsrqIndex(CellSignal signal) => Math.Clamp((int)Math.Floor((signal.RsrqDb + 20) * 2), 0, 34);

    // AT+CFUN=<0|1|4>[,<1 restart>]
    private ValueTask<Outcome> SetFunctionAsync(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(1, 2) || !given.Number(0, 0, 4, out int function) || function is 2 or 3
            || !given.NumberOr(1, 0, 0, 1, out int restart))
        {
            return ValueTask.FromResult(WrongParameter);
        }

        return ValueTask.FromResult(restart == 1
            ? Outcome.OkThen(_module.Restart)
            : Outcome.OkThen(() => Radio.SetFunction(function)));
    }
}
