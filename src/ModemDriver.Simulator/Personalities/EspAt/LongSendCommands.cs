namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Sending without a limit: user guide, AT+CIPSENDL and AT+CIPSENDLCFG.</summary>
internal sealed class LongSendCommands(EspAtModule module) : CommandGroup(module)
{
    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CIPSENDL") { Set = BeginAsync },
        new("CIPSENDLCFG")
        {
            Read = Says(_ => $"+CIPSENDLCFG:{Settings.ReportBytes},{Settings.TransmitBytes}\r\n"),
            Set = At(Configure),
        },
    ];

    private async ValueTask<Outcome> BeginAsync(CommandCall call)
    {
        (SendTarget? target, Outcome refusal) = await SendTarget.ReadAsync(
            Module, call, int.MaxValue, mayNameHost: false);
        if (target is null)
        {
            return refusal;
        }

        Respond.Answer(Host.Faults.LosesPrompt() ? "\r\nOK\r\n" : Forms.LengthPrompt);
        var send = new LongSend(Module, target.Link, target.Length);
        Module.Input.Collect(send);
        send.Start();
        return Outcome.Said;
    }

    // <report size>[,<transmit size>]
    private Outcome Configure(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 2)
            || !given.Number(0, 100, 1 << 20, out int report)
            || !given.NumberOr(1, 2920, 100, 2920, out int transmit))
        {
            return given.Refusal;
        }

        Settings.ReportBytes = report;
        Settings.TransmitBytes = transmit;
        return Outcome.Ok;
    }
}
