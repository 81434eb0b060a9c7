using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>User guide, "Basic AT commands".</summary>
internal sealed class BasicCommands(EspAtModule module) : CommandGroup(module)
{
    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("AT") { Execute = At(_ => Outcome.Ok) },
        new("ATE0") { Execute = At(_ => SetEcho(false)) },
        new("ATE1") { Execute = At(_ => SetEcho(true)) },
        new("GMR") { Execute = At(Identify) },
        new("RST") { Execute = At(_ => Restart()) },
        new("RESTORE") { Execute = At(_ => Restore()) },
        new("UART") { Read = At(ReadStoredUart), Set = At(call => SetUart(call, stores: true)) },
        new("UART_CUR") { Read = At(ReadUart), Set = At(call => SetUart(call, stores: false)) },
        new("UART_DEF") { Read = At(ReadStoredUart), Set = At(call => SetUart(call, stores: true)) },
        new("SLEEP") { Read = Says(_ => $"+SLEEP:{ShownSleep}\r\n"), Set = Takes(0, () => Forms.MaxSleep, SetSleep) },
        new("SYSRAM") { Read = Says(_ => $"+SYSRAM:{(Forms.RamFields == 1 ? "44320" : "44320,41892")}") },
        new("SYSSTORE")
        {
            Read = Says(_ => $"+SYSSTORE:{(Settings.Stores ? 1 : 0)}\r\n"),
            Set = Takes(0, () => 1, (_, value) => Settings.Stores = value == 1),
        },
        new("SYSMSG")
        {
            Read = Says(call => $"+{call.Name}:{Current.SysMsg}"),
            Set = Takes(0, () => Module.Profile.HighestSysMsg, SetSysMsg),
        },
        new("SYSLOG")
        {
            Read = Says(_ => $"+SYSLOG:{(Settings.SysLog ? 1 : 0)}\r\n"),
            Set = Takes(0, () => 1, (_, value) => Settings.SysLog = Respond.SysLog = value == 1),
        },
        new("CMD") { Read = At(_ => ListCommands()) },
    ];

    // After setting light sleep the query answers 3 (user guide, AT+SLEEP).
    private int ShownSleep => Forms.LightSleep == 2 && Settings.Sleep == Forms.LightSleep ? 3 : Settings.Sleep;

    private Outcome SetEcho(bool value)
    {
        Module.Input.Echo = value;
        return Outcome.Ok;
    }

    private Outcome Identify(CommandCall call)
    {
        Respond.Answer(Module.Profile.Identity);
        return Outcome.Ok;
    }

    private Outcome Restart()
    {
        Respond.Ok();
        Module.Restart();
        return Outcome.Said;
    }

    private Outcome Restore()
    {
        IEnumerable<EspAtLink> links = Module.Links.Open;
        bool descending = Module.Switches[EspAtSwitches.RestoreOrder] == "descending";
        foreach (EspAtLink link in (descending ? links.Reverse() : links).ToArray())
        {
            Module.Links.Close(link);
        }

        Respond.Ok();
        Module.RestoreFactory();
        Module.Restart();
        return Outcome.Said;
    }

    private void SetSleep(CommandCall call, int value) => Settings.Sleep = value;

    private void SetSysMsg(CommandCall call, int value)
    {
        // Always stored, whatever SYSSTORE says; NonOS has a form that does not.
        Current.SysMsg = value;
        if (!call.Name.EndsWith("_CUR", StringComparison.Ordinal))
        {
            Module.Stored.SysMsg = value;
        }
    }

    private Outcome ReadUart(CommandCall call) => SayUart(call, Settings.Uart);

    private Outcome ReadStoredUart(CommandCall call) => SayUart(
        call,
        Module.Stored.Uart ?? (Forms.PrintsUnsetStoredRateAsZeros
            ? new UartSettings(0, 0, 0, 0, 0)
            : new UartSettings(Host.Options.BitRate, 8, 1, 0, 0)));

    private Outcome SayUart(CommandCall call, UartSettings uart)
    {
        Respond.Answer(WireText.Format(
            $"+{call.Name}:{ShownRate(uart.BitRate)},{uart.DataBits},{uart.StopBits},{uart.Parity},{uart.FlowControl}\r\n"));
        return Outcome.Ok;
    }

    /// <summary>The rate that the clock really makes of the one that was set.</summary>
    private int ShownRate(int rate)
    {
        int clock = Module.Profile.BitRateClock;
        return clock == 0 || rate == 0 ? rate + Module.Profile.BitRateError(rate) : clock / (clock / rate);
    }

    private Outcome SetUart(CommandCall call, bool stores)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(5, 5)
            || !given.Number(0, 80, Module.Profile.MaxBitRate, out int rate)
            || !given.Number(1, 5, 8, out int dataBits)
            || !given.Number(2, 1, 3, out int stopBits)
            || !given.Number(3, 0, 2, out int parity)
            || !given.Number(4, 0, 3, out int flowControl))
        {
            return given.Refusal;
        }

        var uart = new UartSettings(rate, dataBits, stopBits, parity, flowControl);
        Settings.Uart = uart;
        if (stores)
        {
            Module.Stored.Uart = uart;
        }

        // OK still leaves at the old rate.
        Module.ApplyFlowControl();
        Host.Uart.SetBitRate(rate);
        return Outcome.Ok;
    }

    // +CMD:<index>,"<name>",<test>,<read>,<set>,<execute>    (user guide, AT+CMD)
    private Outcome ListCommands()
    {
        int index = 0;
        foreach (CommandEntry entry in Module.Commands.Entries)
        {
            string name = entry.Name.StartsWith("AT", StringComparison.Ordinal) ? entry.Name : "AT+" + entry.Name;
            string forms = string.Join(
                ',', new[] { entry.Test, entry.Read, entry.Set, entry.Execute }.Select(form => form is null ? 0 : 1));
            Respond.Answer(WireText.Format($"+CMD:{index++},\"{name}\",{forms}\r\n"));
        }

        return Outcome.Ok;
    }
}
