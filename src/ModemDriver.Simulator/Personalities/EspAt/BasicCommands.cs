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
        if (Module.Switches.IsOn(WiFiSwitches.RestartSaysLosses))
        {
            foreach (EspAtLink link in Module.Links.Open.ToArray())
            {
                Module.Links.Close(link);
            }

            Module.Station.Quit();
        }

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

    private void SetSysMsg(CommandCall call, int value)
    {
        // Always stored, whatever SYSSTORE says; NonOS has a form that does not.
        Current.SysMsg = value;
        if (!call.Name.EndsWith("_CUR", StringComparison.Ordinal))
        {
            Module.Stored.SysMsg = value;
        }
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
