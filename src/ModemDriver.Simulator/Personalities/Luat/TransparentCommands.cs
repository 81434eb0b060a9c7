using ModemDriver.Simulator.Personalities.Cellular;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>Transparent mode.</summary>
internal sealed class TransparentCommands(LuatModule module) : CommandGroup(module)
{
    private readonly LuatModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CIPMODE")
        {
            Test = Says(() => $"+CIPMODE: (0-NORMAL MODE,1-TRANSPARENT MODE)"),
            Read = Says(() => $"+CIPMODE: {(Ip.IsTransparent ? 1 : 0)}"),
            Set = At(SetMode),
        },
        new("+CIPCCFG")
        {
            Read = Says(() => $"+CIPCCFG: {Ip.Retries},{Ip.SegmentTicks},{Ip.SegmentBytes},0,0,1460,50,{(Ip.DropsUnsent ? 1 : 0)}"),
            Set = At(Configure),
        },
        new("O") { Execute = At(Resume) },
    ];

    private IpSettings Ip => _module.Ip;

    private Outcome SetMode(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 1) || !call.Parameters.Number(0, 0, 1, out int mode))
        {
            return WrongParameter;
        }

        if (_module.Stack.State != IpState.Initial || Ip.IsMultiple)
        {
            return WrongState;
        }

        Ip.IsTransparent = mode == 1;
        return Outcome.Ok;
    }

    // AT+CIPCCFG=<retries>,<wait, 100 ms>,<bytes>,<escape>[,<receive mode>,<bytes>,<ms>,<drop unsent>]
    private Outcome Configure(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(4, 8) || !given.Number(0, 3, 8, out int retries) || !given.Number(1, 2, 10, out int ticks)
            || !given.Number(2, 1, 1460, out int bytes) || !given.Number(3, 0, 1, out _)
            || !given.NumberOr(4, 0, 0, 1, out _) || !given.NumberOr(5, 1460, 50, 1460, out _)
            || !given.NumberOr(6, 50, 20, 1000, out _)
            || !given.NumberOr(7, Ip.DropsUnsent ? 1 : 0, 0, 1, out int drops))
        {
            return WrongParameter;
        }

        if (Ip.IsMultiple || !Ip.IsTransparent)
        {
            return WrongState;
        }

        (Ip.Retries, Ip.SegmentTicks, Ip.SegmentBytes, Ip.DropsUnsent) = (retries, ticks, bytes, drops == 1);
        return Outcome.Ok;
    }

    private Outcome Resume()
    {
        if (_module.Transparent.TryResume())
        {
            return Outcome.Said;
        }

        Respond.Final("NO CARRIER", 3);
        _module.Input.Idle();
        return Outcome.Said;
    }
}
