using System.Globalization;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>The clock: 3GPP TS 27.007 clauses 8.15, 8.40, 8.41.</summary>
internal sealed class ClockCommands(CellularModule module) : CommandGroup(module)
{
    private const string Form = "yy'/'MM'/'dd','HH':'mm':'ss";

    private readonly CellularModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CCLK") { Read = Says(Read), Set = At(Set) },
        new("+CTZU") { Read = Says(() => $"+CTZU: {(Settings.TakesNetworkTime ? 1 : 0)}"), Set = Takes(0, 1, value => Settings.TakesNetworkTime = value == 1) },
        new("+CTZR") { Read = Says(() => $"+CTZR: {Settings.TimeZoneReport}"), Set = Takes(0, 2, value => Settings.TimeZoneReport = value) },
    ];

    // +CCLK: "yy/MM/dd,hh:mm:ss+zz", local time, zone in quarters of an hour
    private FormattableString Read() =>
        $"+CCLK: \"{_module.Time.LocalNow.ToString(Form, CultureInfo.InvariantCulture)}{NetworkTime.Zone(_module.Time.Quarters)}\"";

    private Outcome Set(CommandCall call)
    {
        string text = call.Parameters.Text(0);
        if (!call.Parameters.Takes(1, 1) || text.Length is not (17 or 20)
            || !DateTime.TryParseExact(text[..17], Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time))
        {
            return WrongParameter;
        }

        int quarters = _module.Time.Quarters;
        if (text.Length == 20 && !(int.TryParse(text[17..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out quarters)
            && quarters is >= -48 and <= 56))
        {
            return WrongParameter;
        }

        _module.Time.Set(DateTime.SpecifyKind(time, DateTimeKind.Utc), quarters);
        return Outcome.Ok;
    }
}
