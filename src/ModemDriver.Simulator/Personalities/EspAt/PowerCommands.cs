using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>User guide, "Basic AT commands": sleep and transmit power.</summary>
internal sealed class PowerCommands(EspAtModule module) : CommandGroup(module)
{
    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("SLEEP") { Read = Says(_ => $"+SLEEP:{ShownSleep}\r\n"), Set = Takes(0, () => Forms.MaxSleep, SetSleep) },
        new("GSLP") { Set = At(SleepDeeply) },
        new("RFPOWER") { Read = ReadPower, Set = At(SetPower) },
    ];

    // After setting light sleep the query answers 3 (user guide, AT+SLEEP).
    private int ShownSleep => Forms.LightSleep == 2 && Settings.Sleep == Forms.LightSleep ? 3 : Settings.Sleep;

    // NonOS can set it only.
    private CommandHandler? ReadPower => Module.Profile.PowerLevels.Count == 0 ? null : Says(_ =>
        $"+RFPOWER:{Module.Profile.PowerLevels.Last(level => level <= Settings.TransmitPower)}{RadioLowEnergy}");

    // What the ESP32's second radio has of itself: +3 dBm, for advertising, scanning and connecting.
    private string RadioLowEnergy => Module.Profile.HasSecondRadio ? ",5,5,5" : "";

    private void SetSleep(CommandCall call, int value) => Settings.Sleep = value;

    // [E] says the time first. 0 is for ever on an ESP8266, and a restart on an ESP32. It wakes by a boot, if the pin
    // that the timer moves is wired to the reset.
    private Outcome SleepDeeply(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 1) || !given.Number(0, 0, int.MaxValue, out int milliseconds))
        {
            return given.Refusal;
        }

        if (Forms.RepeatsSleepTime)
        {
            Respond.Answer(WireText.Format($"{milliseconds}\r\n"));
        }

        Respond.Ok();
        bool wakes = milliseconds == 0
            ? Module.Profile.HasSecondRadio
            : Module.Profile.HasSecondRadio || Module.Switches.IsOn(WiFiSwitches.WakeWired);
        Module.SleepDeeply(wakes ? TimeSpan.FromMilliseconds(milliseconds) : null);
        return Outcome.Said;
    }

    private Outcome SetPower(CommandCall call)
    {
        Parameters given = call.Parameters;
        (int least, int most) = Module.Profile.PowerRange;
        if (!given.Takes(1, Module.Profile.HasSecondRadio ? 4 : 1) || !given.Number(0, least, most, out int power))
        {
            return given.Refusal;
        }

        for (int i = 1; i < given.Count; i++)
        {
            if (!given.Number(i, 0, 7, out _))
            {
                return given.Refusal;
            }
        }

        Settings.TransmitPower = power;
        return Outcome.Ok;
    }
}
