namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>User guide, "Wi-Fi AT commands": the country, which says what channels there are.</summary>
internal sealed class CountryCommands(EspAtModule module) : CommandGroup(module)
{
    internal override IEnumerable<CommandEntry> Entries =>
    [
        // +CWCOUNTRY:<policy>,"<code>",<start channel>,<channels>
        new("CWCOUNTRY")
        {
            Read = Says(call => $"+{call.Name}:{Scope(call).Country}\r\n"),
            Set = At(SetCountry),
        },
    ];

    private Outcome SetCountry(CommandCall call)
    {
        Parameters given = call.Parameters;
        string code = "";
        int start = 0, channels = 0;
        if (!given.Takes(4, 4)
            || !given.Number(0, 0, 1, out int policy)
            || !given.Text(1, 3, out code)
            || !given.Number(2, 1, 14, out start)
            || !given.Number(3, 1, 14, out channels))
        {
            return given.Refusal;
        }

        // Stored by _DEF alone; ESP-AT never does.
        var country = new Country(policy, code, start, channels);
        Current.Country = country;
        if (call.Name.EndsWith("_DEF", StringComparison.Ordinal))
        {
            Module.Stored.Country = country;
        }

        return Outcome.Ok;
    }
}
