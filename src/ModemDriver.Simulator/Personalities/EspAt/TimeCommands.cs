using System.Globalization;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>User guide, "TCP/IP AT commands": SNTP; "Basic AT commands": AT+SYSTIMESTAMP.</summary>
internal sealed class TimeCommands(EspAtModule module) : CommandGroup(module)
{
    private const int LongestName = 64;

    private static readonly string[] DefaultServers = ["cn.ntp.org.cn", "ntp.sjtu.edu.cn", "us.pool.ntp.org"];

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CIPSNTPCFG") { Read = At(ReadServers), Set = At(SetServers) },
        new("CIPSNTPTIME") { Read = Says(_ => $"+CIPSNTPTIME:{LocalTime}") },
        new("CIPSNTPINTV")
        {
            Read = Says(_ => $"+CIPSNTPINTV:{(int)Module.Time.Interval.TotalSeconds}\r\n"),
            Set = Takes(15, () => 4_294_967, (_, value) => Module.Time.SetInterval(TimeSpan.FromSeconds(value))),
        },
        new("SYSTIMESTAMP")
        {
            Read = Says(_ => $"+SYSTIMESTAMP:{Module.Time.Now.ToUnixTimeSeconds()}"),
            Set = Takes(0, () => int.MaxValue, (_, value) =>
                Module.Time.Set(DateTimeOffset.UnixEpoch.AddSeconds(value))),
        },
    ];

    // Without a line end of its own; some builds may have a line feed from C's asctime in it.
    private string LocalTime
    {
        get
        {
            TimeSpan offset = Module.Time is { IsSet: true, Servers: TimeServers servers } ? servers.Offset : TimeSpan.Zero;
            string text = ModuleTime.Text(
                Module.Time.Now + offset, Module.Switches[WiFiSwitches.TimeDay] == "blank");
            return Module.Switches.IsOn(WiFiSwitches.TimeLineFeed) ? text + "\n" : text;
        }
    }

    // +CIPSNTPCFG:1,<zone>,"<server>"[,"<server>"[,"<server>"]]; switched off: +CIPSNTPCFG:0, newer with the zone.
    private Outcome ReadServers(CommandCall call)
    {
        if (Module.Time.Servers is TimeServers servers)
        {
            string names = string.Concat(servers.Names.Select(name => $",\"{name}\""));
            Respond.Answer(WireText.Format($"+CIPSNTPCFG:1,{servers.Zone}{names}\r\n"));
        }
        else
        {
            Respond.Answer(Forms.ShowsZoneOfIdleSntp
                ? WireText.Format($"+CIPSNTPCFG:0,{Settings.TimeZone}\r\n")
                : "+CIPSNTPCFG:0\r\n");
        }

        return Outcome.Ok;
    }

    private Outcome SetServers(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 5) || !given.Number(0, 0, 1, out int enable))
        {
            return given.Refusal;
        }

        int zone = Settings.TimeZone;
        TimeSpan offset = TimeSpan.Zero;
        if ((enable == 1 || given.IsGiven(1)) && !ReadZone(given, out zone, out offset))
        {
            return given.Refusal;
        }

        var names = new List<string>();
        for (int i = 2; i < given.Count; i++)
        {
            if (!given.Text(i, LongestName, out string name))
            {
                return given.Refusal;
            }

            names.Add(name);
        }

        Settings.TimeZone = zone;
        Module.Time.Use(enable == 1 ? new TimeServers(zone, offset, names.Count > 0 ? names : DefaultServers) : null);
        return Outcome.Ok;
    }

    // Hours from -12 (NonOS: -11) to 14 (NonOS: 13); from 2.2 on also [+|-][hh]mm.
    private bool ReadZone(Parameters given, out int zone, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        zone = 0;
        if (given.Plain(1) is not string text
            || !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out zone)
            || zone is < -9999 or > 9999)
        {
            return given.Refuse(ErrorCode.Type(1));
        }

        bool isMinutes = Module.Profile.ZoneHasMinutes && zone is > 14 or < -12;
        offset = isMinutes
            ? new TimeSpan(zone / 100, zone % 100, 0)
            : TimeSpan.FromHours(zone);
        (int least, int most) = Module.Profile.ZoneHours;
        return (Module.Profile.ZoneHasMinutes || text[0] != '+')
            && offset >= TimeSpan.FromHours(least)
            && offset < TimeSpan.FromHours(most + 1)
            && (isMinutes || zone <= most)
            && Math.Abs(zone % 100) < 60
            || given.Refuse(ErrorCode.Invalid(1));
    }
}
