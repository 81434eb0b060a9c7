using System.Net;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>User guide, "Wi-Fi AT commands": the module as an access point.</summary>
internal sealed class SoftApCommands(EspAtModule module) : CommandGroup(module)
{
    private static readonly int[] Securities = [0, 2, 3, 4];

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CWSAP") { Read = At(ReadNetwork), Set = At(SetNetwork) },
        new("CWLIF") { Execute = At(_ => ListStations()) },
        new("CWQIF") { Execute = At(_ => ThrowOut(null)), Set = At(ThrowOut) },
        new("CIPAP") { Read = At(ReadAddress), Set = At(SetAddress) },
        new("CIPAPMAC") { Read = Says(call => $"+{call.Name}:\"{SoftAp.Mac}\"\r\n"), Set = At(SetMac) },
        new("CWDHCPS") { Read = At(ReadPool), Set = At(SetPool) },
    ];

    private SoftAp SoftAp => Module.SoftAp;

    // +CWSAP:"<ssid>","<pwd>",<channel>,<ecn>,<max conn>,<ssid hidden>
    private Outcome ReadNetwork(CommandCall call)
    {
        if (!SoftAp.IsUp)
        {
            return Outcome.Failed;
        }

        SoftApSettings shown = SoftAp.Of(Scope(call));
        Respond.Answer(
            $"+{call.Name}:\"{shown.Ssid}\",\"{shown.Password}\","
            + WireText.Format($"{shown.Channel},{shown.Security},{shown.MaxStations},{shown.Hidden}\r\n"));
        return Outcome.Ok;
    }

    private Outcome SetNetwork(CommandCall call)
    {
        Parameters given = call.Parameters;
        (int ofItself, int most) = Module.Profile.SoftApStations;
        string password = "";
        int channel = 0, security = 0, stations = 0, hidden = 0;
        if (!given.Takes(4, 6)
            || !given.Text(0, 32, out string ssid)
            || !given.Text(1, 64, out password)
            || !given.Number(2, 1, 14, out channel)
            || !given.Number(3, 0, 4, out security)
            || !given.NumberOr(4, ofItself, 1, most, out stations)
            || !given.NumberOr(5, 0, 0, 1, out hidden))
        {
            return given.Refusal;
        }

        if (!Securities.Contains(security))
        {
            return Outcome.Error(ErrorCode.Invalid(3));
        }

        if (!SoftAp.IsUp || ssid.Length == 0 || (security != 0 && password.Length < 8))
        {
            return Outcome.Failed;
        }

        var network = new SoftApSettings(ssid, password, channel, security, stations, hidden);
        SoftAp.Restart(() => Set(call, settings => settings.SoftAp = network));
        return Outcome.Ok;
    }

    // +CWLIF:<ip>,<mac>; NonOS without the prefix.
    private Outcome ListStations()
    {
        if (!SoftAp.IsUp)
        {
            return Outcome.Failed;
        }

        foreach (SoftAp.Guest guest in SoftAp.Guests)
        {
            Respond.Answer($"{Forms.StationPrefix}{guest.Address ?? IPAddress.Any},{guest.Mac}\r\n");
        }

        return Outcome.Ok;
    }

    private Outcome ThrowOut(CommandCall? call)
    {
        if (call is null)
        {
            SoftAp.ThrowOutAll();
            return SoftAp.IsUp ? Outcome.Ok : Outcome.Failed;
        }

        Parameters given = call.Parameters;
        if (!given.Takes(1, 1) || !given.Mac(0, out string mac))
        {
            return given.Refusal;
        }

        return SoftAp.ThrowOut(mac) ? Outcome.Ok : Outcome.Failed;
    }

    private Outcome ReadAddress(CommandCall call)
    {
        StoredSettings shown = Scope(call);
        Respond.Answer($"+{call.Name}:ip:\"{shown.SoftApAddress}\"\r\n");
        Respond.Answer($"+{call.Name}:gateway:\"{shown.SoftApGateway}\"\r\n");
        Respond.Answer($"+{call.Name}:netmask:\"{shown.SoftApNetmask}\"\r\n");
        return Outcome.Ok;
    }

    private Outcome SetAddress(CommandCall call)
    {
        Parameters given = call.Parameters;
        IPAddress gateway = IPAddress.Any, netmask = IPAddress.Any;
        if (!given.Takes(1, 3)
            || !given.Address(0, out IPAddress address)
            || (given.Count > 1 && (!given.Address(1, out gateway) || !given.Address(2, out netmask))))
        {
            return given.Refusal;
        }

        bool isWhole = given.Count > 1;
        SoftAp.Restart(() => Set(call, settings =>
        {
            settings.SoftApAddress = address;
            settings.SoftApGateway = isWhole ? gateway : address;
            settings.SoftApNetmask = isWhole ? netmask : settings.SoftApNetmask;
            settings.Pool = null; // It was for the other network.
        }));
        return Outcome.Ok;
    }

    private Outcome SetMac(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 1) || !given.Mac(0, out string mac))
        {
            return given.Refusal;
        }

        SoftAp.Restart(() => Set(call, settings => settings.SoftApMac = mac));
        return Outcome.Ok;
    }

    // +CWDHCPS:<lease minutes>,<first>,<last>, unquoted and without a line end of its own.
    private Outcome ReadPool(CommandCall call)
    {
        AddressPool pool = AddressPool.Of(Scope(call));
        Respond.Answer($"+{call.Name}:{pool.LeaseMinutes},{pool.First},{pool.Last}");
        return Outcome.Ok;
    }

    // =0, or =1,<lease minutes>,"<first>","<last>"
    private Outcome SetPool(CommandCall call)
    {
        Parameters given = call.Parameters;
        int minutes = 0;
        IPAddress first = IPAddress.Any, last = IPAddress.Any;
        if (!given.Takes(1, 4)
            || !given.Number(0, 0, 1, out int enable)
            || (enable == 1 && (!given.Takes(4, 4)
                || !given.Number(1, 1, 2880, out minutes)
                || !given.Address(2, out first)
                || !given.Address(3, out last))))
        {
            return given.Refusal;
        }

        AddressPool? pool = enable == 1 ? new AddressPool(minutes, first, last) : null;
        if (!SoftAp.IsUp || !Current.ServesDhcp || pool?.Fits(Current) == false)
        {
            return Outcome.Failed;
        }

        Set(call, settings => settings.Pool = pool);
        return Outcome.Ok;
    }
}
