namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>The serial port: ITU-T V.250 clauses 6.2.10 to 6.2.12.</summary>
internal sealed class UartCommands(CellularModule module) : CommandGroup(module)
{
    private readonly CellularModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+IPR")
        {
            Test = Says(() => $"+IPR: (0),({string.Join(',', _module.Profile.BitRates)})"),
            Read = Says(() => $"+IPR: {Current.BitRate}"),
            Set = At(SetRate),
        },
        new("+IFC")
        {
            Test = Says(() => $"+IFC: (0,2), (0,2)"),
            Read = Says(() => $"+IFC: {Current.FlowToHost}, {Current.FlowToModule}"),
            Set = At(SetFlow),
        },
        new("+ICF") { Read = Says(() => $"+ICF: 3,3"), Set = At(SetFormat) },
    ];

    private StoredSettings Current => Settings.Current;

    // The OK still leaves at the old rate.
    private Outcome SetRate(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 1) || !call.Parameters.Number(0, 0, int.MaxValue, out int rate)
            || (rate != 0 && !_module.Profile.BitRates.Contains(rate)))
        {
            return WrongParameter;
        }

        Current.BitRate = rate;
        _module.FollowHost();
        return rate == 0 ? Outcome.Ok : Outcome.OkThen(() => Host.Uart.Set(_module.Line()));
    }

    // AT+IFC=<by the host: 0 or 2, CTS>[,<by the module: 0 or 2, RTS>]
    private Outcome SetFlow(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(1, 2) || !given.Number(0, 0, 2, out int toHost) || toHost == 1
            || !given.NumberOr(1, Current.FlowToModule, 0, 2, out int toModule) || toModule == 1)
        {
            return WrongParameter;
        }

        (Current.FlowToHost, Current.FlowToModule) = (toHost, toModule);
        return Outcome.OkThen(() => Host.Uart.Set(_module.Line()));
    }

    // 8 data bits, no parity, 1 stop bit: nothing else.
    private Outcome SetFormat(CommandCall call) =>
        call.Parameters.Number(0, 3, 3, out _) ? Outcome.Ok : WrongParameter;
}
