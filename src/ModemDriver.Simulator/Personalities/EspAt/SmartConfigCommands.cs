namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>User guide, "Wi-Fi AT commands": SmartConfig.</summary>
internal sealed class SmartConfigCommands(EspAtModule module) : CommandGroup(module)
{
    private const int BothOldKinds = 3;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CWSTARTSMART") { Execute = At(call => Start(BothOldKinds, call)), Set = At(Start) },
        new("CWSTOPSMART")
        {
            Execute = At(_ =>
            {
                Module.SmartConfig.Stop();
                return Outcome.Ok;
            }),
        },
    ];

    // =<1 ESP-TOUCH, 2 AirKiss, 3 both, 4 ESP-TOUCH version 2: ESP32 only>
    private Outcome Start(CommandCall call)
    {
        Parameters given = call.Parameters;
        int most = Module.Profile.HasSecondRadio ? BothOldKinds + 1 : BothOldKinds;
        return given.Takes(1, 1) && given.Number(0, 1, most, out int type) ? Start(type, call) : given.Refusal;
    }

    // Only as a station, and as nothing else.
    private Outcome Start(int type, CommandCall call)
    {
        if (Current.WiFiMode != 1)
        {
            return Outcome.Failed;
        }

        Module.SmartConfig.Start(
            type switch
            {
                1 => [SmartConfigProtocol.Touch],
                2 => [SmartConfigProtocol.AirKiss],
                BothOldKinds => [SmartConfigProtocol.Touch, SmartConfigProtocol.AirKiss],
                _ => [SmartConfigProtocol.TouchV2],
            },
            call.Stores);
        return Outcome.Ok;
    }
}
